/** Deleting logs for good: src/api/deletions.ts has the shapes, docs/privacy.md what they mean. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { Deletion, DeletionList, DeletionPreview, DeletionRequest } from '../../../src/api/deletions.js';
import { callForJson, logstorePath } from './call.js';

const DELETIONS = ['deletions'] as const;

const REFRESH_MS = 2000;

/** Newest first. */
export function deletionsOf(project: string, logstore: string) {
  return queryOptions<readonly Deletion[]>({
    queryKey: [...DELETIONS, project, logstore],
    refetchInterval: REFRESH_MS,
    queryFn: async ({ signal }) =>
      (await callForJson<DeletionList>(deletionsPath(project, logstore), { signal })).deletions,
  });
}

export function usePreviewDeletion(project: string, logstore: string) {
  return useMutation({
    mutationFn: (body: DeletionRequest) =>
      callForJson<DeletionPreview>(`${deletionsPath(project, logstore)}/preview`, { method: 'POST', body }),
  });
}

export const useBeginDeletion = (project: string, logstore: string) =>
  useChange((body: DeletionRequest) =>
    callForJson<Deletion>(deletionsPath(project, logstore), { method: 'POST', body }),
  );

export const useCancelDeletion = (project: string, logstore: string) =>
  useChange((id: string) =>
    callForJson<Deletion>(`${deletionsPath(project, logstore)}/${encodeURIComponent(id)}`, { method: 'DELETE' }),
  );

function useChange<Input>(change: (input: Input) => Promise<Deletion>) {
  const cache = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => cache.invalidateQueries({ queryKey: DELETIONS }) });
}

function deletionsPath(project: string, logstore: string): string {
  return `${logstorePath(project, logstore)}/deletions`;
}
