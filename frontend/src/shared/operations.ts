import { type QueryClient, skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { change, pathOf } from './http';

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
  /** Of a reload or an upgrade. */
  rollout: Rollout | null;
  /** Workers that are done, of how many. */
  progress: { done: number; total: number };
  actor: string;
  state: 'RUNNING' | 'DONE' | 'FAILED' | 'ABORTED';
  detail: string;
  startedAt: string;
  finishedAt: string | null;
};

/** The way from one generation to another. */
export type Rollout = {
  from: number;
  to: number;
  force: boolean;
  note: string;
  aborted: boolean;
  phase: 'REHEARSING' | 'LISTENING' | 'MOVING' | 'RETURNING';
};

/** Sends a command; it is accepted, not done. */
export type Order = () => Promise<Operation>;

export const operationsKey = ['operations'];
const noOperations: Operation[] = [];

/** Only the stream knows the list of operations. */
export function useOperations(): Operation[] {
  return useQuery<Operation[]>({ queryKey: operationsKey, queryFn: skipToken }).data ?? noOperations;
}

/** The accepted operation joins the others at once; the next snapshot confirms it. */
export function useOrder() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (order: Order) => order(),
    onSuccess: (begun) => writeOperation(client, begun),
  });
}

export function abortOperation(id: string): Promise<Operation> {
  return change<Operation>('DELETE', pathOf('operations', id));
}

/** One operation as it is now, in the place of what was known of it. */
export function writeOperation(client: QueryClient, operation: Operation): void {
  client.setQueryData<Operation[]>(operationsKey, (known = []) => [
    ...known.filter((other) => other.id !== operation.id),
    operation,
  ]);
}

/** A snapshot rendered before a command was accepted does not know it yet, and must not undo it. */
export function mergeOperations(known: Operation[], arrived: Operation[], at: string): Operation[] {
  const newer = known.filter(
    (operation) =>
      Date.parse(operation.startedAt) > Date.parse(at) && !arrived.some((other) => other.id === operation.id),
  );
  return [...arrived, ...newer];
}
