import { useQuery } from '@tanstack/react-query';
import { get } from '../../shared/http';
import type { Wire } from '../../shared/wire';

/** The farm as a whole, at one moment. Times are ISO 8601 of the server's clock. */
export type Status = Wire['Status'];

export type Health = Wire['Health'];

export const statusKey = ['status'];

export function fetchStatus(signal?: AbortSignal): Promise<Status> {
  return get<Status>('/api/v1/status', signal);
}

/** Fetched once; from then on the stream writes it. */
export function useStatus() {
  return useQuery({ queryKey: statusKey, queryFn: ({ signal }) => fetchStatus(signal), staleTime: Infinity });
}
