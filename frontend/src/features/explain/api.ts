import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query';
import { get, pathOf } from '../../shared/http';
import type { Wire } from '../../shared/wire';

/** What a request would get, and why; nothing is sent. */
export type Explanation = {
  url: string;
  site: Wire['Site'] | null;
  rules: Wire['Rule'][];
  file: string | null;
  cache: { state: CacheState; workers?: WorkerCache[] } | null;
  status: number | null;
  reason?: string | null;
  fields: Wire['Field'][];
  steps: string[];
};

/** Of a STALE one it is looked first whether the file has changed. */
export type WorkerCache = Wire['ExplanationWorkerCache'];

export type CacheState = WorkerCache['state'];

export type Question = { url: string; method: string };

/** Nothing is asked without a URL. */
export function useExplanation({ url, method }: Question) {
  return useQuery({
    queryKey: ['explain', url, method],
    queryFn:
      url === ''
        ? skipToken
        : ({ signal }) =>
            get<Explanation>(`${pathOf('explain')}?${new URLSearchParams({ url, method }).toString()}`, signal),
    // Files change; an answer is as of the moment it was asked for.
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
}
