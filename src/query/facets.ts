/** The values that a field has in the logs of a search, the frequent ones first. */
import type { LogTable } from '../store/log-table.js';
import { writeStatement } from '../store/parameters.js';
import type { Statement } from '../store/store.js';
import { namedValue } from './field-sql.js';
import type { Inquiry } from './inquiry.js';
import { isSelected, type Selection } from './selection.js';

export interface Facet {
  readonly field: string;
  /** How many logs have the field. */
  readonly logs: number;
  /** How many different values it has. */
  readonly distinct: number;
  readonly values: readonly { readonly value: string; readonly count: number }[];
}

/** Numbers come as text. */
interface FacetRow {
  readonly value: string;
  readonly count: string;
  readonly logs: string;
  readonly distinct: string;
}

/** Throws what the store throws. */
export async function findFacet(inquiry: Inquiry, selection: Selection, field: string, top: number): Promise<Facet> {
  const { rows } = await inquiry.ask<FacetRow>((table) => selectFacet(table, selection, field, top));
  return {
    field,
    logs: Number(rows[0]?.logs ?? 0),
    distinct: Number(rows[0]?.distinct ?? 0),
    values: rows.map(({ value, count }) => ({ value, count: Number(count) })),
  };
}

/** The counts beside each row are of all values, and not only of those that are answered. */
function selectFacet(table: LogTable, selection: Selection, field: string, top: number): Statement {
  return writeStatement((bind) => {
    const { value, isPresent } = namedValue(field, table, bind);
    return `SELECT value, count, sum(count) OVER () AS logs, count() OVER () AS distinct
FROM (
  SELECT ${value} AS value, count() AS count
  FROM logs
  WHERE ${isSelected(selection, table, bind)} AND ${isPresent}
  GROUP BY value
)
ORDER BY count DESC, value
LIMIT ${bind(top, 'UInt64')}`;
  });
}
