/** Looking up what must be there. */
import { ApiError } from '../errors.js';
import type { Logstore, Project } from '../model/catalog.js';
import type { CatalogView } from './catalog.js';

/** Throws ProjectNotExist. */
export function findProject(view: CatalogView, name: string): Project {
  const project = view.project(name);
  if (project === undefined) throw new ApiError('ProjectNotExist', { project: name });
  return project;
}

/** Throws ProjectNotExist or, if the project is there, LogStoreNotExist. */
export function findLogstore(view: CatalogView, project: string, name: string): Logstore {
  const logstore = view.logstore(project, name);
  if (logstore !== undefined) return logstore;
  findProject(view, project);
  throw new ApiError('LogStoreNotExist', { logstore: name });
}
