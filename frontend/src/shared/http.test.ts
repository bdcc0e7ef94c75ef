import { expect, test } from 'vitest';
import { fakeApi, problem } from '../../test/fakeApi';
import { get, post, Problem } from './http';

test('a POST carries the value of the XSRF-TOKEN cookie, and a GET does not', async () => {
  const calls = fakeApi({ 'POST /a': { status: 204 }, 'GET /a': { status: 200, body: {} } });
  document.cookie = 'XSRF-TOKEN=se%20cret';

  await post('/a');
  await get('/a');

  expect(calls.map((call) => call.headers.get('X-XSRF-TOKEN'))).toEqual(['se cret', null]);
});

test('a refusal is a Problem with the status and the detail', async () => {
  fakeApi({ 'POST /a': problem(409, 'Worker 1 is already being restarted.') });

  const refused = post('/a');

  await expect(refused).rejects.toBeInstanceOf(Problem);
  await expect(refused).rejects.toMatchObject({ status: 409, message: 'Worker 1 is already being restarted.' });
});

test('an admin app that is not there is a Problem too', async () => {
  fakeApi({});

  const unanswered = get('/a');

  await expect(unanswered).rejects.toMatchObject({ status: 0, message: 'The admin app does not answer.' });
});
