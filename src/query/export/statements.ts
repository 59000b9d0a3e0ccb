/** What an export asks the store. */
import type { LogTable } from '../../store/log-table.js';
import { type Bind, writeStatement } from '../../store/parameters.js';
import type { Statement } from '../../store/store.js';
import { isWithin } from '../frozen-range.js';
import { isBeyond, type LogPlace } from '../log-place.js';
import { inOrder, PLACE_COLUMNS, type PlacedRow } from '../search.js';
import { isSelected, type Selection } from '../selection.js';
import type { ExportTask } from './task.js';

/** A task as statements need it. */
export interface ExportSelection {
  readonly table: LogTable;
  /** What the task's search means. */
  readonly selection: Selection;
  readonly task: ExportTask;
}

export interface ExportRow extends PlacedRow {
  /** Empty without a zone: `2026-11-22T18:00:00.123456+0800`. */
  readonly zoned: string;
}

/** Selects `{ logs }`. */
export function selectCount(exported: ExportSelection): Statement {
  return writeStatement((bind) => `SELECT count() AS logs FROM logs WHERE ${isExported(exported, null, bind)}`);
}

/** Selects `{ fieldNames, tagNames }`, sorted, of all logs; `namesMax` of each at most. */
export function selectNames(exported: ExportSelection, namesMax: number): Statement {
  return writeStatement((bind) => {
    const names = (column: string) => `arraySort(groupUniqArrayArray(${namesMax})(${column})) AS ${column}`;
    return `SELECT ${names('fieldNames')}, ${names('tagNames')}
FROM (SELECT ${exported.table.logColumns} FROM logs WHERE ${isExported(exported, null, bind)})`;
  });
}

/** Selects `ExportRow`s behind `after`. */
export function selectStep(exported: ExportSelection, after: LogPlace | null, limit: number): Statement {
  const { table, task } = exported;
  return writeStatement((bind) => {
    const zoned = task.zone === null ? `''` : `formatDateTime(time, '%Y-%m-%dT%H:%i:%S.%f%z', ${bind(task.zone)})`;
    return `SELECT ${table.logColumns}, ${PLACE_COLUMNS}, ${zoned} AS zoned
FROM logs
WHERE ${isExported(exported, after, bind)}
ORDER BY ${inOrder(task.order)}
LIMIT ${bind(limit, 'UInt64')}`;
  });
}

/** The condition on rows of `logs` that are in the file behind `after`; from its beginning without. */
export function isExported({ table, selection, task }: ExportSelection, after: LogPlace | null, bind: Bind): string {
  return [
    isSelected(selection, table, bind),
    ...(task.bounds === null ? [] : [isWithin(task.bounds, bind)]),
    ...(after === null ? [] : [isBeyond(after, task.order, bind)]),
  ].join('\n  AND ');
}
