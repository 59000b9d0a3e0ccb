/**
 * Signing in to the console.
 *
 *   POST   /api/v1/session   SignIn → SessionInfo, and a cookie that stands for the key
 *   GET    /api/v1/session   → SessionInfo
 *   DELETE /api/v1/session   → 200, empty; the cookie is taken away
 *
 * Requests that bring the cookie and change something must have the header `x-logboom-console`, with any value.
 */
import type { KeyRole } from './keys.js';

export interface SignIn {
  readonly id: string;
  readonly secret: string;
}

/** Who is signed in: the access key, without its secret. */
export interface SessionInfo {
  readonly id: string;
  readonly roles: readonly KeyRole[];
  /** The projects it is good for; null for all. */
  readonly projects: readonly string[] | null;
}
