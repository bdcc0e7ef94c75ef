import type { Connections, Status } from '../../features/farm/api';
import type { Worker } from '../../features/workers/api';

/** One second of the farm. Shares are of the minute that ends here, null when nothing was asked in it. */
export type Sample = {
  at: number;
  requestsPerSecond: number;
  byWorker: Record<number, number>;
  connections: Connections;
  bytesPerSecond: number | null;
  errorShare: number | null;
  hitShare: number | null;
  totals: Totals;
};

/** Sums over the workers since their counting began; they never go back while the region lives. */
export type Totals = { requests: number; errors: number; hits: number; lookups: number; bytes: number };

export const RING = 300;
const MINUTE = 60;

/** Snapshots also come at every change of state; the ring takes one a second, so that its steps stay even. */
const LEAST_STEP = 0.9;

/** Throughput is the growth over a few seconds: one late sample must not look like a stall and then a burst. */
const THROUGHPUT_SECONDS = 3.5;

/** The last five minutes and one more snapshot. The one place where differences are taken. */
export function appendSample(ring: Sample[], status: Status, workers: Worker[]): Sample[] {
  const at = Date.parse(status.at) / 1000;
  const last = ring.at(-1);
  if (last !== undefined && Math.abs(at - last.at) < LEAST_STEP) return ring;
  const kept = last !== undefined && at < last.at ? [] : ring.slice(1 - RING);

  const totals = totalsOf(workers);
  const momentsAgo = kept.find((sample) => sample.at >= at - THROUGHPUT_SECONDS);
  const minuteAgo = kept.find((sample) => sample.at >= at - MINUTE);
  const sample: Sample = {
    at,
    requestsPerSecond: status.requestsPerSecond,
    byWorker: Object.fromEntries(workers.map((worker) => [worker.slot, worker.requestsPerSecond])),
    connections: status.connections,
    bytesPerSecond: momentsAgo === undefined ? null : grown(momentsAgo.totals.bytes, totals.bytes, at - momentsAgo.at),
    errorShare: minuteAgo === undefined ? null : share(minuteAgo.totals, totals, 'errors', 'requests'),
    hitShare: minuteAgo === undefined ? null : share(minuteAgo.totals, totals, 'hits', 'lookups'),
    totals,
  };
  return [...kept, sample];
}

/** What was added in the minute that ends with the newest sample, or in the `seconds` since there are samples. */
export type Minute = Totals & { seconds: number };

export function lastMinute(ring: Sample[]): Minute | null {
  const last = ring.at(-1);
  if (last === undefined) return null;
  const from = ring.find((sample) => sample.at >= last.at - MINUTE) ?? last;
  return {
    seconds: Math.round(last.at - from.at),
    requests: last.totals.requests - from.totals.requests,
    errors: last.totals.errors - from.totals.errors,
    hits: last.totals.hits - from.totals.hits,
    lookups: last.totals.lookups - from.totals.lookups,
    bytes: last.totals.bytes - from.totals.bytes,
  };
}

function totalsOf(workers: Worker[]): Totals {
  const sum = (wanted: (name: string) => boolean) =>
    workers
      .flatMap((worker) => Object.entries(worker.counters))
      .reduce((total, [name, value]) => (wanted(name) ? total + value : total), 0);
  const hits = sum((name) => name === 'file_cache_hits');
  return {
    requests: sum((name) => /^requests_\dxx$/.test(name)),
    errors: sum((name) => name === 'requests_5xx'),
    hits,
    lookups: hits + sum((name) => name === 'file_cache_misses'),
    bytes: sum((name) => name === 'response_bytes'),
  };
}

/** Null when the counter went back: the region was created anew. */
function grown(before: number, now: number, seconds: number): number | null {
  return now < before || seconds <= 0 ? null : (now - before) / seconds;
}

function share(before: Totals, now: Totals, part: keyof Totals, whole: keyof Totals): number | null {
  const of = now[whole] - before[whole];
  return of <= 0 ? null : Math.min(1, Math.max(0, (now[part] - before[part]) / of));
}
