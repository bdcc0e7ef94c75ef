import type { Operation } from '../../shared/operations';
import type { SlotState } from '../../shared/ui/StatePill';
import type { Worker } from './api';

/** What was seen of one restart: its states in the order they came, and the two processes. */
export type Trail = {
  operation: Operation;
  steps: Step[];
  predecessor: number | null;
  successor: number | null;
};

/** `seconds` after the operation began, by the server's clock. */
export type Step = { state: SlotState; seconds: number };

/** The trails after one more snapshot: those of operations it no longer names are dropped. */
export function followTrails(trails: Trail[], operations: Operation[], workers: Worker[], at: string): Trail[] {
  return operations
    .filter((operation) => operation.action === 'restart')
    .map((operation) => {
      const before = trails.find((trail) => trail.operation.id === operation.id) ?? begin(operation);
      const worker = workers.find((candidate) => candidate.slot === operation.slot);
      return worker === undefined || before.operation.state !== 'RUNNING'
        ? { ...before, operation }
        : observe({ ...before, operation }, worker, at);
    });
}

function begin(operation: Operation): Trail {
  return { operation, steps: [], predecessor: null, successor: null };
}

function observe(trail: Trail, worker: Worker, at: string): Trail {
  const { predecessor, successor } = processesOf(worker, trail);
  return {
    ...trail,
    predecessor: trail.predecessor ?? predecessor,
    successor: successor ?? trail.successor,
    steps: withStep(trail, worker.state, at),
  };
}

function withStep({ operation, steps }: Trail, state: SlotState, at: string): Step[] {
  // Accepted, but the slot has not moved yet: the UP it starts from is no step of the way.
  if (steps.length === 0 && state === 'UP' && operation.state === 'RUNNING') return steps;
  if (steps.at(-1)?.state === state) return steps;
  const reached = operation.finishedAt ?? at;
  return [...steps, { state, seconds: Math.max(0, (Date.parse(reached) - Date.parse(operation.startedAt)) / 1000) }];
}

/** While the successor starts, `pid` is the predecessor; while the predecessor drains, `pid` is the successor. */
function processesOf(
  worker: Worker,
  { operation, steps }: Trail,
): { predecessor: number | null; successor: number | null } {
  const inState = (state: SlotState) =>
    worker.processes.find((process) => process.state === state && process.pid !== worker.pid)?.pid ?? null;
  switch (worker.state) {
    case 'STARTING':
      return { predecessor: worker.pid, successor: inState('STARTING') };
    case 'DRAINING':
      return { predecessor: inState('DRAINING'), successor: worker.pid };
    case 'UP':
      return {
        predecessor: steps.length === 0 ? worker.pid : null,
        successor: operation.state === 'DONE' ? worker.pid : null,
      };
    case 'VACANT':
    case 'BACKOFF':
    case 'FAILED':
    case 'STOPPED':
      return { predecessor: null, successor: null };
  }
}
