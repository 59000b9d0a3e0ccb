/** The catalog in memory, built from events. Every tracked request looks here, so a look-up is two Maps and no text is built. */
import type { AccessKey, Logstore, Project } from '../model/catalog.js';
import type { Cluster, ClusterNode } from '../model/cluster.js';
import type { Domain } from '../model/domain.js';
import { companionsOf } from '../model/quarantine.js';
import type { SavedSearch } from '../model/saved-search.js';
import { DEFAULT_QUOTA } from '../model/write-rules.js';
import type { CatalogEvent, CatalogView } from './catalog.js';

interface ProjectEntry {
  readonly project: Project;
  readonly logstores: Map<string, Logstore>;
  /** By path alias. */
  readonly byPath: Map<string, Logstore>;
}

export class MemoryCatalog implements CatalogView {
  readonly #projects = new Map<string, ProjectEntry>();
  readonly #logstoresById = new Map<number, Logstore>();
  readonly #companionsById = new Map<number, Logstore>();
  readonly #accessKeys = new Map<string, AccessKey>();
  /** By project and id. */
  readonly #savedSearches = new Map<string, Map<string, SavedSearch>>();
  #domains: ReadonlyMap<string, Domain> = new Map();
  readonly #nodes = new Map<number, ClusterNode>();
  #cluster: Cluster | null = null;
  /** In the order of deletion; replaced and not changed, as readers may still hold the last one. */
  #deadLogstores: readonly number[] = [];

  /**
   * Applies what happened. Any order of events makes a whole catalog, also one with holes where lines of the file were
   * damaged: a logstore without its project brings one along, and a logstore that takes the name of another buries it.
   */
  apply(events: readonly CatalogEvent[]): void {
    for (const event of events) this.#applyOne(event);
  }

