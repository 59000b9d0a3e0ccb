/** The index of a logstore. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { IndexConfig, LogstoreIndexInfo } from '../../../src/api/logstore-index.js';
import { callForJson, callForNothing, logstorePath } from './call.js';

export function indexOf(project: string, logstore: string) {
  return queryOptions({
    queryKey: ['index', project, logstore],
    queryFn: ({ signal }) => callForJson<LogstoreIndexInfo>(indexPath(project, logstore), { signal }),
    // What somebody is changing here does not change under his hands.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

export function useSetIndex(project: string, logstore: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (config: IndexConfig) =>
      callForJson<LogstoreIndexInfo>(indexPath(project, logstore), { method: 'PUT', body: config }),
    onSuccess: (info) => cache.setQueryData(indexOf(project, logstore).queryKey, info),
  });
}

export function useDeleteIndex(project: string, logstore: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => callForNothing(indexPath(project, logstore), { method: 'DELETE' }),
    onSuccess: () => cache.invalidateQueries({ queryKey: indexOf(project, logstore).queryKey }),
  });
}

function indexPath(project: string, logstore: string): string {
  return `${logstorePath(project, logstore)}/index`;
}
