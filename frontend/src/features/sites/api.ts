import { useQuery } from '@tanstack/react-query';
import { get } from '../../shared/http';
import type { Wire } from '../../shared/wire';

/** A virtual host since the farm was started; `_other` has what no site has. */
export type Vhost = Wire['Vhost'];

/** Method GET, HEAD or other; code 0 is one of the rarest. */
export type Answer = Wire['Answers'];

/** All of them at one moment of the browser's monotonic clock, and what was added per second since the one before. */
export type Traffic = { at: number; vhosts: Vhost[]; requestsPerSecond: Record<string, number> };

/** Hits and misses since the farm was started, no ratio without either; bytes and entries are held now. */
export type Cache = Omit<Wire['Caches'], 'workers'>;

export function useCache() {
  return useQuery({
    queryKey: ['cache'],
    queryFn: ({ signal }) => get<Cache & { workers: (Cache & { worker: number })[] }>('/api/v1/cache', signal),
    refetchInterval: 2000,
  });
}

const vhostsKey = ['vhosts'];

export function useTraffic() {
  return useQuery({
    queryKey: vhostsKey,
    queryFn: async ({ client, signal }) =>
      trafficOf(
        client.getQueryData<Traffic>(vhostsKey),
        await get<Vhost[]>('/api/v1/vhosts', signal),
        performance.now(),
      ),
    refetchInterval: 2000,
  });
}

/** Nothing is known of what came per second before there are two readings; a counter that went back began anew. */
export function trafficOf(before: Traffic | undefined, vhosts: Vhost[], at: number): Traffic {
  const seconds = before === undefined ? 0 : (at - before.at) / 1000;
  const known = new Map(before?.vhosts.map(({ name, requests }) => [name, requests]));
  const rates = vhosts.flatMap(({ name, requests }) => {
    const earlier = known.get(name);
    return earlier === undefined || requests < earlier || seconds <= 0
      ? []
      : [[name, (requests - earlier) / seconds] as const];
  });
  return { at, vhosts, requestsPerSecond: Object.fromEntries(rates) };
}

/** How many answers there were of 200 to 299, and so on; `other` are codes too rare to be told apart. */
export type Classes = { '2xx': number; '3xx': number; '4xx': number; '5xx': number; other: number };

export function classesOf(answers: Answer[]): Classes {
  const classes: Classes = { '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0, other: 0 };
  for (const { code, count } of answers) classes[classOf(code)] += count;
  return classes;
}

function classOf(code: number): keyof Classes {
  const digit = Math.floor(code / 100);
  return digit === 2 || digit === 3 || digit === 4 || digit === 5 ? `${digit}xx` : 'other';
}
