import type { Event } from './api';

export type Tone = 'good' | 'starting' | 'moving' | 'bad' | 'quiet';

/** How urgent a kind is; one that is not here, because a newer admin knows it, is told without a tint. */
const tones: Record<string, Tone> = {
  'admin-paused': 'moving',
  'master-up': 'good',
  'master-adopted': 'good',
  'master-crashed': 'bad',
  'master-hung': 'bad',
  'region-repaired': 'bad',
  'worker-started': 'starting',
  'worker-up': 'good',
  'worker-adopted': 'good',
  'worker-drains': 'moving',
  'worker-crashed': 'bad',
  'worker-hung': 'bad',
  'worker-killed': 'bad',
  'worker-failed': 'bad',
  'command-refused': 'moving',
  'login-refused': 'moving',
  'access-refused': 'moving',
};

export function toneOf({ kind, cause }: Event): Tone {
  if (kind === 'operation-ended') return cause === 'done' ? 'good' : 'bad';
  return tones[kind] ?? 'quiet';
}

/** "worker-crashed" as words. */
export function wordsOf(kind: string): string {
  return kind.replaceAll('-', ' ');
}

/** What stands at a chart: what changed the farm, and not who looked at it. */
export function marks({ kind }: Event): boolean {
  return /^(master-(crashed|hung|adopted)|worker-(crashed|hung|failed|killed)|command-accepted|operation-ended|admin-started|region-repaired)$/.test(
    kind,
  );
}

export type Filter = { words: string; group: string };

export const groups: Record<string, (event: Event) => boolean> = {
  All: () => true,
  Workers: ({ kind }) => kind.startsWith('worker-'),
  Commands: ({ kind }) => kind.startsWith('command-') || kind.startsWith('operation-'),
  Troubles: (event) => toneOf(event) === 'bad' || event.kind.endsWith('-refused'),
  Access: ({ kind }) => kind.startsWith('log') || kind.startsWith('access-'),
};

/** The latest first, of one group, each holding all of the words somewhere. */
export function filtered(events: Event[], { words, group }: Filter): Event[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const ofGroup = groups[group] ?? (() => true);
  return events.filter((event) => ofGroup(event) && wanted.every((word) => textOf(event).includes(word))).reverse();
}

function textOf({ kind, actor, slot, address, cause, detail, crash }: Event): string {
  const worker = slot == null ? '' : `worker ${slot}`;
  return [wordsOf(kind), kind, actor, worker, address, cause, detail, crash].join(' ').toLowerCase();
}
