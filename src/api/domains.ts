/**
 * Custom domains over the admin API, for those whose key is for all projects.
 *
 *   GET    /api/v1/domains         DomainList, with a key that may read
 *   PUT    /api/v1/domains/:host   SetDomain → DomainInfo; refused if the host stands for another project
 *   DELETE /api/v1/domains/:host   → 200, empty
 */

export interface DomainInfo {
  /** `track.shop.example.com`, without a port. */
  readonly host: string;
  /** The project that requests to this host are for. */
  readonly project: string;
  /** Where it is from: one of the settings stands in the configuration, and is changed only there. */
  readonly from: 'settings' | 'catalog';
  /** Unix seconds; null for one of the settings. */
  readonly createdAt: number | null;
}

export interface DomainList {
  /** By host. One that is in both places is the one of the settings, since that counts. */
  readonly domains: readonly DomainInfo[];
}

export interface SetDomain {
  readonly project: string;
}
