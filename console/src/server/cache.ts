/** What was asked of the service, kept while it is shown. */
import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ServerError } from './call.js';
import { SESSION_KEY } from './session.js';

export function createCache(): QueryClient {
  const cache: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError(error) {
        // The session may be over: then whoever it was is asked to sign in again, and stays where he is.
        if (error instanceof ServerError && error.status === 401) {
          void cache.invalidateQueries({ queryKey: SESSION_KEY });
        }
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        // A refusal stays one. What got no answer may get one.
        retry: (failures, error) => failures < 1 && !(error instanceof ServerError),
        retryDelay: 500,
      },
    },
  });
  return cache;
}
