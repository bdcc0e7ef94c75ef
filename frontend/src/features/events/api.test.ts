import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { fakeApi } from '../../../test/fakeApi';
import { askEvents, type Event, writeEvent } from './api';

const event = (id: number): Event => ({ id, at: '2026-11-27T13:00:00Z', kind: 'worker-crashed', actor: 'drover' });

/** A page that knows the first event. */
function page(): { client: QueryClient; known: () => number[] } {
  const client = new QueryClient();
  client.setQueryData<Event[]>(['events'], [event(1)]);
  return { client, known: () => (client.getQueryData<Event[]>(['events']) ?? []).map(({ id }) => id) };
}

test('an event of the stream is taken if the one before it is known, and not again', () => {
  const { client, known } = page();

  writeEvent(client, event(3));
  expect(known()).toEqual([1]);
  writeEvent(client, event(2));
  writeEvent(client, event(3));
  writeEvent(client, event(2));

  expect(known()).toEqual([1, 2, 3]);
});

test('an event that the stream brings while admin is asked is not lost by an answer from before it', async () => {
  const { client } = page();
  fakeApi({ 'GET /api/v1/events?after=1&limit=1000': { status: 200, body: [] } });

  const asked = askEvents(client, new AbortController().signal);
  writeEvent(client, event(2));

  expect((await asked).map(({ id }) => id)).toEqual([1, 2]);
});

test('what the stream did not bring is found by asking', async () => {
  const { client } = page();
  fakeApi({ 'GET /api/v1/events?after=1&limit=1000': { status: 200, body: [event(2), event(3)] } });

  expect((await askEvents(client, new AbortController().signal)).map(({ id }) => id)).toEqual([1, 2, 3]);
});
