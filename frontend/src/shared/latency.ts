/** Open connections by what is done with them. */
export type Connections = { reading: number; writing: number; idle: number };

/** How long requests waited for the first byte of their answer; `recent` is of about the last ten seconds. */
export type Latency = { recentSeconds: number; recent: Percentiles | null; sinceStart: Percentiles | null };

/** In seconds; of no requests there are none. */
export type Percentiles = { requests: number; p50: number; p90: number; p99: number; p999: number };
