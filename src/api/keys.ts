/**
 * Access keys over the admin API, for those whose key may manage everything.
 *
 *   GET    /api/v1/keys              KeyList
 *   POST   /api/v1/keys              CreateKey → 201 CreatedKey; the secret is not shown again
 *   PUT    /api/v1/keys/:key         UpdateKey → KeyInfo
 *   DELETE /api/v1/keys/:key         → 200, empty
 */

/** `manage` includes the other two. */
export type KeyRole = 'read' | 'write' | 'manage';

export interface KeyInfo {
  readonly id: string;
  readonly roles: readonly KeyRole[];
  /** The projects it is good for; null for all. */
  readonly projects: readonly string[] | null;
  readonly isEnabled: boolean;
  /** Unix seconds. */
  readonly createdAt: number;
}

export interface KeyList {
  /** By id. */
  readonly keys: readonly KeyInfo[];
}

export interface CreateKey {
  readonly roles: readonly KeyRole[];
  /** All if absent or null. */
  readonly projects?: readonly string[] | null | undefined;
}

export interface CreatedKey extends KeyInfo {
  readonly secret: string;
}

export interface UpdateKey {
  readonly isEnabled: boolean;
}
