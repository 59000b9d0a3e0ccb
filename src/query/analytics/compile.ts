/**
 * The analytic half of a query as a statement of the store.
 *
 * Text becomes tokens (lex), a tree (parse), and SQL of our own (query, select, from, expression). What the user wrote goes
 * into the SQL as parameters only; tables, columns, functions and settings are out of reach, for no name is copied: a
 * column is looked up in its relation, a function in the table of functions, and what they become is our text.
 */
import type { LogTable } from '../../store/log-table.js';
import { writeStatement } from '../../store/parameters.js';
import type { Statement } from '../../store/store.js';
import { isSelected, type Selection } from '../selection.js';
import { COUNT_DEFAULT } from './limit.js';
import { parseAnalytics } from './parse.js';
import { translateQuery } from './query.js';
import { printValue, selectedSql } from './result.js';
import { SQL_LENGTH_MAX, Translation } from './translation.js';
import { printType } from './types.js';

export interface AnalyticsRequest {
  /** The whole query, both halves, and where the analytic one begins behind the bar: for places in error messages. */
  readonly text: string;
  readonly at: number;
  /** The logs that the other half selects. */
  readonly selection: Selection;
  /** The name of their logstore; `log` stands for it as well. */
  readonly logstoreName: string;
  readonly table: LogTable;
  /** An IANA name: where days begin, and how times are printed. */
  readonly timeZone: string;
}

export interface Analytics {
  readonly statement: Statement;
  /** In the order of the SELECT list, no name twice, since a row is an object to most clients; `type` as Presto names it. */
  readonly columns: readonly AnalyticsColumn[];
  /** Rows it has at most. */
  readonly limit: number;
  /** The values of a row that came back, in the order of the columns, as they are printed. */
  readonly readRow: (row: Readonly<Record<string, unknown>>) => string[];
}

export interface AnalyticsColumn {
  readonly name: string;
  readonly type: string;
}

/** Throws AnalyticsError. */
export function compileAnalytics(request: AnalyticsRequest): Analytics {
  const { text, at, table, selection, logstoreName, timeZone } = request;
  const query = parseAnalytics(text, at);
  let columns: Analytics['columns'] = [];
  let print: ((row: Readonly<Record<string, unknown>>) => string)[] = [];
  const statement = writeStatement((bind) => {
    const translation = new Translation(text, bind, timeZone);
    const condition = (secondsBack: number) => {
      const back = BigInt(secondsBack) * 1_000_000_000n;
      const { fromNs, toNs } = selection;
      return isSelected({ ...selection, fromNs: fromNs - back, toNs: toNs - back }, table, bind);
    };
    const [fromSeconds, toSeconds] = [Number(selection.fromNs) / 1e9, Number(selection.toNs) / 1e9];
    const logs = { table, index: selection.index, name: logstoreName, fromSeconds, toSeconds, condition };
    const context = { translation, logs, tables: new Map(), secondsBack: 0, translate: translateQuery };
    const result = translateQuery(query, context, true);
    columns = result.columns.map(({ title, type }, i) => {
      const isTaken = result.columns.slice(0, i).some((earlier) => earlier.title === title);
      return { name: isTaken ? `_col${i}` : title, type: printType(type) };
    });
    print = result.columns.map(
      ({ type }, i) =>
        (row) =>
          printValue(row[`_${i}`], type),
    );
    const list = result.columns.map(({ sql, type }, i) => `${selectedSql(sql, type)} AS _${i}`);
    const sql = `SELECT ${list.join(', ')} FROM (${result.sql})`;
    if (sql.length > SQL_LENGTH_MAX) throw translation.tooLarge(at);
    return sql;
  });
  return {
    statement,
    columns,
    limit: query.limit?.count ?? COUNT_DEFAULT,
    readRow: (row) => print.map((one) => one(row)),
  };
}
