/** The pages one goes to by the header, in its order; the overview is where one begins. */
export const pages = [
  { path: '/', name: 'Overview' },
  { path: '/sites', name: 'Sites' },
  { path: '/logs', name: 'Logs' },
  { path: '/events', name: 'Events' },
  { path: '/config', name: 'Config' },
  { path: '/explain', name: 'Explain' },
  { path: '/access', name: 'Access' },
] as const;

/** What stands in the tab before the sentence of health; null for the overview, which is that sentence. */
export function titleOf(pathname: string): string | null {
  const worker = /^\/workers\/(\d+)$/.exec(pathname)?.[1];
  if (worker !== undefined) return `Worker ${worker}`;
  if (pathname.startsWith('/events/crashes/')) return 'Crash report';
  if (pathname === '/') return null;
  return pages.find(({ path }) => path === pathname)?.name ?? 'No such page';
}
