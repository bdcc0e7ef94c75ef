import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post, Problem } from '../../shared/http';

/** Who is signed in, and whether Drover or somebody else has chosen the password. */
export type Session = { user: string; roles: string[]; passwordIsInitial?: boolean };

export const sessionKey = ['session'];

export async function fetchSession(): Promise<Session | null> {
  try {
    return await get<Session>('/api/v1/session');
  } catch (problem) {
    if (problem instanceof Problem && problem.status === 401) return null;
    throw problem;
  }
}

/** A stream alone is no use of a session, which ends after 30 idle minutes. */
const KEEP_MILLIS = 10 * 60_000;

/** Kept while somebody may look: in a hidden tab nothing is asked, so that one ends when it has long been left. */
export function useSession() {
  return useQuery({
    queryKey: sessionKey,
    queryFn: fetchSession,
    staleTime: Infinity,
    refetchInterval: ({ state }) => (state.data == null ? false : KEEP_MILLIS),
    retry: true,
    retryDelay: 2000,
  });
}

/** A viewer watches; operators and admins command. */
export function mayOperate(session: Session): boolean {
  return session.roles.some((role) => role === 'operator' || role === 'admin');
}

/** Admins also change the configuration's text, and say who may what. */
export function mayAdminister(session: Session): boolean {
  return session.roles.includes('admin');
}

export function useLogin() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: { username: string; password: string }) => post('/api/v1/login', given),
    // The session is asked for again: its answer also brings the CSRF cookie of the new session.
    onSuccess: () => client.query({ queryKey: sessionKey, queryFn: fetchSession }),
  });
}

export function useLogout() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => post('/api/v1/logout'),
    onSuccess: () => forgetSession(client),
  });
}

/** The server no longer knows us: nothing of what we saw stays, and the login is shown. */
export async function forgetSession(client: QueryClient): Promise<void> {
  client.setQueryData(sessionKey, null);
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] });
  await client.invalidateQueries({ queryKey: sessionKey });
}
