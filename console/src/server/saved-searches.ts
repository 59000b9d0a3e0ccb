/** Searches that were given a name, shared by all who may read the project. */
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type { SavedSearchBody, SavedSearchInfo, SavedSearchList } from '../../../src/api/saved-searches.js';
import { callForJson, callForNothing } from './call.js';

export function savedSearchesOf(project: string) {
  return queryOptions({
    queryKey: ['saved-searches', project],
    queryFn: async ({ signal }): Promise<readonly SavedSearchInfo[]> => {
      const list = await callForJson<SavedSearchList>(pathOf(project), { signal });
      return list.savedSearches;
    },
  });
}

export const useSaveSearch = (project: string) =>
  useChange(project, ({ id, ...body }: SavedSearchBody & { readonly id: string | null }) =>
    id === null
      ? callForJson<SavedSearchInfo>(pathOf(project), { method: 'POST', body })
      : callForJson<SavedSearchInfo>(`${pathOf(project)}/${encodeURIComponent(id)}`, { method: 'PUT', body }),
  );

export const useDeleteSearch = (project: string) =>
  useChange(project, (id: string) =>
    callForNothing(`${pathOf(project)}/${encodeURIComponent(id)}`, { method: 'DELETE' }),
  );

function useChange<Input, Output>(project: string, change: (input: Input) => Promise<Output>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => cache.invalidateQueries({ queryKey: ['saved-searches', project] }),
  });
}

function pathOf(project: string): string {
  return `projects/${encodeURIComponent(project)}/saved-searches`;
}
