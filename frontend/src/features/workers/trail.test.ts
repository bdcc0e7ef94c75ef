import { expect, test } from 'vitest';
import { draining, operation, starting, time, worker } from '../../../test/farm';
import { mergeOperations, type Operation } from '../../shared/operations';
import type { Worker } from './api';
import { followTrails, type Trail } from './trail';

/** The trails after these snapshots, 0.2 s apart. */
function follow(...snapshots: [Operation, Worker][]): Trail[] {
  return snapshots.reduce<Trail[]>(
    (trails, [seen, slot], index) => followTrails(trails, [seen], [slot], time(index * 0.2)),
    [],
  );
}

const done = operation({ state: 'DONE', finishedAt: time(1.4) });

test('a restart is followed from the old process to the new one', () => {
  const [trail] = follow(
    [operation(), worker(1)],
    [operation(), starting()],
    [operation(), draining()],
    [done, worker(1, { pid: 902 })],
  );

  expect(trail?.steps).toEqual([
    { state: 'STARTING', seconds: 0.2 },
    { state: 'DRAINING', seconds: 0.4 },
    { state: 'UP', seconds: 1.4 },
  ]);
  expect(trail).toMatchObject({ predecessor: 813, successor: 902 });
});

test('a page that is opened while the predecessor drains knows both processes', () => {
  const [trail] = follow([operation(), draining()]);

  expect(trail).toMatchObject({ predecessor: 813, successor: 902 });
});

test('states too quick for a snapshot leave the processes known', () => {
  const [trail] = follow([operation(), worker(1)], [done, worker(1, { pid: 902 })]);

  expect(trail).toMatchObject({ predecessor: 813, successor: 902, steps: [{ state: 'UP' }] });
});

test('an operation that is no longer named is forgotten', () => {
  const trails = follow([operation(), starting()]);

  expect(followTrails(trails, [], [worker(1)], time(61))).toEqual([]);
});

test('a snapshot from before a command does not undo it', () => {
  const begun = operation({ startedAt: time(0.5) });

  expect(mergeOperations([begun], [], time(0.4))).toEqual([begun]);
  expect(mergeOperations([begun], [], time(0.6))).toEqual([]);
});
