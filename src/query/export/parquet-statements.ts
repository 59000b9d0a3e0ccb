/** What a Parquet file asks the store: columns of their own types, which the engine writes. */
import type { LogTable } from '../../store/log-table.js';
import { type Bind, writeStatement } from '../../store/parameters.js';
import type { Statement } from '../../store/store.js';
import { isBeyond, type LogPlace } from '../log-place.js';
import { inOrder, PLACE_COLUMNS, type PlacedRow } from '../search.js';
import { type ExportSelection, isExported } from './statements.js';
import type { ExportTask } from './task.js';

export interface ParquetColumn {
  readonly name: string;
  sql(table: LogTable, bind: Bind): string;
}

const LABELS: Readonly<Record<string, string>> = {
  __time__: 'time',
  __topic__: 'toString(topic)',
  __source__: 'source',
};

/** Everything of a log: `logColumns` of the table are at hand. */
const WHOLE: readonly ParquetColumn[] = [
  ...Object.entries(LABELS).map(([name, sql]) => ({ name, sql: () => sql })),
  { name: 'tags', sql: () => 'mapFromArrays(tagNames, tagValues)' },
  { name: 'fields', sql: () => 'mapFromArrays(fieldNames, fieldValues)' },
];

/**
 * Time as a timestamp, texts as text. Those that are named: null where a log lacks one. Otherwise the labels, and tags and
 * fields as a map each.
 */
export function parquetColumns({ columns }: Pick<ExportTask, 'columns'>): readonly ParquetColumn[] {
  return (
    columns?.map((name) => ({ name, sql: (table: LogTable, bind: Bind) => namedColumn(name, table, bind) })) ?? WHOLE
  );
}

/** Selects the columns, called `c0`, `c1` and so on, of what is behind `after` up to and with `upTo`; without it, of nothing. */
export function selectPages(exported: ExportSelection, after: LogPlace | null, upTo: LogPlace | null): Statement {
  const { table, task } = exported;
  const order = inOrder(task.order);
  return writeStatement((bind) => {
    const columns = parquetColumns(task).map((column, i) => `${column.sql(table, bind)} AS c${i}`);
    const isTaken = upTo === null ? 'false' : `NOT (${isBeyond(upTo, task.order, bind)})`;
    const where = `${isExported(exported, after, bind)}\n  AND ${isTaken}`;
    // A row's names and values are there under their names only for who selects from it.
    const rows =
      task.columns === null
        ? `(SELECT ${table.logColumns}, time, shard, seq, row FROM logs WHERE ${where})`
        : `logs WHERE ${where}`;
    return `SELECT ${columns.join(', ')}\nFROM ${rows}\nORDER BY ${order}`;
  });
}

export interface MeasuredRow extends PlacedRow {
  /** Of what is taken from the log. */
  readonly bytes: string;
}

/** Selects `MeasuredRow`s behind `after`. */
export function selectMeasures(exported: ExportSelection, after: LogPlace | null, limit: number): Statement {
  const { table, task } = exported;
  return writeStatement((bind) => {
    const texts = task.columns?.map((name) => `length(toString(${namedColumn(name, table, bind)}))`);
    const bytes = texts?.map((text) => `ifNull(${text}, 0)`).join(' + ') ?? `length(${table.everything})`;
    return `SELECT ${PLACE_COLUMNS}, ${bytes} AS bytes
FROM logs
WHERE ${isExported(exported, after, bind)}
ORDER BY ${inOrder(task.order)}
LIMIT ${bind(limit, 'UInt64')}`;
  });
}

const TAG = '__tag__:';

function namedColumn(name: string, table: LogTable, bind: Bind): string {
  const label = LABELS[name];
  if (label !== undefined) return label;
  if (name.startsWith(TAG)) {
    const tag = bind(name.slice(TAG.length));
    return `if(mapContainsKey(tags, ${tag}), tags[${tag}], NULL)`;
  }
  const { value, isPresent } = table.field(name, bind);
  return `if(${isPresent}, ${value}, NULL)`;
}
