/** What a route says of itself: openapi.ts makes the description of our interfaces of it. */
import type * as z from 'zod';
import type { ErrorName } from '../errors.js';

export interface RouteDoc {
  /** Names the operation; no two have the same. Those of SLS have SLS's own names. */
  readonly id: string;
  readonly tag: Tag;
  readonly summary: string;
  /** Who may: anyone, who shows an access key, or who has signed with one. */
  readonly access: 'open' | 'key' | 'signed';
  /** Parameters of the query string, each with what it says. */
  readonly query?: Readonly<Record<string, string>>;
  /** Headers that mean something to this route alone. */
  readonly headers?: Readonly<Record<string, string>>;
  /** With a schema it is JSON of that shape, decoded by that schema. */
  readonly body?: { readonly types?: readonly string[]; readonly schema?: z.ZodType };
  /** Content types of the answer; none for one without a body. 200, if no status is given. */
  readonly answer?: { readonly types: readonly string[]; readonly status?: number };
  /** Beside those that come with access, body and path. */
  readonly errors?: readonly ErrorName[];
}

export type Tag =
  | 'Web tracking'
  | 'SLS: writing'
  | 'SLS: reading'
  | 'SLS: consuming'
  | 'SLS: management'
  | 'Asking'
  | 'Export'
  | 'Deletion'
  | 'Management'
  | 'Access keys'
  | 'Refusals'
  | 'Schema'
  | 'Quarantine'
  | 'Operation';

export const JSON_ANSWER = { types: ['application/json'] } as const;
