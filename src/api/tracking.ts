/**
 * Where pages send their logs, for those who set them up.
 *
 *   GET  /api/v1/tracking                                              TrackingAddress
 *   POST /api/v1/projects/:project/logstores/:logstore/test-log        writes one log, with a key that may write → 200, empty
 */

export interface TrackingAddress {
  readonly scheme: 'http' | 'https';
  /** Of the public listener, as the service itself sees it: a proxy in front may have another. */
  readonly port: number;
  /** Names whose first label below is a project: `log.example.com`. */
  readonly endpoints: readonly string[];
  /** Of requests that name none. */
  readonly defaultProject: string;
}
