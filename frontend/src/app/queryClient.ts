import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { forgetSession, type Session, sessionKey } from '../features/session/api';
import { Problem } from '../shared/http';

/** Any 401 while we thought we were signed in means the session is over; it leads to the login, once. */
export function createQueryClient(): QueryClient {
  const onError = (error: Error) => {
    const signedIn = client.getQueryData<Session | null>(sessionKey) != null;
    if (signedIn && error instanceof Problem && error.status === 401) void forgetSession(client);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        refetchOnWindowFocus: false,
        // A refusal is an answer; asking again would not change it.
        retry: (failures, error) =>
          failures < 3 && !(error instanceof Problem && error.status >= 400 && error.status < 500),
        retryDelay: 1000,
        gcTime: Infinity,
      },
    },
  });
  return client;
}
