/** Who is signed in. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SessionInfo, SignIn } from '../../../src/api/session.js';
import { callForJson, callForNothing, ServerError } from './call.js';

export const SESSION_KEY = ['session'] as const;

/** Null if nobody is. */
export function useSession() {
  return useQuery({
    queryKey: SESSION_KEY,
    staleTime: 60_000,
    refetchOnWindowFocus: true,
    queryFn: async ({ signal }): Promise<SessionInfo | null> => {
      try {
        return await callForJson<SessionInfo>('session', { signal });
      } catch (thrown) {
        if (thrown instanceof ServerError && thrown.status === 401) return null;
        throw thrown;
      }
    },
  });
}

export function useSignIn() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (key: SignIn) => callForJson<SessionInfo>('session', { method: 'POST', body: key }),
    onSuccess: (session) => cache.setQueryData(SESSION_KEY, session),
  });
}

export function useSignOut() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => callForNothing('session', { method: 'DELETE' }),
    onSuccess: () => {
      cache.setQueryData(SESSION_KEY, null);
      // What the key could see goes with it.
      cache.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
    },
  });
}
