/** What follows from a command: events, or the reason it is refused. Nothing is changed here. */
import { ApiError } from '../errors.js';
import { isAccessKeyId, isAccessKeySecret, mayUse } from '../model/access-key.js';
import type { AccessKey, Logstore } from '../model/catalog.js';
import { DOMAINS_MAX } from '../model/domain.js';
import { isLogstoreName, isProjectName } from '../model/names.js';
import { OPAQUE_ORIGINS, printOriginPattern, readOriginPattern } from '../model/origin.js';
import { PATH_ALIASES_MAX, pathAliasTrouble } from '../model/path-alias.js';
import { QUARANTINE_TTL_DAYS, type Quarantine } from '../model/quarantine.js';
import { SAVED_SEARCHES_MAX } from '../model/saved-search.js';
import {
  DEFAULT_QUOTA,
  KEYS_MAX_MAX,
  OPEN_RULES,
  ORIGINS_MAX,
  type WriteQuota,
  type WriteRules,
} from '../model/write-rules.js';
import type { CatalogCommand, CatalogEvent, CatalogView, QuarantineChange, WriteRulesChange } from './catalog.js';
import { findLogstore, findProject } from './find.js';

/** Retention in days. SLS: 1 to 3650. */
const TTL_DAYS_MAX = 3650;

/** Of a logstore's limit. Less would be a mistake of units: the logs of an hour may take more. */
const MAX_BYTES_MIN = 1024 * 1024;

/** In characters; ours, since a description is a line in a list. */
const DESCRIPTION_LENGTH_MAX = 1000;

export interface Moment {
  /** Unix seconds. */
  readonly now: number;
  /** The first id that was never taken. */
  readonly nextId: number;
}

