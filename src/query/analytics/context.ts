/** What a query is translated in. */
import type { Query } from './ast.js';
import type { Subquery } from './env.js';
import type { Logs } from './log-relation.js';
import type { Translation } from './translation.js';

export interface Context {
  readonly translation: Translation;
  readonly logs: Logs;
  /** Tables of WITH that can be named here, in small letters. */
  readonly tables: ReadonlyMap<string, (context: Context) => Subquery>;
  /** How far the range of time is moved back, for comparisons. */
  readonly secondsBack: number;
  /** Translates a query within this one. */
  readonly translate: (query: Query, context: Context) => Subquery;
}
