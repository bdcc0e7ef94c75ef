import { expect, test } from 'vitest';
import { status, time, worker } from '../../../test/farm';
import { appendSample, lastMinute, RING, type Sample, seeded } from './history';

/** One snapshot a second, with the counters that worker 1 has in it. */
function historyOf(...seconds: Record<string, number>[]): Sample[] {
  return seconds.reduce<Sample[]>(
    (ring, counters, second) => appendSample(ring, status({ at: time(second) }), [worker(1, { counters }), worker(2)]),
    [],
  );
}

test('throughput is the growth of response_bytes', () => {
  const history = historyOf({ response_bytes: 1000 }, { response_bytes: 5000 });

  expect(history.map((sample) => sample.bytesPerSecond)).toEqual([null, 4000]);
});

test('a sample that came late is no stall', () => {
  const history = historyOf({ response_bytes: 0 }, { response_bytes: 4000 }, { response_bytes: 4000 });

  expect(history.at(-1)?.bytesPerSecond).toBe(2000);
});

test('a counter that went back is unknown, not negative', () => {
  const history = historyOf({ response_bytes: 5000 }, { response_bytes: 10 });

  expect(history.at(-1)?.bytesPerSecond).toBeNull();
});

test('the share of 5xx counts all answers and leaves out what is no answer', () => {
  const history = historyOf({ requests_2xx: 100 }, { requests_2xx: 190, requests_5xx: 10, requests_shed: 10 });

  expect(history.at(-1)?.errorShare).toBe(0.1);
  expect(lastMinute(history)).toMatchObject({ seconds: 1, asked: 100, errors: 10, shed: 10 });
});

test('without requests there is no share', () => {
  const history = historyOf({ requests_2xx: 100 }, { requests_2xx: 100 });

  expect(history.at(-1)?.errorShare).toBeNull();
});

test('a snapshot between two seconds, for a change of state, is no sample', () => {
  const first = appendSample([], status({ at: time(0) }), []);

  const second = appendSample(first, status({ at: time(0.2) }), []);

  expect(second).toBe(first);
});

test('the ring keeps five minutes', () => {
  const history = historyOf(...Array.from({ length: RING + 20 }, () => ({})));

  expect(history).toHaveLength(RING);
  expect(history[0]?.at).toBe(Date.parse(time(20)) / 1000);
});

test('a server clock that went back begins a new history', () => {
  const before = historyOf({}, {}, {});

  const after = appendSample(before, status({ at: time(-100) }), []);

  expect(after).toHaveLength(1);
});

test('a connection that was rejected was asked and is an error', () => {
  const history = historyOf({ requests_2xx: 0 }, { requests_2xx: 30, connections_rejected_overload: 10 });

  expect(history.at(-1)?.errorShare).toBe(0.25);
  expect(lastMinute(history)).toMatchObject({ asked: 40, errors: 10, shed: 10 });
});

test('what admin remembers stands before what was seen, and once', () => {
  const seen = historyOf({ response_bytes: 0 }, { response_bytes: 10 });
  const first = Date.parse(time(0)) / 1000;
  const past = {
    from: time(-2),
    to: time(1),
    step: 1,
    columns: {
      requestsPerSecond: [null, 40, 118],
      bytesPerSecond: [null, 4000, 9000],
      reading: [null, 1, 0],
      writing: [null, 2, 1],
      idle: [null, 3, 3],
      errorsPerSecond: [null, 0, 0],
      workersUp: [null, 2, 2],
    },
  };

  const history = seeded(seen, past);

  expect(history.map((sample) => sample.at)).toEqual([first - 1, first, first + 1]);
  expect(history[0]).toMatchObject({ requestsPerSecond: 40, connections: { reading: 1, writing: 2, idle: 3 } });
  expect(lastMinute(history)).toMatchObject({ seconds: 1, bytes: 10 });
});
