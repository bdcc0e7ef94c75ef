import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { fakeApi, problem } from '../../../test/fakeApi';
import { LoginPage } from './LoginPage';

function show() {
  render(
    <MantineProvider>
      <QueryClientProvider client={new QueryClient()}>
        <LoginPage />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

async function signIn() {
  await userEvent.type(screen.getByLabelText('User name'), 'admin');
  await userEvent.type(screen.getByLabelText('Password'), 'guess{Enter}');
}

test('the fields are those a password manager looks for, and the first has the focus', () => {
  show();

  expect(screen.getByLabelText('User name')).toHaveFocus();
  expect(screen.getByLabelText('User name')).toHaveAttribute('autocomplete', 'username');
  expect(screen.getByLabelText('Password')).toHaveAttribute('autocomplete', 'current-password');
});

test('there is a way to the OpenID provider where one is configured', async () => {
  fakeApi({
    'GET /api/v1/login': { status: 200, body: { singleSignOn: { name: 'Example', path: '/login/oidc' } } },
  });
  show();

  expect(await screen.findByRole('link', { name: 'Sign in with Example' })).toHaveAttribute('href', '/login/oidc');
});

test.each([
  ['no-role', 'You have no role here.'],
  ['expired', 'Try again.'],
  ['<b>other</b>', 'The provider could not be reached'],
])('whoever comes back from the provider in vain reads why: %s', (code, sentence) => {
  window.history.replaceState(null, '', `/?refused=${encodeURIComponent(code)}`);
  fakeApi({ 'GET /api/v1/login': { status: 200, body: {} } });
  show();

  expect(screen.getByRole('alert')).toHaveTextContent(sentence);
  expect(window.location.search).toBe('');
});

test('a wrong password is said, and the field is ready for the next one', async () => {
  const calls = fakeApi({ 'POST /api/v1/login': problem(401, 'Bad credentials') });
  show();

  await signIn();

  expect(await screen.findByRole('alert')).toHaveTextContent('User name or password is wrong.');
  expect(screen.getByLabelText('Password')).toHaveFocus();
  expect(calls.find(({ method }) => method === 'POST')?.body).toBe('username=admin&password=guess');
});

test('too many attempts are said with what to do', async () => {
  fakeApi({ 'POST /api/v1/login': problem(429, 'Try again in 30 seconds.') });
  show();

  await signIn();

  expect(await screen.findByRole('alert')).toHaveTextContent('Too many attempts. Try again in 30 seconds.');
});
