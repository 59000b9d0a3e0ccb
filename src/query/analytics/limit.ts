/** LIMIT, which is the only way to page through what SQL gives. The bounds are SLS's. */
import type { Limit } from './ast.js';
import type { Translation } from './translation.js';

/** Rows of a query that does not say how many it wants. */
export const COUNT_DEFAULT = 100;

export const COUNT_MAX = 1_000_000;
/** The same behind an offset. */
const PAGE_MAX = 10_000;

/** A sub-query has no limit unless it says so, and cannot leave rows out. */
export function limitSql(limit: Limit | null, isOutermost: boolean, translation: Translation): string {
  if (limit === null) return isOutermost ? ` LIMIT ${COUNT_DEFAULT}` : '';
  const { at, offset, count } = limit;
  if (count > COUNT_MAX) throw translation.error(at, `LIMIT may be ${COUNT_MAX} at most`);
  if (offset === null) return ` LIMIT ${count}`;
  if (!isOutermost) throw translation.error(at, 'LIMIT offset, count cannot be used in a sub-query');
  if (count > PAGE_MAX) throw translation.error(at, `LIMIT offset, count: count may be ${PAGE_MAX} at most`);
  if (offset + count > COUNT_MAX) {
    throw translation.error(at, `LIMIT offset, count: both together may be ${COUNT_MAX} at most`);
  }
  return ` LIMIT ${offset}, ${count}`;
}
