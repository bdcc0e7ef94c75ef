import { act, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MemoryRouter } from 'react-router';
import { beforeEach, expect, test } from 'vitest';
import { type Call, fakeApi, problem } from '../../test/fakeApi';
import { FakeEventSource } from '../../test/FakeEventSource';
import { draining, operation, snapshot, starting, status, time, worker } from '../../test/farm';
import { App } from './App';
import type { Snapshot } from './live/stream';
import { createQueryClient } from './queryClient';

let answers: Parameters<typeof fakeApi>[0];
let calls: Call[];

beforeEach(() => {
  FakeEventSource.install();
  answers = {
    'GET /api/v1/session': { status: 200, body: { user: 'admin', roles: ['admin'] } },
    'GET /api/v1/status': { status: 200, body: status() },
    'GET /api/v1/workers': { status: 200, body: [worker(1), worker(2)] },
    'GET /api/v1/events?limit=1000': { status: 200, body: [] },
    'GET /api/v1/workers/1/requests': { status: 200, body: { inFlight: [], finished: [] } },
    'GET /api/v1/workers/2/requests': { status: 200, body: { inFlight: [], finished: [] } },
  };
  calls = fakeApi(answers);
});

function open(path = '/') {
  render(
    <MemoryRouter initialEntries={[path]}>
      <App client={createQueryClient()} />
    </MemoryRouter>,
  );
}

async function openOverview(first: Snapshot = snapshot()) {
  open();
  // Its files are loaded when it is opened.
  await screen.findByRole('table', { name: 'Workers' }, { timeout: 15_000 });
  await say(first);
}

/** The query cache tells of news in the next turn. */
const say = (snapshot: Snapshot) =>
  act(async () => {
    FakeEventSource.latest.say(snapshot);
    await new Promise((turn) => setTimeout(turn));
  });
const row = (slot: number) => screen.getByRole('row', { name: new RegExp(`^Worker ${slot},`) });

test('whoever is not signed in sees the login', async () => {
  answers['GET /api/v1/session'] = problem(401, 'Sign in first.');

  open();

  expect(await screen.findByRole('form', { name: 'Sign in' })).toBeVisible();
});

test('the stream moves the numbers', async () => {
  await openOverview();

  await say(snapshot({ status: status({ at: time(1), requestsPerSecond: 12_345 }) }));

  expect(within(screen.getByRole('group', { name: 'Requests' })).getByText('12,345')).toBeVisible();
  expect(screen.getByRole('status', { name: 'Connection' })).toHaveTextContent('Live');
  expect(document.title).toBe('Both workers are up. · Drover');
});

test('a restart names its effect, is sent, and is followed to the new process', async () => {
  await openOverview();
  answers['POST /api/v1/workers/1/restart'] = { status: 202, body: operation({ startedAt: time(1) }) };

  await userEvent.click(screen.getByRole('button', { name: 'Restart worker 1' }));
  const dialog = await screen.findByRole('dialog', { name: 'Restart worker 1?' });
  expect(dialog).toHaveTextContent('Its 4 connections go on with the other workers or finish on the old process.');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Restart worker 1' }));

  await waitFor(() => expect(dialog).not.toBeInTheDocument());
  const button = await screen.findByRole('button', { name: 'Worker 1 is restarting' });
  expect(button).toHaveAttribute('aria-disabled', 'true');
  expect(calls).toContainEqual(expect.objectContaining({ method: 'POST', path: '/api/v1/workers/1/restart' }));

  const running = operation({ startedAt: time(1) });
  await say(snapshot({ status: status({ at: time(1.2) }), workers: [starting(), worker(2)], operations: [running] }));
  expect(within(row(1)).getAllByText('STARTING')).not.toHaveLength(0);
  await say(snapshot({ status: status({ at: time(1.6) }), workers: [draining(), worker(2)], operations: [running] }));
  expect(row(1)).toHaveTextContent('pid 902');
  expect(row(1)).toHaveTextContent('pid 813');

  const done = operation({ startedAt: time(1), state: 'DONE', finishedAt: time(2.4) });
  await say(snapshot({ status: status({ at: time(2.4) }), workers: [worker(1, { pid: 902 })], operations: [done] }));
  const trail = screen.getByRole('region', { name: 'Restart of worker 1' });
  expect(trail).toHaveTextContent('Restart of worker 1 by admin done in 1.4 s: pid 813 → 902');
  expect(within(trail).getAllByRole('img', { name: 'done' })).toHaveLength(3);
  expect(screen.getByRole('button', { name: 'Restart worker 1' })).toHaveAttribute('aria-disabled', 'false');
});

test('a refused restart says why, where it was asked for', async () => {
  await openOverview();
  answers['POST /api/v1/workers/2/restart'] = problem(409, 'Worker 2 is already being restarted.');

  await userEvent.click(screen.getByRole('button', { name: 'Restart worker 2' }));
  const dialog = await screen.findByRole('dialog', { name: 'Restart worker 2?' });
  await userEvent.click(within(dialog).getByRole('button', { name: 'Restart worker 2' }));

  expect(await within(dialog).findByRole('alert')).toHaveTextContent('Worker 2 is already being restarted.');
});

test('a viewer sees no buttons that act', async () => {
  answers['GET /api/v1/session'] = { status: 200, body: { user: 'eve', roles: ['viewer'] } };

  await openOverview();

  for (const name of [/^Restart/, /^More for/, /^Rolling/, /^Scale/, /^Rebalance/]) {
    expect(screen.queryByRole('button', { name })).toBeNull();
  }
});

test('paused numbers stand still until they are resumed', async () => {
  await openOverview();
  const requests = screen.getByRole('group', { name: 'Requests' });

  await userEvent.click(screen.getByRole('button', { name: 'Pause' }));
  await say(snapshot({ status: status({ at: time(1), requestsPerSecond: 500 }) }));
  expect(requests).toHaveTextContent('118');
  await userEvent.click(screen.getByRole('button', { name: 'Resume' }));

  expect(requests).toHaveTextContent('500');
});

test('an expired session leads to the login', async () => {
  await openOverview();
  answers['GET /api/v1/session'] = problem(401, 'Sign in first.');

  act(() => FakeEventSource.latest.breakOff());

  expect(await screen.findByRole('form', { name: 'Sign in' }, { timeout: 3000 })).toBeVisible();
});

test('a signed-out user sees the login', async () => {
  await openOverview();
  answers['POST /api/v1/logout'] = { status: 204 };
  answers['GET /api/v1/session'] = problem(401, 'Sign in first.');

  await userEvent.click(screen.getByRole('button', { name: 'Sign out' }));

  expect(await screen.findByRole('form', { name: 'Sign in' })).toBeVisible();
});

test('an admin app that does not answer is said, and tried again', async () => {
  delete answers['GET /api/v1/session'];

  open();

  await waitFor(() => expect(screen.getByRole('status')).toHaveTextContent('The admin app does not answer.'));
});

test('an unknown address says so and leads back', async () => {
  open('/nowhere');

  expect(await screen.findByText('Nothing is at /nowhere.')).toBeVisible();
  expect(screen.getByRole('link', { name: 'Go to the overview' })).toHaveAttribute('href', '/');
});
