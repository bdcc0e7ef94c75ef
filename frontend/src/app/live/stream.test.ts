import { beforeEach, expect, test, vi } from 'vitest';
import { FakeEventSource } from '../../../test/FakeEventSource';
import { snapshot } from '../../../test/farm';
import { keepStream, type Link } from './stream';

let links: Link['kind'][];
let events: number[];
let signedIn: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  FakeEventSource.install();
  links = [];
  events = [];
  signedIn = true;
  return () => vi.useRealTimers();
});

function keep() {
  return keepStream('/stream', {
    onSnapshot: () => undefined,
    onEvent: (event) => events.push(event.id),
    onOperation: () => undefined,
    onLink: (link) => links.push(link.kind),
    mayReconnect: () => Promise.resolve(signedIn),
  });
}

test('a stream that speaks is live', () => {
  keep();

  FakeEventSource.latest.say(snapshot());

  expect(links).toEqual(['connecting', 'live']);
});

test('a broken stream is opened anew, later each time', async () => {
  keep();

  FakeEventSource.latest.breakOff();
  await vi.advanceTimersByTimeAsync(500);
  FakeEventSource.latest.breakOff();
  await vi.advanceTimersByTimeAsync(999);

  expect(FakeEventSource.opened).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(FakeEventSource.opened).toHaveLength(3);
});

test('five silent seconds count as broken', async () => {
  keep();
  FakeEventSource.latest.say(snapshot());
  const silent = FakeEventSource.latest;

  await vi.advanceTimersByTimeAsync(5_000);

  expect(silent.closed).toBe(true);
  expect(links.at(-1)).toBe('reconnecting');
});

test('nobody is called again once the session is over', async () => {
  keep();
  signedIn = false;

  FakeEventSource.latest.breakOff();
  await vi.advanceTimersByTimeAsync(60_000);

  expect(FakeEventSource.opened).toHaveLength(1);
});

test('a page that is left closes its stream for good', async () => {
  const stop = keep();

  stop();
  await vi.advanceTimersByTimeAsync(60_000);

  expect(FakeEventSource.opened.map((source) => source.closed)).toEqual([true]);
});

test('an event is passed on, and is a sign of life', async () => {
  keep();
  await vi.advanceTimersByTimeAsync(4_000);

  FakeEventSource.latest.tell('event', { id: 7, at: '2026-11-27T10:00:00Z', kind: 'login', actor: 'admin' });
  await vi.advanceTimersByTimeAsync(4_000);

  expect(events).toEqual([7]);
  expect(links).toEqual(['connecting', 'live']);
});
