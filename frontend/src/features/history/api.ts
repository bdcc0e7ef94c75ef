import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query';
import { get } from '../../shared/http';

/** Averages over the steps that begin at `from + i · step` seconds; null where admin did not look. */
export type History = {
  from: string;
  to: string;
  step: number;
  columns: Record<Column, (number | null)[]>;
};

export type Column =
  'requestsPerSecond' | 'bytesPerSecond' | 'reading' | 'writing' | 'idle' | 'errorsPerSecond' | 'workersUp';

/** A stretch of the past, in seconds since the epoch; `to` is not in it. */
export type Stretch = { from: number; to: number };

/** No chart is wider than this in points worth drawing. */
const MOST_POINTS = 720;

export function fetchHistory({ from, to }: Stretch, step: number, signal?: AbortSignal): Promise<History> {
  return get<History>(`/api/v1/history?from=${from}&to=${to}&step=${step}`, signal);
}

/** Nothing is asked without a stretch. */
export function usePast(stretch: Stretch | null) {
  return useQuery({
    queryKey: ['past', stretch?.from, stretch?.to],
    queryFn:
      stretch === null ? skipToken : ({ signal }) => fetchHistory(stretch, stepOf(stretch, Date.now() / 1000), signal),
    // What is over does not change; only its last seconds may not have been sampled yet.
    staleTime: 60_000,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

const HOUR = 3600;
const COARSE = 10;

/** Seconds are known of the last hour, ten of them together before; an even number of those fits the width. */
export function stepOf({ from, to }: Stretch, now: number): number {
  const finest = from < now - HOUR ? COARSE : 1;
  return Math.ceil((to - from) / MOST_POINTS / finest) * finest;
}

/** The beginning of each step. */
export function timesOf({ from, step, columns }: History): number[] {
  const first = Date.parse(from) / 1000;
  return columns.requestsPerSecond.map((_, index) => first + index * step);
}
