import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query';
import { get, pathOf } from '../../shared/http';

/** What a request would get, and why; nothing is sent. */
export type Explanation = {
  url: string;
  site: { directory: string; why: string } | null;
  rules: { kind: string; text: string }[];
  file: string | null;
  cache: { state: CacheState; workers?: WorkerCache[] } | null;
  status: number | null;
  reason?: string | null;
  fields: { name: string; value: string }[];
  steps: string[];
};

/** Of a stale one it is looked first whether the file has changed. */
export type CacheState = 'HIT' | 'STALE' | 'MISS' | 'NONE';

export type WorkerCache = { worker: number; state: CacheState; bytes: number; openFiles: number; codings: string[] };

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