  /** The shortest list of events that makes this catalog. */
  events(): CatalogEvent[] {
    return [
      ...this.#deadLogstores.map((id) => ({ event: 'logstoreDeleted', id }) as const),
      ...this.projects().map((project) => ({ event: 'project', project }) as const),
      ...[...this.#logstoresById.values()].map((logstore) => ({ event: 'logstore', logstore }) as const),
      ...[...this.#accessKeys.values()].map((key) => ({ event: 'accessKey', key }) as const),
      ...[...this.#savedSearches.values()].flatMap((searches) =>
        [...searches.values()].map((search) => ({ event: 'savedSearch', search }) as const),
      ),
      ...[...this.#domains.values()].map((domain) => ({ event: 'domain', domain }) as const),
      ...(this.#cluster === null ? [] : [{ event: 'cluster', cluster: this.#cluster } as const]),
      ...this.nodes().map((node) => ({ event: 'node', node }) as const),
    ];
  }

  project(name: string): Project | undefined {
    return this.#projects.get(name)?.project;
  }

  logstore(project: string, name: string): Logstore | undefined {
    return this.#projects.get(project)?.logstores.get(name);
  }

  logstoreById(id: number): Logstore | undefined {
    return this.#logstoresById.get(id) ?? this.#companionsById.get(id);
  }

  logstoreByPath(project: string, path: string): Logstore | undefined {
    return this.#projects.get(project)?.byPath.get(path);
  }

  projects(): readonly Project[] {
    return [...this.#projects.values()].map((entry) => entry.project).sort(byName);
  }

  logstores(project: string): readonly Logstore[] {
    return [...(this.#projects.get(project)?.logstores.values() ?? [])].sort(byName);
  }

  accessKey(id: string): AccessKey | undefined {
    return this.#accessKeys.get(id);
  }

  accessKeys(): readonly AccessKey[] {
    return [...this.#accessKeys.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  savedSearches(project: string): readonly SavedSearch[] {
    return [...(this.#savedSearches.get(project)?.values() ?? [])].sort(byName);
  }

  domains(): ReadonlyMap<string, Domain> {
    return this.#domains;
  }

  deadLogstores(): readonly number[] {
    return this.#deadLogstores;
  }

  cluster(): Cluster | null {
    return this.#cluster;
  }

  nodes(): readonly ClusterNode[] {
    return [...this.#nodes.values()].sort((a, b) => a.number - b.number);
  }

  #applyOne(event: CatalogEvent): void {
    switch (event.event) {
      case 'project': {
        const { project } = event;
        const { logstores = new Map(), byPath = new Map() } = this.#projects.get(project.name) ?? {};
        this.#projects.set(project.name, { project, logstores, byPath });
        return;
      }
      case 'projectDeleted':
        for (const { id } of this.logstores(event.name)) this.#bury(id);
        this.#projects.delete(event.name);
        this.#savedSearches.delete(event.name);
        this.#domains = new Map([...this.#domains].filter(([, { project }]) => project !== event.name));
        return;
      case 'logstore': {
        const { logstore } = event;
        if (this.#deadLogstores.includes(logstore.id)) return;
        if (!this.#projects.has(logstore.project)) {
          const project = {
            name: logstore.project,
            description: '',
            createdAt: logstore.createdAt,
            updatedAt: logstore.createdAt,
            quota: DEFAULT_QUOTA,
          };
          this.#projects.set(project.name, { project, logstores: new Map(), byPath: new Map() });
        }
        const namesake = this.logstore(logstore.project, logstore.name);
        if (namesake !== undefined && namesake.id !== logstore.id) this.#bury(namesake.id);
        this.#replaceCompanions(this.#logstoresById.get(logstore.id), logstore);
        this.#unlink(logstore.id);
        this.#link(logstore);
        return;
      }
      case 'logstoreDeleted':
        this.#bury(event.id);
        return;
      case 'accessKey':
        this.#accessKeys.set(event.key.id, event.key);
        return;
      case 'accessKeyDeleted':
        this.#accessKeys.delete(event.id);
        return;
      case 'savedSearch': {
        const { search } = event;
        const searches = this.#savedSearches.get(search.project) ?? new Map<string, SavedSearch>();
        this.#savedSearches.set(search.project, searches.set(search.id, search));
        return;
      }
      case 'savedSearchDeleted':
        this.#savedSearches.get(event.project)?.delete(event.id);
        return;
      case 'domain':
        this.#domains = new Map([...this.#domains, [event.domain.host, event.domain]]);
        return;
      case 'domainDeleted':
        this.#domains = new Map([...this.#domains].filter(([host]) => host !== event.host));
        return;
      case 'cluster':
        this.#cluster = event.cluster;
        return;
      case 'node':
        this.#nodes.set(event.node.number, event.node);
        return;
    }
  }

  #link(logstore: Logstore): void {
    const entry = this.#projects.get(logstore.project);
    entry?.logstores.set(logstore.name, logstore);
    for (const path of logstore.writeRules.pathAliases) entry?.byPath.set(path, logstore);
    this.#logstoresById.set(logstore.id, logstore);
  }

  #unlink(id: number): void {
    const logstore = this.#logstoresById.get(id);
    if (logstore === undefined) return;
    const entry = this.#projects.get(logstore.project);
    entry?.logstores.delete(logstore.name);
    for (const path of logstore.writeRules.pathAliases) {
      if (entry?.byPath.get(path) === logstore) entry.byPath.delete(path);
    }
    this.#logstoresById.delete(id);
  }

  /** Those that a logstore does not have any more are dead. */
  #replaceCompanions(old: Logstore | undefined, changed: Logstore | undefined): void {
    const companions = changed === undefined ? [] : companionsOf(changed);
    for (const { id } of old === undefined ? [] : companionsOf(old)) {
      if (!companions.some((companion) => companion.id === id)) this.#bury(id);
    }
    for (const companion of companions) this.#companionsById.set(companion.id, companion);
  }

  #bury(id: number): void {
    this.#replaceCompanions(this.#logstoresById.get(id), undefined);
    this.#unlink(id);
    this.#companionsById.delete(id);
    if (!this.#deadLogstores.includes(id)) this.#deadLogstores = [...this.#deadLogstores, id];
  }
}

/** By code unit, so that the order does not depend on a locale. */
function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