/** Throws ApiError if the command cannot be followed. */
export function decide(command: CatalogCommand, view: CatalogView, { now, nextId }: Moment): CatalogEvent[] {
  switch (command.do) {
    case 'createProject': {
      const { name, description } = command;
      if (!isProjectName(name)) {
        refuse(`Invalid project name ${name}. It has 3 to 63 lower-case letters, digits and -, neither end a -.`);
      }
      checkDescription(description);
      if (view.project(name) !== undefined) throw new ApiError('ProjectAlreadyExist', { project: name });
      return [
        { event: 'project', project: { name, description, createdAt: now, updatedAt: now, quota: DEFAULT_QUOTA } },
      ];
    }
    case 'updateProject': {
      const old = findProject(view, command.name);
      const { description = old.description } = command;
      checkDescription(description);
      const quota = changedQuota(old.quota, command.quota);
      return [{ event: 'project', project: { ...old, description, quota, updatedAt: now } }];
    }
    case 'deleteProject': {
      const { name } = command;
      findProject(view, name);
      const logstores = view.logstores(name).map(({ id }) => ({ event: 'logstoreDeleted', id }) as const);
      return [...logstores, { event: 'projectDeleted', name }];
    }
    case 'createLogstore': {
      const { project, name, webTracking, ttlDays, maxBytes = 0, appendMeta, extras = {}, writeRules } = command;
      findProject(view, project);
      if (!isLogstoreName(name)) throw new ApiError('LogStoreInfoInvalid', { logstore: name });
      checkTtl(ttlDays);
      checkMaxBytes(maxBytes);
      if (view.logstore(project, name) !== undefined) throw new ApiError('LogStoreAlreadyExist', { logstore: name });
      const settings = { webTracking, ttlDays, maxBytes, appendMeta, extras, index: null };
      const rules = changed(OPEN_RULES, writeRules);
      checkAliases(rules, view, project, name);
      const quarantine = changedQuarantine(null, command.quarantine, nextId + 1);
      const kept = { writeRules: rules, quarantine, createdAt: now, updatedAt: now };
      const logstore = { id: nextId, project, name, ...settings, ...kept };
      return [{ event: 'logstore', logstore }];
    }
    case 'updateLogstore': {
      const { project, name, webTracking, ttlDays, maxBytes, appendMeta, extras, writeRules } = command;
      const old = findLogstore(view, project, name);
      if (ttlDays !== undefined) checkTtl(ttlDays);
      if (maxBytes !== undefined) checkMaxBytes(maxBytes);
      const rules = changed(old.writeRules, writeRules);
      checkAliases(rules, view, project, name);
      const logstore = {
        ...old,
        webTracking: webTracking ?? old.webTracking,
        ttlDays: ttlDays ?? old.ttlDays,
        maxBytes: maxBytes ?? old.maxBytes,
        appendMeta: appendMeta ?? old.appendMeta,
        extras: { ...old.extras, ...extras },
        writeRules: rules,
        quarantine: changedQuarantine(old.quarantine, command.quarantine, nextId),
        updatedAt: now,
      };
      return [{ event: 'logstore', logstore }];
    }
    case 'discardQuarantine': {
      const old = findLogstore(view, command.project, command.name);
      if (old.quarantine === null) return [];
      return [{ event: 'logstore', logstore: { ...old, quarantine: { ...old.quarantine, ...companionIds(nextId) } } }];
    }
    case 'deleteLogstore': {
      const { id } = findLogstore(view, command.project, command.name);
      return [{ event: 'logstoreDeleted', id }];
    }
    case 'createIndex': {
      const old = findLogstore(view, command.project, command.name);
      if (old.index !== null) throw new ApiError('IndexAlreadyExist');
      return [withIndex(old, { config: command.config, updatedAt: now }, now)];
    }
    case 'updateIndex': {
      const old = needIndexed(view, command.project, command.name);
      return [withIndex(old, { config: command.config, updatedAt: now }, now)];
    }
    case 'deleteIndex':
      return [withIndex(needIndexed(view, command.project, command.name), null, now)];
    case 'createAccessKey': {
      const { id, secret, roles, projects } = command;
      if (!isAccessKeyId(id) || !isAccessKeySecret(secret))
        refuse('an access key is an id and a secret of visible ASCII');
      if (roles.length === 0) refuse('an access key has at least one role');
      for (const project of projects ?? []) findProject(view, project);
      if (view.accessKey(id) !== undefined) refuse(`access key ${id} already exists`);
      return [{ event: 'accessKey', key: { id, secret, roles, projects, isEnabled: true, createdAt: now } }];
    }
    case 'switchAccessKey': {
      const { id, isEnabled } = command;
      const old = needKey(view, id);
      if (!isEnabled) keepOneKey(view, id);
      return [{ event: 'accessKey', key: { ...old, isEnabled } }];
    }
    case 'deleteAccessKey': {
      const { id } = command;
      needKey(view, id);
      keepOneKey(view, id);
      return [{ event: 'accessKeyDeleted', id }];
    }
    case 'saveSearch': {
      const { search } = command;
      findProject(view, search.project);
      const others = view.savedSearches(search.project);
      const old = others.find(({ id }) => id === search.id);
      if (old === undefined && others.length >= SAVED_SEARCHES_MAX) {
        refuse(`a project has at most ${SAVED_SEARCHES_MAX} saved searches`);
      }
      return [{ event: 'savedSearch', search: { ...search, createdAt: old?.createdAt ?? now, updatedAt: now } }];
    }
    case 'deleteSearch': {
      const { project, id } = command;
      const isThere = view.savedSearches(project).some((search) => search.id === id);
      if (!isThere) throw new ApiError('SavedSearchNotExist', { id });
      return [{ event: 'savedSearchDeleted', project, id }];
    }
    case 'addDomain': {
      const { host, project } = command;
      findProject(view, project);
      const old = view.domains().get(host);
      // Taken away from its project unseen, a host would send that project's logs to another.
      if (old !== undefined && old.project !== project) {
        throw new ApiError('DomainAlreadyExist', { host, project: old.project });
      }
      if (old === undefined && view.domains().size >= DOMAINS_MAX) {
        refuse(`a service has at most ${DOMAINS_MAX} custom domains`);
      }
      return [{ event: 'domain', domain: { host, project, createdAt: old?.createdAt ?? now } }];
    }
    case 'deleteDomain': {
      const { host } = command;
      if (!view.domains().has(host)) throw new ApiError('DomainNotExist', { host });
      return [{ event: 'domainDeleted', host }];
    }
  }
}

function needIndexed(view: CatalogView, project: string, name: string): Logstore {
  const logstore = findLogstore(view, project, name);
  if (logstore.index === null) refuse('log store index is not created.');
  return logstore;
}

function withIndex(logstore: Logstore, index: Logstore['index'], now: number): CatalogEvent {
  return { event: 'logstore', logstore: { ...logstore, index, updatedAt: now } };
}

function needKey(view: CatalogView, id: string): AccessKey {
  const key = view.accessKey(id);
  if (key === undefined) throw new ApiError('AccessKeyNotExist', { id });
  return key;
}

/** Without a key that may do everything, nobody could make another one. */
function keepOneKey(view: CatalogView, lostId: string): void {
  const isLeft = view
    .accessKeys()
    .some((key) => key.id !== lostId && key.isEnabled && mayUse(key, 'manage', undefined));
  if (!isLeft) refuse(`access key ${lostId} is the last one that may manage everything`);
}

