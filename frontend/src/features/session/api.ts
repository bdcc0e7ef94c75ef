import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, post, Problem } from '../../shared/http';

/** Who is signed in, by a password of Drover's or not, and whether somebody else has chosen it. */
export type Session = { user: string; roles: string[]; hasPassword?: boolean; passwordIsInitial?: boolean };

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

/** How one can sign in beside by password: by a button with this name, which leads away. */
type SignIn = { singleSignOn?: { name: string; path: string } };

export function useSignIn() {
  return useQuery({ queryKey: ['sign-in'], queryFn: () => get<SignIn>('/api/v1/login'), staleTime: Infinity });
}

/** Why the provider's user came back in vain, as the server says in the address. */
export function refusedSignIn(search: string): string | undefined {
  const code = new URLSearchParams(search).get('refused');
  return code === null ? undefined : (REFUSALS[code] ?? REFUSALS.failed);
}

const REFUSALS: Record<string, string> = {
  'no-role': 'You have no role here. Ask whoever runs this Drover for one.',
  'no-name': 'The provider has given you no name that Drover could take. Ask whoever runs this Drover.',
  cancelled: 'You did not sign in at the provider.',
  expired: 'That took too long, or began in another browser. Try again.',
  failed: 'The provider could not be reached or gave no good answer; the log of admin tells more.',
};

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
