/** Access keys: the form of their two halves, and what their holders may do. */
import type { AccessKey } from './catalog.js';

/** What a key is for. `manage` includes the other two. */
export const ROLES = ['read', 'write', 'manage'] as const;
export type Role = (typeof ROLES)[number];

/** The halves travel as `id:secret` in a header, so both are plain visible characters. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{3,127}$/;
const SECRET = /^[\x21-\x7e]{8,256}$/;

/** 4 to 128 letters, digits, `.`, `_` and `-`. */
export function isAccessKeyId(text: string): boolean {
  return ID.test(text);
}

/** 8 to 256 visible ASCII characters. */
export function isAccessKeySecret(text: string): boolean {
  return SECRET.test(text);
}

/** Whether the holder of `key` may do what takes `role` in a project; undefined stands for all projects at once. */
export function mayUse({ roles, projects }: AccessKey, role: Role, project: string | undefined): boolean {
  if (!roles.includes(role) && !roles.includes('manage')) return false;
  return projects === null || (project !== undefined && projects.includes(project));
}
