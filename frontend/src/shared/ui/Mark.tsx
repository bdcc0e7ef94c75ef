/** The mark: a flock runs along three lanes and comes out as one road. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="9" fill="var(--brand-deep)" />
      <g fill="none" stroke="var(--brand-wool)" strokeWidth="2.4" strokeLinecap="round">
        <path d="M11.5 9 C16.5 9 16.5 16 22 16" opacity="0.75" />
        <path d="M11.5 23 C16.5 23 16.5 16 22 16" opacity="0.75" />
        <path d="M13 16 H26" />
      </g>
      <g fill="var(--brand-wool)">
        <circle cx="8" cy="9" r="2.2" />
        <circle cx="6.8" cy="16" r="2.2" />
        <circle cx="8" cy="23" r="2.2" />
      </g>
    </svg>
  );
}
