import type { Live } from './useLive';

/** How old what we see is: nothing yet, as of now, or stale since so many seconds. */
export type Freshness = { kind: 'connecting' } | { kind: 'live' } | { kind: 'stale'; seconds: number };

/** A snapshot comes each second; three missed ones are no accident. */
const STALE_MILLIS = 3_000;

export function freshnessOf({ link, receivedAt }: Live, now: number): Freshness {
  if (receivedAt === null) return link.kind === 'reconnecting' ? { kind: 'stale', seconds: 0 } : { kind: 'connecting' };
  const age = now - receivedAt;
  return age > STALE_MILLIS ? { kind: 'stale', seconds: Math.floor(age / 1000) } : { kind: 'live' };
}
