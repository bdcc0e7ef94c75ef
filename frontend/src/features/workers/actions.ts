import { count } from '../../shared/format';
import type { Worker, WorkerAction } from './api';

/** What can be done to a worker: how it is called, whether it makes sense now, and what it will do to whom. */
export type Act = {
  action: WorkerAction;
  verb: string;
  dangerous: boolean;
  applies: (worker: Worker) => boolean;
  effect: (worker: Worker) => string;
};

const runs = (worker: Worker) => worker.processes.length > 0;
const rests = ({ state, wanted }: Worker) => state === 'STOPPED' || state === 'FAILED' || wanted === 'STOPPED';

export const acts: Act[] = [
  {
    action: 'restart',
    verb: 'Restart',
    dangerous: false,
    applies: () => true,
    effect: (worker) => {
      if (worker.pid === null) return 'No process runs in this slot; a new one is started.';
      const successor = 'New connections go to its successor as soon as that is up.';
      return `${open(worker, 'no open connections', 'goes on with the other workers or finishes on the old process', 'go on with the other workers or finish on the old process')} ${successor}`;
    },
  },
  {
    action: 'start',
    verb: 'Start',
    dangerous: false,
    applies: rests,
    effect: () => 'A process is started in this slot and takes connections as soon as it is up.',
  },
  {
    action: 'drain',
    verb: 'Drain',
    dangerous: true,
    applies: (worker) => runs(worker) && worker.wanted === 'UP',
    effect: (worker) =>
      `It takes nothing new. ${open(worker, 'no open connections', 'goes on with the other workers or is finished', 'go on with the other workers or are finished')} Then it stays STOPPED until it is started.`,
  },
  {
    action: 'stop',
    verb: 'Stop',
    dangerous: true,
    applies: (worker) => runs(worker) && worker.wanted === 'UP',
    effect: (worker) =>
      `It takes nothing new. ${open(worker, 'no open connections', 'has two seconds to finish, then it is cut off', 'have two seconds to finish, then they are cut off')} It stays STOPPED until it is started.`,
  },
  {
    action: 'kill',
    verb: 'Kill',
    dangerous: true,
    applies: runs,
    effect: (worker) =>
      `${open(worker, 'no open connections', 'is cut off at once', 'are cut off at once')} ${
        worker.wanted === 'UP' ? 'Another process is started.' : 'No other process follows.'
      }`,
  },
];

/** What happens to its connections, with their number. */
function open(
  { connections: { reading, writing, idle }, pid }: Worker,
  none: string,
  one: string,
  many: string,
): string {
  const number = reading + writing + idle;
  const process = pid === null ? 'Its process' : `Its process, pid ${pid},`;
  if (number === 0) return `${process} has ${none}.`;
  return number === 1 ? `Its 1 connection ${one}.` : `Its ${count(number)} connections ${many}.`;
}
