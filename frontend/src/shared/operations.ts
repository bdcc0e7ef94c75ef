import { type QueryClient, skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { change, pathOf } from './http';
import type { Wire } from './wire';

/**
 * A command under way, or ended within the last minute. `slot` is the one it is about: of a rolling restart the one
 * whose turn it is, null between two; `waiting` are those whose turn is still to come.
 */
export type Operation = Wire['Operation'];

/** The way from one generation to another. */
export type Rollout = Wire['Rollout'];

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
