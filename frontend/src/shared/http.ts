/** A refusal with its reason: an answer of `application/problem+json`, or no answer at all (status 0). */
export class Problem extends Error {
  readonly status: number;

  constructor(status: number, why: string) {
    super(why);
    this.name = 'Problem';
    this.status = status;
  }
}

/** GET, parsed. */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await send(path, signal ? { signal } : {});
  return (await response.json()) as T;
}

/** POST with the CSRF header; fields travel as a form. The answer is parsed, and undefined where there is none. */
export async function post<T = void>(path: string, fields?: Record<string, string>): Promise<T> {
  const init: RequestInit = { method: 'POST', headers: csrf() };
  const response = await send(path, fields ? { ...init, body: new URLSearchParams(fields) } : init);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function send(path: string, init: RequestInit): Promise<Response> {
  const response = await answer(path, init);
  if (!response.ok) throw new Problem(response.status, await reason(response));
  return response;
}

async function answer(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { ...init, credentials: 'same-origin' });
  } catch (broken) {
    if (broken instanceof DOMException && broken.name === 'AbortError') throw broken;
    throw new Problem(0, 'The admin app does not answer.');
  }
}

async function reason(response: Response): Promise<string> {
  const bare = `The admin app answered ${response.status}.`;
  if (!response.headers.get('Content-Type')?.includes('json')) return bare;
  const problem = (await response.json().catch(() => ({}))) as { title?: string; detail?: string };
  return problem.detail ?? problem.title ?? bare;
}

function csrf(): Record<string, string> {
  const token = /(?:^|; )XSRF-TOKEN=([^;]*)/.exec(document.cookie)?.[1];
  return token === undefined ? {} : { 'X-XSRF-TOKEN': decodeURIComponent(token) };
}
