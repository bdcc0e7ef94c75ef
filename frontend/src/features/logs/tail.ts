import { fetchLines, type LogLine, tailUrl, type Wanted } from './api';

/** How a tail stands: `cut` while the browser connects anew, `refused` when the answer was no. */
export type Link = { kind: 'connecting' } | { kind: 'live' } | { kind: 'cut' } | { kind: 'refused'; why: string };

export type TailListener = {
  onLink: (link: Link) => void;
  /** The last lines, in the place of all that were shown. */
  onLines: (lines: LogLine[]) => void;
  /** Lines that were added since. */
  onMore: (lines: LogLine[]) => void;
};

const FIRST_LINES = 500;

/** A busy log is drawn four times a second, not with every line. */
const BATCH_MILLIS = 250;

/**
 * Follows a log until the returned function is called. The tail is opened before the last lines are asked for, so
 * that none is lost between the two; what comes in both is taken once.
 */
export function keepTail(wanted: Wanted, listener: TailListener): () => void {
  const source = new EventSource(tailUrl(wanted));
  let waiting: LogLine[] = [];
  let begun = false;
  let over = false;
  const timer = setInterval(() => {
    if (!begun || waiting.length === 0) return;
    listener.onMore(waiting);
    waiting = [];
  }, BATCH_MILLIS);

  const begin = async () => {
    begun = false;
    waiting = [];
    try {
      const last = await fetchLines(wanted, FIRST_LINES);
      if (over) return;
      listener.onLines(join(last, waiting));
      listener.onLink({ kind: 'live' });
      waiting = [];
      begun = true;
    } catch (problem) {
      if (!over)
        listener.onLink({ kind: 'refused', why: problem instanceof Error ? problem.message : String(problem) });
    }
  };

  source.addEventListener('open', () => void begin());
  source.addEventListener('line', (event) => waiting.push(JSON.parse((event as MessageEvent<string>).data) as LogLine));
  source.addEventListener('skipped', (event) => {
    const { lines } = JSON.parse((event as MessageEvent<string>).data) as { lines: number };
    waiting.push({ at: null, level: null, text: `… ${lines} lines came too fast and are only in the file` });
  });
  source.addEventListener('error', () => {
    // Closed for good: the answer was no stream. Asking for the lines tells why, and perhaps shows them.
    if (source.readyState === EventSource.CLOSED) void begin();
    else listener.onLink({ kind: 'cut' });
  });
  listener.onLink({ kind: 'connecting' });
  return () => {
    over = true;
    clearInterval(timer);
    source.close();
  };
}

/** Both in their order, where the end of the first may be the beginning of the second. */
export function join(last: LogLine[], arrived: LogLine[]): LogLine[] {
  for (let common = Math.min(last.length, arrived.length); common > 0; common--) {
    if (last.slice(-common).every((line, index) => line.text === arrived[index]?.text)) {
      return [...last, ...arrived.slice(common)];
    }
  }
  return [...last, ...arrived];
}
