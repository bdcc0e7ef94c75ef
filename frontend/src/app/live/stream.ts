import type { Event as JournalEvent } from '../../features/events/api';
import type { Status } from '../../features/farm/api';
import type { Worker } from '../../features/workers/api';
import type { Operation } from '../../shared/operations';

/** What the stream says each second and at every change of state. */
export type Snapshot = { status: Status; workers: Worker[]; operations: Operation[] };

/** How the browser stands with the admin app. */
export type Link = { kind: 'connecting' } | { kind: 'live' } | { kind: 'reconnecting' };

export type StreamListener = {
  onSnapshot: (snapshot: Snapshot) => void;
  /** Something happened; in the order in which it did. */
  onEvent: (event: JournalEvent) => void;
  /** How a command gets on, between two snapshots. */
  onOperation: (operation: Operation) => void;
  onLink: (link: Link) => void;
  /** Asked before each new attempt, because an EventSource does not tell a 401 from a cut wire. */
  mayReconnect: () => Promise<boolean>;
};

const SILENCE_MILLIS = 5_000;
const FIRST_WAIT_MILLIS = 500;
const LONGEST_WAIT_MILLIS = 8_000;

/**
 * Keeps one EventSource open until the returned function is called. A source that broke, or was silent for five
 * seconds, is closed and opened anew after 0.5 s · 2ⁿ, at most 8 s; a tab that comes back tries at once.
 */
export function keepStream(url: string, listener: StreamListener): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let over = false;

  const after = (millis: number, then: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(then, millis);
  };

  const open = () => {
    source = new EventSource(url);
    const on = (name: string, then: (data: unknown) => void) =>
      source?.addEventListener(name, (event) => {
        failures = 0;
        listener.onLink({ kind: 'live' });
        then(JSON.parse((event as MessageEvent<string>).data));
        after(SILENCE_MILLIS, lost);
      });
    on('snapshot', (data) => listener.onSnapshot(data as Snapshot));
    on('event', (data) => listener.onEvent(data as JournalEvent));
    on('operation', (data) => listener.onOperation(data as Operation));
    source.addEventListener('error', lost);
    after(SILENCE_MILLIS, lost);
  };

  const lost = () => {
    source?.close();
    source = null;
    listener.onLink({ kind: 'reconnecting' });
    after(Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS * 2 ** failures++), () => void retry());
  };

  const retry = async () => {
    if (!(await listener.mayReconnect()) || over || source !== null) return;
    open();
  };

  const wake = () => {
    if (document.visibilityState === 'visible' && source === null && failures > 0) after(0, () => void retry());
  };

  listener.onLink({ kind: 'connecting' });
  open();
  document.addEventListener('visibilitychange', wake);
  window.addEventListener('online', wake);
  return () => {
    over = true;
    clearTimeout(timer);
    source?.close();
    document.removeEventListener('visibilitychange', wake);
    window.removeEventListener('online', wake);
  };
}
