/** A refusal with its reason: an answer of `application/problem+json`, or no answer at all (status 0). */
export class Problem extends Error {
  readonly status: number;
  /** What else the problem document says, as it came: `line`, `key`, … */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(status: number, why: string, members: Record<string, unknown> = {}) {
    super(why);
    this.name = 'Problem';
    this.status = status;
    this.members = members;
  }
}

/** What is sent: JSON, or a text with its media type. */
export type Content = { json: unknown } | { text: string; type: string };

/** GET, parsed. */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await getTagged<T>(path, signal)).value;
}

/** With the ETag by which a change says what it was made from; null where there is none. */
export type Tagged<T> = { value: T; tag: string | null };

/** GET, parsed, with its ETag. */
export async function getTagged<T>(path: string, signal?: AbortSignal): Promise<Tagged<T>> {
  const response = await send(path, { headers: { Accept: 'application/json' }, ...(signal ? { signal } : {}) });
  return { value: (await response.json()) as T, tag: response.headers.get('ETag') };
}

/** GET of a text. */
export async function getText(path: string, signal?: AbortSignal): Promise<string> {
  return (await send(path, signal ? { signal } : {})).text();
}

/** POST with the CSRF header; fields travel as a form. The answer is parsed, and undefined where there is none. */
export async function post<T = void>(path: string, fields?: Record<string, string>): Promise<T> {
  const init: RequestInit = { method: 'POST', headers: csrf() };
  return parsed<T>(await send(path, fields ? { ...init, body: new URLSearchParams(fields) } : init));
}

/** Any other change, with the CSRF header. The answer is parsed, and undefined where there is none. */
export async function change<T = void>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  content?: Content,
  headers: Record<string, string> = {},
): Promise<T> {
  const init: RequestInit = { method, headers: { ...csrf(), ...headers, ...typeOf(content) } };
  return parsed<T>(await send(path, content ? { ...init, body: bodyOf(content) } : init));
}

/** A path from parts that may hold anything. */
export function pathOf(...parts: (string | number)[]): string {
  return `/api/v1/${parts.map((part) => encodeURIComponent(part)).join('/')}`;
}

function typeOf(content: Content | undefined): Record<string, string> {
  if (content === undefined) return {};
  return { 'Content-Type': 'json' in content ? 'application/json' : content.type };
}

function bodyOf(content: Content): string {
  return 'json' in content ? JSON.stringify(content.json) : content.text;
}

async function parsed<T>(response: Response): Promise<T> {
  return (response.status === 204 ? undefined : await response.json()) as T;
}

async function send(path: string, init: RequestInit): Promise<Response> {
  const response = await answer(path, init);
  if (!response.ok) throw await problemOf(response);
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

async function problemOf(response: Response): Promise<Problem> {
  const bare = `The admin app answered ${response.status}.`;
  if (!response.headers.get('Content-Type')?.includes('json')) return new Problem(response.status, bare);
  const members = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const { detail, title } = members as { detail?: string; title?: string };
  return new Problem(response.status, detail ?? title ?? bare, members);
}

function csrf(): Record<string, string> {
  const token = /(?:^|; )XSRF-TOKEN=([^;]*)/.exec(document.cookie)?.[1];
  return token === undefined ? {} : { 'X-XSRF-TOKEN': decodeURIComponent(token) };
}
