/** What the catalog answers, and what may be asked of it. Readers hold a view in memory; one process writes. */
import type { Role } from '../model/access-key.js';
import type { AccessKey, Logstore, Project } from '../model/catalog.js';
import type { Cluster, ClusterNode } from '../model/cluster.js';
import type { Domain } from '../model/domain.js';
import type { IndexConfig } from '../model/index-config.js';
import type { Quarantine } from '../model/quarantine.js';
import type { SavedSearch } from '../model/saved-search.js';
import type { AddressPrivacy, OriginPolicy, WriteQuota } from '../model/write-rules.js';

/** The catalog as a reader sees it: always in memory, never waits. Look-ups by name are exact. */
export interface CatalogView {
  project(name: string): Project | undefined;
  logstore(project: string, name: string): Logstore | undefined;
  /** Companions of logstores have ids too; look-ups by name do not find them. See model/quarantine.ts. */
  logstoreById(id: number): Logstore | undefined;
  /** The one of the project that has this path alias. */
  logstoreByPath(project: string, path: string): Logstore | undefined;
  /** All of them, by name. */
  projects(): readonly Project[];
  logstores(project: string): readonly Logstore[];
  accessKey(id: string): AccessKey | undefined;
  /** All of them, by id. */
  accessKeys(): readonly AccessKey[];
  /** By host. Another map after each change, so that what was found in one can be kept as long as it is the same. */
  domains(): ReadonlyMap<string, Domain>;
  /** Of a project, by name. */
  savedSearches(project: string): readonly SavedSearch[];
  /** Ids of deleted logstores whose logs may still be in a spool or the store. */
  deadLogstores(): readonly number[];
  /** Null for a node that is by itself. */
  cluster(): Cluster | null;
  /** The nodes of the cluster, by number; none if there is no cluster. */
  nodes(): readonly ClusterNode[];
}

/** What can be asked of the catalog's one writer. Names are checked there; a refusal is an ApiError. */
export type CatalogCommand =
  | { readonly do: 'createProject'; readonly name: string; readonly description: string }
  | {
      readonly do: 'updateProject';
      readonly name: string;
      readonly description?: string | undefined;
      readonly quota?: WriteRulesChange['quota'];
    }
  /** Deletes its logstores as well. */
  | { readonly do: 'deleteProject'; readonly name: string }
  | {
      readonly do: 'createLogstore';
      readonly project: string;
      readonly name: string;
      readonly webTracking: boolean;
      readonly ttlDays: number;
      /** 0 if absent. */
      readonly maxBytes?: number | undefined;
      readonly appendMeta: boolean;
      readonly extras?: Logstore['extras'] | undefined;
      readonly writeRules?: WriteRulesChange | undefined;
      readonly quarantine?: QuarantineChange;
    }
  | {
      readonly do: 'updateLogstore';
      readonly project: string;
      readonly name: string;
      readonly webTracking?: boolean | undefined;
      readonly ttlDays?: number | undefined;
      readonly maxBytes?: number | undefined;
      readonly appendMeta?: boolean | undefined;
      /** Added to those that are there. */
      readonly extras?: Logstore['extras'] | undefined;
      readonly writeRules?: WriteRulesChange | undefined;
      readonly quarantine?: QuarantineChange;
    }
  /** All that is in its quarantine is deleted; the switch stays as it is. */
  | { readonly do: 'discardQuarantine'; readonly project: string; readonly name: string }
  | { readonly do: 'deleteLogstore'; readonly project: string; readonly name: string }
  | { readonly do: 'createIndex'; readonly project: string; readonly name: string; readonly config: IndexConfig }
  /** Replaces it as a whole. */
  | { readonly do: 'updateIndex'; readonly project: string; readonly name: string; readonly config: IndexConfig }
  | { readonly do: 'deleteIndex'; readonly project: string; readonly name: string }
  | {
      readonly do: 'createAccessKey';
      readonly id: string;
      readonly secret: string;
      readonly roles: readonly Role[];
      readonly projects: readonly string[] | null;
    }
  | { readonly do: 'switchAccessKey'; readonly id: string; readonly isEnabled: boolean }
  | { readonly do: 'deleteAccessKey'; readonly id: string }
  /** Makes one or, if its project has one with this id, replaces it. */
  | { readonly do: 'saveSearch'; readonly search: Omit<SavedSearch, 'createdAt' | 'updatedAt'> }
  | { readonly do: 'deleteSearch'; readonly project: string; readonly id: string }
  /** Makes a host stand for a project; `host` is from `readDomainHost`. */
  | { readonly do: 'addDomain'; readonly host: string; readonly project: string }
  | { readonly do: 'deleteDomain'; readonly host: string };

/** What can be asked where nodes share a catalog. */
export type ClusterCommand =
  /** A node is there. It gets a number when it comes first. */
  | ({ readonly do: 'joinNode' } & Pick<ClusterNode, 'id' | 'name' | 'url' | 'workers' | 'run'>)
  /** The node is gone for good. */
  | { readonly do: 'sealNode'; readonly name: string };

/** What is absent stays as it is. */
export interface WriteRulesChange {
  readonly origins?: Change<OriginPolicy>;
  readonly quota?: Change<WriteQuota>;
  readonly clientAddress?: AddressPrivacy | undefined;
  readonly keysMax?: number | undefined;
  /** Replaces them as a whole. */
  readonly pathAliases?: readonly string[] | undefined;
}

export type QuarantineChange = Change<Pick<Quarantine, 'isOn' | 'ttlDays'>>;

type Change<T> = { readonly [Key in keyof T]?: T[Key] | undefined } | undefined;

/**
 * What happened. The catalog is the list of these; the last one about a thing wins, so hearing one twice does no harm.
 * `projectDeleted` takes along what logstores, saved searches and domains the project still has.
 */
export type CatalogEvent =
  | { readonly event: 'project'; readonly project: Project }
  | { readonly event: 'projectDeleted'; readonly name: string }
  | { readonly event: 'logstore'; readonly logstore: Logstore }
  | { readonly event: 'logstoreDeleted'; readonly id: number }
  | { readonly event: 'accessKey'; readonly key: AccessKey }
  | { readonly event: 'accessKeyDeleted'; readonly id: string }
  | { readonly event: 'savedSearch'; readonly search: SavedSearch }
  | { readonly event: 'savedSearchDeleted'; readonly project: string; readonly id: string }
  | { readonly event: 'domain'; readonly domain: Domain }
  | { readonly event: 'domainDeleted'; readonly host: string }
  | { readonly event: 'cluster'; readonly cluster: Cluster }
  | { readonly event: 'node'; readonly node: ClusterNode };

export interface CatalogWriter {
  /** Resolves when what happened is on stable storage and every reader of this node has it. */
  execute(command: CatalogCommand): Promise<readonly CatalogEvent[]>;
}
