/** A catalog in which every project and every logstore exists, open to web tracking: what a test writes to is there. */
import type { CatalogView } from '../catalog/catalog.js';
import type { Logstore, Project } from '../model/catalog.js';
import type { Domain } from '../model/domain.js';
import { isLogstoreName, isProjectName } from '../model/names.js';
import { DEFAULT_QUOTA, OPEN_RULES } from '../model/write-rules.js';

/** Logstores that were written to; a test that makes up more names than these is a mistake. */
const LOGSTORES_MAX = 10_000;

export class AnyCatalog implements CatalogView {
  readonly #byName = new Map<string, Logstore>();
  readonly #byId = new Map<number, Logstore>();
  readonly #domains = new Map<string, Domain>();

  project(name: string): Project | undefined {
    if (!isProjectName(name)) return undefined;
    return { name, description: '', quota: DEFAULT_QUOTA, createdAt: 0, updatedAt: 0 };
  }

  logstore(project: string, name: string): Logstore | undefined {
    const key = `${project}/${name}`;
    const known = this.#byName.get(key);
    if (known !== undefined) return known;
    if (!isProjectName(project) || !isLogstoreName(name) || this.#byName.size >= LOGSTORES_MAX) return undefined;
    const logstore: Logstore = {
      id: this.#byName.size + 1,
      project,
      name,
      webTracking: true,
      ttlDays: 1,
      maxBytes: 0,
      appendMeta: false,
      createdAt: 0,
      updatedAt: 0,
      extras: {},
      index: null,
      writeRules: OPEN_RULES,
      quarantine: null,
    };
    this.#byName.set(key, logstore);
    this.#byId.set(logstore.id, logstore);
    return logstore;
  }

  logstoreById(id: number): Logstore | undefined {
    return this.#byId.get(id);
  }

  logstoreByPath(): undefined {
    return undefined;
  }

  projects(): readonly Project[] {
    const names = new Set([...this.#byId.values()].map(({ project }) => project));
    return [...names].flatMap((name) => this.project(name) ?? []);
  }

  logstores(project: string): readonly Logstore[] {
    return [...this.#byId.values()].filter((logstore) => logstore.project === project);
  }

  cluster(): null {
    return null;
  }

  nodes(): readonly [] {
    return [];
  }

  domains(): ReadonlyMap<string, Domain> {
    return this.#domains;
  }

  savedSearches(): readonly [] {
    return [];
  }

  accessKey(): undefined {
    return undefined;
  }

  accessKeys(): readonly [] {
    return [];
  }

  deadLogstores(): readonly number[] {
    return [];
  }
}
