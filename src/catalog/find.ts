/** Looking up what must be there. */
import { ApiError } from '../errors.js';
import type { Logstore, Project } from '../model/catalog.js';
import { companionsOf, ownerName, settledLogs } from '../model/quarantine.js';
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

/** The same for who only reads: it may be the quarantine of a logstore as well. */
export function findReadable(view: CatalogView, project: string, name: string): Logstore {
  const owner = ownerName(name);
  if (owner === undefined) return findLogstore(view, project, name);
  const found = view.logstore(project, owner);
  const companion = found && companionsOf(found).find((one) => one.name === name);
  // What is wrong is told of the name that was given.
  return companion ?? findLogstore(view, project, name);
}

/**
 * The same for who deletes single logs of it. Not what says which quarantined logs were replayed: without it they would be
 * replayed again.
 */
export function findErasable(view: CatalogView, project: string, name: string): Logstore {
  const logstore = findReadable(view, project, name);
  const owner = view.logstore(project, ownerName(name) ?? name);
  if (owner !== undefined && settledLogs(owner)?.id === logstore.id) {
    throw new ApiError('ParameterInvalid', {
      reason: `the logs of ${name} say what was replayed, and cannot be deleted`,
    });
  }
  return logstore;
}
