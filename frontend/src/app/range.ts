import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { Stretch } from '../features/history/api';

/** What the charts show: the last minutes as they go on, or a stretch of the last day. */
export type Range = { kind: 'live' } | { kind: 'past'; stretch: Stretch };

const MINUTE = 60;
export const DAY = 86_400;
export const spans = [15 * MINUTE, 60 * MINUTE, 360 * MINUTE, DAY];

/** The range stands in the address, so that it can be kept, sent, and gone back from. */
export function useRange(): [Range, (range: Range) => void] {
  const [query, setQuery] = useSearchParams();
  const from = query.get('from');
  const to = query.get('to');
  const range = useMemo(() => rangeOf(from, to), [from, to]);
  const setRange = useCallback(
    (next: Range) =>
      setQuery(next.kind === 'live' ? {} : { from: String(next.stretch.from), to: String(next.stretch.to) }, {
        replace: true,
      }),
    [setQuery],
  );
  return [range, setRange];
}

/** An address may say anything; what is no stretch of time is live. */
export function rangeOf(from: string | null, to: string | null): Range {
  const stretch = { from: secondOf(from), to: secondOf(to) };
  return stretch.from < stretch.to ? { kind: 'past', stretch } : { kind: 'live' };
}

function secondOf(text: string | null): number {
  return text !== null && /^\d{1,11}$/.test(text) ? Number(text) : NaN;
}

/** The stretch of this length that ends at `to`, moved so that it lies within the day before `now`. */
export function stretchTo(to: number, seconds: number, now: number): Stretch {
  const end = Math.floor(Math.min(now, Math.max(to, now - DAY + seconds)));
  return { from: end - seconds, to: end };
}
