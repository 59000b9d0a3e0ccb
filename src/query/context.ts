/** A log, and the logs around it. */
import { ApiError } from '../errors.js';
import type { LogTable } from '../store/log-table.js';
import { type Bind, writeStatement } from '../store/parameters.js';
import type { Statement } from '../store/store.js';
import { namedValue } from './field-sql.js';
import type { Inquiry } from './inquiry.js';
import { isAt, isBeyond, type LogPlace, printPlace } from './log-place.js';
import { inOrder, type Order, PLACE_COLUMNS, type PlacedRow } from './search.js';

/** Throws LogNotExist, and what the store throws. */
export async function findLog(inquiry: Inquiry, logstoreId: number, place: LogPlace): Promise<PlacedRow> {
  const { rows } = await inquiry.ask<PlacedRow>((table) =>
    writeStatement(
      (bind) => `SELECT ${table.logColumns}, ${PLACE_COLUMNS}
FROM logs
WHERE logstore = ${bind(logstoreId, 'UInt64')} AND ${isAt(place, bind)}
LIMIT 1`,
    ),
  );
  const [row] = rows;
  if (row === undefined) throw new ApiError('LogNotExist', { id: printPlace(place) });
  return row;
}

export interface Surroundings {
  readonly logstoreId: number;
  readonly place: LogPlace;
  /** Only logs that say the same as this one under these names, or lack what it lacks. */
  readonly same: readonly string[];
}

/** The nearest logs on one side, from the log outwards. Throws what the store throws. */
export async function findNearest(
  inquiry: Inquiry,
  around: Surroundings,
  order: Order,
  limit: number,
): Promise<readonly PlacedRow[]> {
  if (limit === 0) return [];
  const { rows } = await inquiry.ask<PlacedRow>((table) => selectNearest(table, around, order, limit));
  return rows;
}

function selectNearest(
  table: LogTable,
  { logstoreId, place, same }: Surroundings,
  order: Order,
  limit: number,
): Statement {
  return writeStatement((bind) => {
    const ofLogstore = `logstore = ${bind(logstoreId, 'UInt64')}`;
    const alike =
      same.length === 0 ? '' : `\n  AND ${saysTheSame(table, same, `${ofLogstore} AND ${isAt(place, bind)}`, bind)}`;
    return `SELECT ${table.logColumns}, ${PLACE_COLUMNS}
FROM logs
WHERE ${ofLogstore} AND ${isBeyond(place, order, bind)}${alike}
ORDER BY ${inOrder(order)}
LIMIT ${bind(limit, 'UInt64')}`;
  });
}

/** The log's own values are fetched by the same statement. */
function saysTheSame(table: LogTable, names: readonly string[], isTheLog: string, bind: Bind): string {
  const values = names.map((name) => {
    const { value, isPresent } = namedValue(name, table, bind);
    return `if(${isPresent}, [${value}], [])`;
  });
  const said = `[${values.join(', ')}]`;
  return `${said} = (SELECT ${said} FROM logs WHERE ${isTheLog} LIMIT 1)`;
}
