import { useEffect } from 'react';
import type { Health } from './api';

/** Pine, amber or rust; grey when we do not know. Also told by shape, for those who do not tell these colours apart. */
const dots: Record<Health['state'] | 'unknown', string> = {
  ok: '<circle cx="24" cy="24" r="7" fill="#2fbf83" stroke="#f4efe2" stroke-width="2"/>',
  degraded: '<path d="M23 15l8.5 15.5h-17z" fill="#e09b1a" stroke="#f4efe2" stroke-width="2" stroke-linejoin="round"/>',
  down: '<rect x="16" y="16" width="15" height="15" rx="3" fill="#d03a2b" stroke="#f4efe2" stroke-width="2"/>',
  unknown: '<circle cx="24" cy="24" r="6" fill="#fff" stroke="#7c8680" stroke-width="3"/>',
};

/** The tab tells the state of the farm while another page is looked at. */
export function useTab(state: Health['state'] | 'unknown', sentence: string): void {
  useEffect(() => {
    document.title = `${sentence} · Drover`;
    document.querySelector('link[rel=icon]')?.setAttribute('href', favicon(state));
    return () => {
      document.title = 'Drover';
      document.querySelector('link[rel=icon]')?.setAttribute('href', '/favicon.svg');
    };
  }, [state, sentence]);
}

export function favicon(state: Health['state'] | 'unknown'): string {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#14594d"/>' +
    '<g fill="none" stroke="#f4efe2" stroke-width="2.8" stroke-linecap="round"><path d="M9 9C15 9 15 16 21 16M9 23C15 23 15 16 21 16M8 16H26"/></g>' +
    `${dots[state]}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
