/** Projects and logstores, as the service has them. */
import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import type {
  CreateLogstore,
  CreateProject,
  LogstoreInfo,
  LogstoreList,
  ProjectInfo,
  ProjectList,
  UpdateLogstore,
  UpdateProject,
} from '../../../src/api/catalog.js';
import type { SessionInfo } from '../../../src/api/session.js';
import { callForJson, callForNothing, logstorePath } from './call.js';

const PROJECTS = ['projects'] as const;

/** Names of the projects that the holder of the key may see. Who has a key for some of them may not ask for all. */
export function projectNames({ projects }: SessionInfo) {
  return queryOptions({
    queryKey: [...PROJECTS, 'names'],
    queryFn: async ({ signal }): Promise<readonly string[]> => {
      if (projects !== null) return projects;
      const list = await callForJson<ProjectList>('projects', { signal });
      return list.projects.map(({ name }) => name);
    },
  });
}

export function projectOf(name: string) {
  return queryOptions({
    queryKey: [...PROJECTS, name],
    queryFn: ({ signal }) => callForJson<ProjectInfo>(projectPath(name), { signal }),
  });
}

export function logstoresOf(project: string) {
  return queryOptions({
    queryKey: [...PROJECTS, project, 'logstores'],
    queryFn: async ({ signal }): Promise<readonly LogstoreInfo[]> => {
      const list = await callForJson<LogstoreList>(`${projectPath(project)}/logstores`, { signal });
      return list.logstores;
    },
  });
}

/** Everything of the catalog that is shown is asked again after a change. */
function useChange<Input>(change: (input: Input) => Promise<unknown>) {
  const cache = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => forgetCatalog(cache) });
}

function forgetCatalog(cache: QueryClient): Promise<void> {
  return cache.invalidateQueries({ queryKey: PROJECTS });
}

export const useCreateProject = () =>
  useChange((body: CreateProject) => callForJson<ProjectInfo>('projects', { method: 'POST', body }));

export const useUpdateProject = (project: string) =>
  useChange((body: UpdateProject) => callForJson<ProjectInfo>(projectPath(project), { method: 'PUT', body }));

export const useDeleteProject = (project: string) =>
  useChange(() => callForNothing(projectPath(project), { method: 'DELETE' }));

export const useCreateLogstore = (project: string) =>
  useChange((body: CreateLogstore) =>
    callForJson<LogstoreInfo>(`${projectPath(project)}/logstores`, { method: 'POST', body }),
  );

export const useUpdateLogstore = (project: string, logstore: string) =>
  useChange((body: UpdateLogstore) =>
    callForJson<LogstoreInfo>(logstorePath(project, logstore), { method: 'PUT', body }),
  );

export const useDeleteLogstore = (project: string, logstore: string) =>
  useChange(() => callForNothing(logstorePath(project, logstore), { method: 'DELETE' }));

function projectPath(project: string): string {
  return `projects/${encodeURIComponent(project)}`;
}
