import { focusManager, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Call, fakeApi } from '../../../test/fakeApi';
import { useSession } from './api';

const HALF_AN_HOUR = 30 * 60_000;

let calls: Call[];

beforeEach(() => {
  vi.useFakeTimers();
  calls = fakeApi({ 'GET /api/v1/session': { status: 200, body: { user: 'admin', roles: ['admin'] } } });
});

afterEach(() => {
  focusManager.setFocused(undefined);
  vi.useRealTimers();
});

async function halfAnHourOf(shown: boolean): Promise<number> {
  const client = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  renderHook(useSession, { wrapper });
  await act(() => vi.advanceTimersByTimeAsync(100));
  expect(calls).toHaveLength(1);
  focusManager.setFocused(shown);
  await act(() => vi.advanceTimersByTimeAsync(HALF_AN_HOUR - 200));
  return calls.length - 1;
}

test('a session is used while its dashboard is shown, though it only streams', async () => {
  expect(await halfAnHourOf(true)).toBe(2);
});

test('a session is not used while its dashboard is hidden', async () => {
  expect(await halfAnHourOf(false)).toBe(0);
});
