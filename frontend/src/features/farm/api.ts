import { useQuery } from '@tanstack/react-query';
import { get } from '../../shared/http';
import type { Connections, Latency } from '../../shared/latency';
import type { SlotState } from '../../shared/ui/StatePill';

/** The farm as a whole, at one moment. Times are ISO 8601 of the server's clock. */
export type Status = {
  version: string;
  startedAt: string;
  at: string;
  health: Health;
  listening: string[];
  master: { state: SlotState; pid: number | null; startedAt: string | null };
  workersWanted: number;
  workersUp: number;
  connections: Connections;
  requestsPerSecond: number;
  firstByte: Latency;
  counters: Record<string, number>;
};

export type Health = { state: 'ok' | 'degraded' | 'down'; sentence: string };

export const statusKey = ['status'];

export function fetchStatus(signal?: AbortSignal): Promise<Status> {
  return get<Status>('/api/v1/status', signal);
}

/** Fetched once; from then on the stream writes it. */
export function useStatus() {
  return useQuery({ queryKey: statusKey, queryFn: ({ signal }) => fetchStatus(signal), staleTime: Infinity });
}
