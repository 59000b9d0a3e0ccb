/**
 * Where pages send their logs, for those who set them up.
 *
 *   GET  /api/v1/tracking                                              TrackingAddress
 *   POST /api/v1/projects/:project/logstores/:logstore/test-log        writes one log, with a key that may write → 200, empty
 */

import type { DomainInfo } from './domains.js';

export interface TrackingAddress {
  readonly scheme: 'http' | 'https';
  /** Of the public listener, as the service itself sees it: a proxy in front may have another. */
  readonly port: number;
  /** Names whose first label below is a project: `log.example.com`. */
  readonly endpoints: readonly string[];
  /** Hosts that stand for a project of the key's, by host. */
  readonly domains: readonly Pick<DomainInfo, 'host' | 'project'>[];
  /** Of requests that name none. */
  readonly defaultProject: string;
}
