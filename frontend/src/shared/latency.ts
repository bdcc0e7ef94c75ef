import type { Wire } from './wire';

/** Open connections by what is done with them. */
export type Connections = Wire['Connections'];

/** How long requests waited for the first byte of their answer; `recent` is of about the last ten seconds. */
export type Latency = Wire['Latency'];

/** In seconds; of no requests there are none. */
export type Percentiles = Wire['Percentiles'];
