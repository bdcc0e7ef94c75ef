import { useQueries, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { change, get, getText, pathOf } from '../../shared/http';
import type { Operation } from '../../shared/operations';
import type { Connections } from '../../shared/latency';
import type { Wire } from '../../shared/wire';

/**
 * A slot at one moment. `pid` and `startedAt` are of the process that takes new connections, null without one. Its state
 * may not have followed yet what is `wanted`; of a `hung` one an event loop does not turn, and it is about to be
 * replaced. `processors` are kept busy by its processes: 0.5 is half of one.
 */
export type Worker = Wire['Worker'];

export type WorkerProcess = Wire['WorkerProcess'];

export const workersKey = ['workers'];

export function fetchWorkers(signal?: AbortSignal): Promise<Worker[]> {
  return get<Worker[]>('/api/v1/workers', signal);
}

/** Fetched once; from then on the stream writes it. */
export function useWorkers() {
  return useQuery({ queryKey: workersKey, queryFn: ({ signal }) => fetchWorkers(signal), staleTime: Infinity });
}

/** What can be done to one worker. */
export type WorkerAction = 'restart' | 'start' | 'drain' | 'stop' | 'kill';

export function orderWorker(slot: number, action: WorkerAction): Promise<Operation> {
  return change<Operation>('POST', pathOf('workers', slot, action));
}

export function restartAll(): Promise<Operation> {
  return change<Operation>('POST', pathOf('workers', 'rolling-restart'));
}

export function rebalance(): Promise<Operation> {
  return change<Operation>('POST', pathOf('workers', 'rebalance'));
}

export function scale(size: number): Promise<Operation> {
  return change<Operation>('PUT', pathOf('pool'), { json: { size } });
}

// ---- one worker

/** What the region knows of one worker beyond its row; null or missing where it knows nothing. */
export type WorkerDetail = Worker & {
  loops?: EventLoop[];
  memory?: { heapUsed: number | null; heapMax: number | null; residentBytes: number | null } | null;
  gc?: { seconds: number | null } | null;
};

export type EventLoop = {
  pid: number;
  loop: number;
  /** The longest turn within the last second or two. */
  lagSeconds: number | null;
  heartbeatAgeSeconds: number | null;
  connections: Connections;
};

/** A request of the flight recorder. `host` and `path` are what a client sent, with \xNN for what is not printable. */
export type RecordedRequest = Wire['RecordedRequest'];

/** The oldest in flight first, the last finished first. */
export type Requests = { inFlight: RecordedRequest[]; finished: RecordedRequest[] };

export function useWorker(slot: number) {
  return useQuery({
    queryKey: ['worker', slot],
    queryFn: ({ signal }) => get<WorkerDetail>(pathOf('workers', slot), signal),
    refetchInterval: 2000,
  });
}

export function useRequests(slot: number) {
  return useQuery(requestsQuery(slot));
}

/** More workers than this are not asked at once. */
export const MOST_ASKED = 8;

/** What the given workers are at: those of the busiest, if there are too many to ask all. */
export function useInFlight(workers: Worker[]) {
  const asked = workers
    .filter((worker) => worker.processes.length > 0)
    .toSorted((one, other) => other.connections.writing - one.connections.writing || one.slot - other.slot)
    .slice(0, MOST_ASKED)
    .map((worker) => worker.slot);
  return useQueries({ queries: asked.map(requestsQuery), combine: slowestFirst });
}

function slowestFirst(answers: UseQueryResult<Requests>[]) {
  return {
    data: answers.some(({ data }) => data !== undefined)
      ? answers.flatMap(({ data }) => data?.inFlight ?? []).sort((one, other) => other.ageSeconds - one.ageSeconds)
      : undefined,
    error: answers.find(({ error }) => error !== null)?.error ?? null,
    refetch: () => Promise.all(answers.map(({ refetch }) => refetch())),
  };
}

function requestsQuery(slot: number) {
  return {
    queryKey: ['requests', slot],
    queryFn: ({ signal }: { signal: AbortSignal }) => get<Requests>(pathOf('workers', slot, 'requests'), signal),
    refetchInterval: 2000,
  };
}

/** The stacks of a worker's threads at this moment. */
export function fetchThreads(slot: number): Promise<string> {
  return getText(pathOf('workers', slot, 'threads'));
}