function checkDescription(description: string): void {
  if (description.length > DESCRIPTION_LENGTH_MAX) {
    refuse(`description must not be longer than ${DESCRIPTION_LENGTH_MAX} characters`);
  }
}

function checkTtl(days: number): void {
  if (!Number.isInteger(days) || days < 1 || days > TTL_DAYS_MAX) {
    refuse(`ttlDays must be a whole number from 1 to ${TTL_DAYS_MAX}`);
  }
}

function checkMaxBytes(bytes: number): void {
  if (bytes !== 0 && !(Number.isSafeInteger(bytes) && bytes >= MAX_BYTES_MIN)) {
    refuse(`maxBytes must be 0 for no limit, or a number of bytes from ${MAX_BYTES_MIN}`);
  }
}

/** The rules after a change, with the patterns of origins as they are kept. */
function changed(old: WriteRules, change: WriteRulesChange = {}): WriteRules {
  const { mode = old.origins.mode, allowed, withoutOrigin = old.origins.withoutOrigin } = change.origins ?? {};
  return {
    origins: { mode, allowed: allowed === undefined ? old.origins.allowed : keptPatterns(allowed), withoutOrigin },
    quota: changedQuota(old.quota, change.quota),
    clientAddress: change.clientAddress ?? old.clientAddress,
    pathAliases: change.pathAliases === undefined ? old.pathAliases : [...new Set(change.pathAliases)],
    keysMax: checkedKeysMax(change.keysMax ?? old.keysMax),
  };
}

function checkedKeysMax(keysMax: number): number {
  const isFit = Number.isInteger(keysMax) && keysMax >= 0 && keysMax <= KEYS_MAX_MAX;
  return isFit ? keysMax : refuse(`keysMax must be a whole number from 1 to ${KEYS_MAX_MAX}, or 0 for no limit`);
}

/** Two logstores of a project cannot have the same path. */
function checkAliases({ pathAliases }: WriteRules, view: CatalogView, project: string, name: string): void {
  if (pathAliases.length > PATH_ALIASES_MAX) refuse(`a logstore has at most ${PATH_ALIASES_MAX} path aliases`);
  for (const path of pathAliases) {
    const trouble = pathAliasTrouble(path);
    if (trouble !== null) refuse(`path alias ${JSON.stringify(path.slice(0, 300))} ${trouble}`);
    const other = view.logstoreByPath(project, path)?.name ?? name;
    if (other !== name) refuse(`path alias ${path} belongs to logstore ${other}`);
  }
}

/** Switched on for the first time, it takes ids. */
function changedQuarantine(
  old: Quarantine | null,
  { isOn = old?.isOn ?? false, ttlDays = old?.ttlDays ?? QUARANTINE_TTL_DAYS }: NonNullable<QuarantineChange> = {},
  freeId: number,
): Quarantine | null {
  checkTtl(ttlDays);
  if (old === null && !isOn) return null;
  return { ...(old ?? companionIds(freeId)), isOn, ttlDays };
}

function companionIds(freeId: number): Pick<Quarantine, 'logsId' | 'replaysId'> {
  return { logsId: freeId, replaysId: freeId + 1 };
}

function changedQuota(old: WriteQuota, change: WriteRulesChange['quota'] = {}): WriteQuota {
  const { requestsPerSecond = old.requestsPerSecond, bytesPerSecond = old.bytesPerSecond } = change;
  for (const limit of [requestsPerSecond, bytesPerSecond]) {
    if (limit !== null && !(Number.isFinite(limit) && limit >= 0)) refuse('a quota is a number, 0 for none, or null');
  }
  return { requestsPerSecond, bytesPerSecond };
}

function keptPatterns(allowed: readonly string[]): string[] {
  if (allowed.length > ORIGINS_MAX) refuse(`a logstore has at most ${ORIGINS_MAX} origins`);
  return [...new Set(allowed.map(keptPattern))];
}

function keptPattern(text: string): string {
  if (OPAQUE_ORIGINS.includes(text)) return text;
  const pattern = readOriginPattern(text);
  if (pattern !== undefined) return printOriginPattern(pattern);
  return refuse(
    `origin ${JSON.stringify(text.slice(0, 300))} is no pattern such as https://shop.example.com, https://*.example.com ` +
      'or http://localhost:*',
  );
}

function refuse(reason: string): never {
  throw new ApiError('ParameterInvalid', { reason });
}
