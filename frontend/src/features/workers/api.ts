import { skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post } from '../../shared/http';
import type { SlotState } from '../../shared/ui/StatePill';

/** A slot at one moment. `pid` and `startedAt` are of the process that takes new connections, null without one. */
export type Worker = {
  slot: number;
  /** What the slot is for; its state may not have followed yet. */
  wanted: 'UP' | 'STOPPED' | 'GONE';
  state: SlotState;
  /** An event loop does not turn; the process is about to be replaced. */
  hung: boolean;
  detail: string;
  pid: number | null;
  startedAt: string | null;
  processes: WorkerProcess[];
  heartbeatAgeSeconds: number | null;
  connections: { reading: number; writing: number; idle: number };
  requestsPerSecond: number;
  /** Kept busy by its processes: 0.5 is half of one. */
  processors: number;
  residentBytes: number;
  restarts: Record<string, number>;
  counters: Record<string, number>;
};

export type WorkerProcess = { seat: number; state: SlotState; pid: number; startedAt: string; hung: boolean };

/** A command under way, or ended within the last minute. */
export type Operation = {
  id: string;
  action:
    'restart' | 'start' | 'stop' | 'drain' | 'kill' | 'rolling-restart' | 'scale' | 'rebalance' | 'reload' | 'upgrade';
  /** The one it is about; of a rolling restart the one whose turn it is, null between two. */
  slot: number | null;
  /** Slots whose turn in a rolling restart is still to come. */
  waiting: number[];
  resize: { from: number; to: number } | null;
  /** Workers that are done, of how many. */
  progress: { done: number; total: number };
  actor: string;
  state: 'RUNNING' | 'DONE' | 'FAILED' | 'ABORTED';
  detail: string;
  startedAt: string;
  finishedAt: string | null;
};

export const workersKey = ['workers'];
export const operationsKey = ['operations'];
const noOperations: Operation[] = [];

export function fetchWorkers(signal?: AbortSignal): Promise<Worker[]> {
  return get<Worker[]>('/api/v1/workers', signal);
}

/** Fetched once; from then on the stream writes it. */
export function useWorkers() {
  return useQuery({ queryKey: workersKey, queryFn: ({ signal }) => fetchWorkers(signal), staleTime: Infinity });
}

/** Only the stream knows the list of operations. */
export function useOperations(): Operation[] {
  return useQuery<Operation[]>({ queryKey: operationsKey, queryFn: skipToken }).data ?? noOperations;
}

export function restartWorker(slot: number): Promise<Operation> {
  return post<Operation>(`/api/v1/workers/${slot}/restart`);
}

/** The accepted operation joins the others at once; the next snapshot confirms it. */
export function useRestartWorker() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: restartWorker,
    onSuccess: (begun) =>
      client.setQueryData<Operation[]>(operationsKey, (known = []) => [
        ...known.filter((operation) => operation.id !== begun.id),
        begun,
      ]),
  });
}

/** A snapshot rendered before a command was accepted does not know it yet, and must not undo it. */
export function mergeOperations(known: Operation[], arrived: Operation[], at: string): Operation[] {
  const newer = known.filter(
    (operation) =>
      Date.parse(operation.startedAt) > Date.parse(at) && !arrived.some((other) => other.id === operation.id),
  );
  return [...arrived, ...newer];
}
