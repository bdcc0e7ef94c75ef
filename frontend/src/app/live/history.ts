import type { Status } from '../../features/farm/api';
import { type History, timesOf } from '../../features/history/api';
import type { Worker } from '../../features/workers/api';
import type { Connections } from '../../shared/latency';

/**
 * One second of the farm. Shares are of the minute that ends here, null when nothing was asked in it; `totals` are null
 * of seconds that passed before this page was opened.
 */
export type Sample = {
  at: number;
  requestsPerSecond: number;
  byWorker: Record<number, number>;
  connections: Connections;
  p50: number | null;
  p99: number | null;
  bytesPerSecond: number | null;
  errorShare: number | null;
  hitShare: number | null;
  totals: Totals | null;
};

/**
 * Sums over the farm since its counting began; they never go back while the region lives. `asked` is what was asked for,
 * also on connections that were shed; `errors` of it is what the server owes: 5xx, and what it shed.
 */
export type Totals = { asked: number; errors: number; shed: number; hits: number; lookups: number; bytes: number };

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

  const totals = totalsOf(status, workers);
  const momentsAgo = kept.find((sample) => counted(sample) && sample.at >= at - THROUGHPUT_SECONDS);
  const minuteAgo = kept.find((sample) => counted(sample) && sample.at >= at - MINUTE)?.totals ?? null;
  const sample: Sample = {
    at,
    requestsPerSecond: status.requestsPerSecond,
    byWorker: Object.fromEntries(workers.map((worker) => [worker.slot, worker.requestsPerSecond])),
    connections: status.connections,
    p50: status.firstByte.recent?.p50 ?? null,
    p99: status.firstByte.recent?.p99 ?? null,
    bytesPerSecond:
      momentsAgo?.totals == null ? null : grown(momentsAgo.totals.bytes, totals.bytes, at - momentsAgo.at),
    errorShare: minuteAgo === null ? null : share(minuteAgo, totals, 'errors', 'asked'),
    hitShare: minuteAgo === null ? null : share(minuteAgo, totals, 'hits', 'lookups'),
    totals,
  };
  return [...kept, sample];
}

/** What was added in the minute that ends with the newest sample, or in the `seconds` since there are samples. */
export type Minute = Totals & { seconds: number };

export function lastMinute(ring: Sample[]): Minute | null {
  const last = ring.at(-1);
  if (last === undefined || last.totals === null) return null;
  const from = ring.find((sample) => counted(sample) && sample.at >= last.at - MINUTE) ?? last;
  const before = from.totals ?? last.totals;
  return {
    seconds: Math.round(last.at - from.at),
    asked: last.totals.asked - before.asked,
    errors: last.totals.errors - before.errors,
    shed: last.totals.shed - before.shed,
    hits: last.totals.hits - before.hits,
    lookups: last.totals.lookups - before.lookups,
    bytes: last.totals.bytes - before.bytes,
  };
}

/** The ring with what admin remembers of the time before the page was opened. */
export function seeded(ring: Sample[], past: History): Sample[] {
  const first = ring[0]?.at ?? Infinity;
  const { requestsPerSecond, bytesPerSecond, reading, writing, idle } = past.columns;
  const earlier = timesOf(past).flatMap((at, index): Sample[] => {
    const requests = requestsPerSecond[index] ?? null;
    if (requests === null || at > first - LEAST_STEP) return [];
    return [
      {
        at,
        requestsPerSecond: requests,
        byWorker: {},
        connections: { reading: reading[index] ?? 0, writing: writing[index] ?? 0, idle: idle[index] ?? 0 },
        p50: null,
        p99: null,
        bytesPerSecond: bytesPerSecond[index] ?? null,
        errorShare: null,
        hitShare: null,
        totals: null,
      },
    ];
  });
  return [...earlier, ...ring].slice(-RING);
}

function counted({ totals }: Sample): boolean {
  return totals !== null;
}

function totalsOf(status: Status, workers: Worker[]): Totals {
  const counters = [status.counters, ...workers.map((worker) => worker.counters)].flatMap(Object.entries<number>);
  const sum = (wanted: (name: string) => boolean) =>
    counters.reduce((total, [name, value]) => (wanted(name) ? total + value : total), 0);
  // A request that was shed was answered 503 and counts among the 5xx; a rejected connection was not answered at all.
  const rejected = sum((name) => /^connections_rejected_(no_worker|overload)$/.test(name));
  const hits = sum((name) => name === 'file_cache_hits');
  return {
    asked: sum((name) => /^requests_\dxx$/.test(name)) + rejected,
    errors: sum((name) => name === 'requests_5xx') + rejected,
    shed: sum((name) => name === 'requests_shed') + rejected,
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
