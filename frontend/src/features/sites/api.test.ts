import { expect, test } from 'vitest';
import { classesOf, trafficOf, type Vhost } from './api';

function vhost(name: string, requests: number): Vhost {
  return {
    name,
    requests,
    answers: [],
    bytes: 0,
    firstByte: { recentSeconds: 10, recent: null, sinceStart: null },
  };
}

test('what came per second is the growth between two readings', () => {
  const first = trafficOf(undefined, [vhost('a', 100), vhost('b', 50)], 1000);

  const second = trafficOf(first, [vhost('a', 140), vhost('b', 10), vhost('c', 5)], 3000);

  expect(first.requestsPerSecond).toEqual({});
  expect(second.requestsPerSecond).toEqual({ a: 20 });
});

test('answers are summed by class, and what is too rare is other', () => {
  const classes = classesOf([
    { method: 'GET', code: 200, count: 7 },
    { method: 'HEAD', code: 206, count: 2 },
    { method: 'GET', code: 404, count: 3 },
    { method: 'other', code: 0, count: 1 },
  ]);

  expect(classes).toEqual({ '2xx': 9, '3xx': 0, '4xx': 3, '5xx': 0, other: 1 });
});
