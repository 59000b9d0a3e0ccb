/** What follows from a command: events, or the reason it is refused. Nothing is changed here. */
import { ApiError } from '../errors.js';
import { isAccessKeyId, isAccessKeySecret } from '../model/access-key.js';
import type { Logstore } from '../model/catalog.js';
import { isLogstoreName, isProjectName } from '../model/names.js';
import type { CatalogCommand, CatalogEvent, CatalogView } from './catalog.js';

/** Retention in days. SLS: 1 to 3650. */
const TTL_DAYS_MAX = 3650;

/** In characters; ours, since a description is a line in a list. */
const DESCRIPTION_LENGTH_MAX = 1000;

export interface Moment {
  /** Unix seconds. */
  readonly now: number;
  /** The id that a new logstore takes. */
  readonly nextId: number;
}

/** Throws ApiError if the command cannot be followed. */
export function decide(command: CatalogCommand, view: CatalogView, { now, nextId }: Moment): CatalogEvent[] {
  switch (command.do) {
    case 'createProject': {
      const { name, description } = command;
      if (!isProjectName(name)) {
        refuse(`project name ${name} is invalid: 3 to 63 lower-case letters, digits and -, neither end a -`);
      }
      if (description.length > DESCRIPTION_LENGTH_MAX) {
        refuse(`description must not be longer than ${DESCRIPTION_LENGTH_MAX} characters`);
      }
      if (view.project(name) !== undefined) throw new ApiError('ProjectAlreadyExist', { project: name });
      return [{ event: 'project', project: { name, description, createdAt: now } }];
    }
    case 'deleteProject': {
      const { name } = command;
      needProject(view, name);
      const logstores = view.logstores(name).map(({ id }) => ({ event: 'logstoreDeleted', id }) as const);
      return [...logstores, { event: 'projectDeleted', name }];
    }
    case 'createLogstore': {
      const { project, name, webTracking, ttlDays, appendMeta } = command;
      needProject(view, project);
      if (!isLogstoreName(name)) throw new ApiError('LogStoreInfoInvalid', { logstore: name });
      checkTtl(ttlDays);
      if (view.logstore(project, name) !== undefined) throw new ApiError('LogStoreAlreadyExist', { logstore: name });
      const logstore = { id: nextId, project, name, webTracking, ttlDays, appendMeta, createdAt: now };
      return [{ event: 'logstore', logstore }];
    }
    case 'updateLogstore': {
      const { project, name, webTracking, ttlDays, appendMeta } = command;
      const old = needLogstore(view, project, name);
      if (ttlDays !== undefined) checkTtl(ttlDays);
      const logstore = {
        ...old,
        webTracking: webTracking ?? old.webTracking,
        ttlDays: ttlDays ?? old.ttlDays,
        appendMeta: appendMeta ?? old.appendMeta,
      };
      return [{ event: 'logstore', logstore }];
    }
    case 'deleteLogstore': {
      const { id } = needLogstore(view, command.project, command.name);
      return [{ event: 'logstoreDeleted', id }];
    }
    case 'createAccessKey': {
      const { id, secret } = command;
      if (!isAccessKeyId(id) || !isAccessKeySecret(secret))
        refuse('an access key is an id and a secret of visible ASCII');
      if (view.accessKey(id) !== undefined) refuse(`access key ${id} already exists`);
      return [{ event: 'accessKey', key: { id, secret, createdAt: now } }];
    }
  }
}

function needProject(view: CatalogView, name: string): void {
  if (view.project(name) === undefined) throw new ApiError('ProjectNotExist', { project: name });
}

function needLogstore(view: CatalogView, project: string, name: string): Logstore {
  needProject(view, project);
  const logstore = view.logstore(project, name);
  if (logstore === undefined) throw new ApiError('LogStoreNotExist', { logstore: name });
  return logstore;
}

function checkTtl(days: number): void {
  if (!Number.isInteger(days) || days < 1 || days > TTL_DAYS_MAX) {
    refuse(`ttlDays must be a whole number from 1 to ${TTL_DAYS_MAX}`);
  }
}

function refuse(reason: string): never {
  throw new ApiError('ParameterInvalid', { reason });
}
