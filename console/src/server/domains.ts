/** Custom domains, for those whose key is for all projects. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { DomainInfo, DomainList } from '../../../src/api/domains.js';
import { callForJson, callForNothing } from './call.js';
import { trackingAddress } from './tracking.js';

const DOMAINS = ['domains'] as const;

export const allDomains = queryOptions({
  queryKey: DOMAINS,
  queryFn: async ({ signal }): Promise<readonly DomainInfo[]> =>
    (await callForJson<DomainList>('domains', { signal })).domains,
});

function useChange<Input, Output>(change: (input: Input) => Promise<Output>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      // What is copied into pages names them too.
      await cache.invalidateQueries({ queryKey: trackingAddress.queryKey });
      await cache.invalidateQueries({ queryKey: DOMAINS });
    },
  });
}

export const useAddDomain = () =>
  useChange(({ host, project }: Pick<DomainInfo, 'host' | 'project'>) =>
    callForJson<DomainInfo>(domainPath(host), { method: 'PUT', body: { project } }),
  );

export const useDeleteDomain = () =>
  useChange((host: string) => callForNothing(domainPath(host), { method: 'DELETE' }));

function domainPath(host: string): string {
  return `domains/${encodeURIComponent(host)}`;
}
