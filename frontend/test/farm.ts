import type { Snapshot } from '../src/app/live/stream';
import type { Status } from '../src/features/farm/api';
import type { Worker } from '../src/features/workers/api';
import type { Operation } from '../src/shared/operations';

/** The moment all tests begin at, plus seconds. */
export function time(seconds: number): string {
  return new Date(Date.UTC(2026, 10, 23, 9, 0, 0) + seconds * 1000).toISOString();
}

export function status(changes: Partial<Status> = {}): Status {
  return {
    version: '0.1.0',
    startedAt: time(-3600),
    at: time(0),
    health: { state: 'ok', sentence: 'Both workers are up.' },
    listening: ['127.0.0.1:8080'],
    master: { state: 'UP', pid: 812, startedAt: time(-3600) },
    workersWanted: 2,
    workersUp: 2,
    connections: { reading: 0, writing: 1, idle: 3 },
    requestsPerSecond: 118,
    firstByte: {
      recentSeconds: 10,
      recent: { requests: 1180, p50: 0.0002, p90: 0.0004, p99: 0.002, p999: 0.01 },
      sinceStart: { requests: 90000, p50: 0.0002, p90: 0.0004, p99: 0.002, p999: 0.02 },
    },
    counters: { connections_accepted: 1002 },
    ...changes,
  };
}

export function worker(slot: number, changes: Partial<Worker> = {}): Worker {
  const pid = changes.pid === undefined ? 812 + slot : changes.pid;
  return {
    slot,
    wanted: 'UP',
    state: 'UP',
    hung: false,
    detail: '',
    pid,
    startedAt: time(-3600),
    processes: pid === null ? [] : [{ seat: 0, state: 'UP', generation: 1, pid, startedAt: time(-3600), hung: false }],
    heartbeatAgeSeconds: 0.1,
    connections: { reading: 0, writing: 1, idle: 3 },
    requestsPerSecond: 59.5,
    processors: 0.2,
    residentBytes: 91_234_304,
    restarts: { operator: 0, crash: 0 },
    counters: {},
    ...changes,
  };
}

export function operation(changes: Partial<Operation> = {}): Operation {
  return {
    id: 'op-1',
    action: 'restart',
    slot: 1,
    waiting: [],
    resize: null,
    rollout: null,
    progress: { done: 0, total: 1 },
    actor: 'admin',
    state: 'RUNNING',
    detail: '',
    startedAt: time(0),
    finishedAt: null,
    ...changes,
  };
}

export function snapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return { status: status(), workers: [worker(1), worker(2)], operations: [], ...changes };
}

/** Worker 1 while its successor, pid 902, starts. */
export function starting(): Worker {
  return worker(1, {
    state: 'STARTING',
    processes: [
      { seat: 0, state: 'UP', generation: 1, pid: 813, startedAt: time(-3600), hung: false },
      { seat: 1, state: 'STARTING', generation: 1, pid: 902, startedAt: time(0), hung: false },
    ],
  });
}

/** Worker 1 while its predecessor, pid 813, drains. */
export function draining(): Worker {
  return worker(1, {
    state: 'DRAINING',
    pid: 902,
    processes: [
      { seat: 1, state: 'UP', generation: 1, pid: 902, startedAt: time(0), hung: false },
      { seat: 0, state: 'DRAINING', generation: 1, pid: 813, startedAt: time(-3600), hung: false },
    ],
  });
}
