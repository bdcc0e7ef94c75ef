import { vi } from 'vitest';

type Answer = { status: number; body?: unknown };
export type Call = { method: string; path: string; headers: Headers; body: string };

/** The API at the network: `METHOD path` → answer, which a test may change as it goes. Returns the calls made. */
export function fakeApi(answers: Record<string, Answer>): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal('fetch', (path: string, init: RequestInit = {}) => {
    const method = init.method ?? 'GET';
    const body = init.body instanceof URLSearchParams ? init.body.toString() : '';
    calls.push({ method, path, headers: new Headers(init.headers), body });
    const answer = answers[`${method} ${path}`];
    if (answer === undefined) return Promise.reject(new TypeError(`nothing listens for ${method} ${path}`));
    return Promise.resolve(respond(answer));
  });
  return calls;
}

function respond({ status, body }: Answer): Response {
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  return new Response(body === undefined ? null : JSON.stringify(body), { status, headers: { 'Content-Type': type } });
}

export function problem(status: number, detail: string): Answer {
  return { status, body: { type: 'about:blank', title: 'Refused', status, detail } };
}
