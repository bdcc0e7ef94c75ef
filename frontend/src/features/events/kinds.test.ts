import { expect, test } from 'vitest';
import { append, type Event } from './api';
import { filtered, toneOf } from './kinds';

function event(id: number, kind: string, more: Partial<Event> = {}): Event {
  return { id, at: '2026-11-27T10:00:00Z', kind, actor: 'drover', ...more };
}

const events = [
  event(1, 'worker-up', { slot: 1 }),
  event(2, 'login-refused', { actor: 'eve', address: '192.0.2.7' }),
  event(3, 'worker-crashed', { slot: 2, cause: 'oom' }),
  event(4, 'command-accepted', { actor: 'anna', detail: 'restart of worker 2' }),
];
const ids = (words: string, group = 'All') => filtered(events, { words, group }).map(({ id }) => id);

test('the latest stands first', () => expect(ids('')).toEqual([4, 3, 2, 1]));

test('all words must be in an event, wherever', () => {
  expect(ids('worker 2')).toEqual([4, 3]);
  expect(ids('OOM crashed')).toEqual([3]);
  expect(ids('192.0.2')).toEqual([2]);
});

test('a group has what belongs to it', () => {
  expect(ids('', 'Troubles')).toEqual([3, 2]);
  expect(ids('', 'Workers')).toEqual([3, 1]);
  expect(ids('', 'Access')).toEqual([2]);
});

test('an operation is as good as its end', () => {
  expect(toneOf(event(5, 'operation-ended', { cause: 'done' }))).toBe('good');
  expect(toneOf(event(5, 'operation-ended', { cause: 'failed' }))).toBe('bad');
  expect(toneOf(event(5, 'of-another-time'))).toBe('quiet');
});

test('an event that comes twice is there once', () => {
  expect(append(events, [event(4, 'x'), event(5, 'y')]).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
});
