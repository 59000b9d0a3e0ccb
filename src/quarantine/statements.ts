/** What is asked of the store about quarantined logs. */
import { type Bounds, isWithin } from '../query/frozen-range.js';
import { isBeyond, type LogPlace } from '../query/log-place.js';
import { inOrder, type Order, PLACE_COLUMNS } from '../query/search.js';
import { isSelected, type Selection } from '../query/selection.js';
import type { LogTable } from '../store/log-table.js';
import { type Bind, writeStatement } from '../store/parameters.js';
import type { Statement } from '../store/store.js';
import { isSettled } from './settled.js';

export type LogState = 'waiting' | 'settled' | 'all';

export interface Asked {
  readonly selection: Selection;
  /** Of the logstore that says which are settled. */
  readonly settledId: number;
  readonly state: LogState;
}

/** Selects `PlacedRow`s, in this order, behind `after`. */
export function selectQuarantined(
  table: LogTable,
  asked: Asked,
  { order, after, limit }: { readonly order: Order; readonly after: LogPlace | null; readonly limit: number },
): Statement {
  return writeStatement(
    (bind) => `SELECT ${table.logColumns}, ${PLACE_COLUMNS}
FROM logs
WHERE ${isAsked(table, asked, bind)}${after === null ? '' : `\n  AND ${isBeyond(after, order, bind)}`}
ORDER BY ${inOrder(order)}
LIMIT ${bind(limit, 'UInt64')}`,
  );
}

/** Selects `{ reason, logs, oldest }`, the most frequent first. */
export function countReasons(table: LogTable, asked: Asked): Statement {
  return writeStatement(
    (bind) => `SELECT ${table.field('reason', bind).value} AS reason, toString(count()) AS logs,
  toString(toUnixTimestamp64Milli(min(time))) AS oldest
FROM logs
WHERE ${isAsked(table, asked, bind)}
GROUP BY reason
ORDER BY count() DESC, reason`,
  );
}

/** Selects `{ logs }`. */
export function countAsked(table: LogTable, asked: Asked, bounds: Bounds | null): Statement {
  return writeStatement((bind) => {
    const within = bounds === null ? '' : `\n  AND ${isWithin(bounds, bind)}`;
    return `SELECT toString(count()) AS logs FROM logs WHERE ${isAsked(table, asked, bind)}${within}`;
  });
}

/** Selects `PlacedRow`s of a replay, oldest first. */
export function selectReplayed(
  table: LogTable,
  selection: Selection,
  bounds: Bounds,
  { after, limit }: { readonly after: LogPlace | null; readonly limit: number },
): Statement {
  return writeStatement(
    (bind) => `SELECT ${table.logColumns}, ${PLACE_COLUMNS}
FROM logs
WHERE ${isSelected(selection, table, bind)}
  AND ${isWithin(bounds, bind)}${after === null ? '' : `\n  AND ${isBeyond(after, 'oldestFirst', bind)}`}
ORDER BY ${inOrder('oldestFirst')}
LIMIT ${bind(limit, 'UInt64')}`,
  );
}

/** The tag by which a replayed group is found again. */
export const REPLAY_TAG = '__replay__';

/** Selects `{ key }`: which of these groups a shard of the logstore has, from this number on. */
export function selectReplayTags(
  { logstoreId, shard }: { readonly logstoreId: number; readonly shard: number },
  fromSeq: number,
  keys: readonly string[],
): Statement {
  return writeStatement((bind) => {
    const tag = `tags[${bind(REPLAY_TAG)}]`;
    return `SELECT DISTINCT ${tag} AS key
FROM logs
WHERE logstore = ${bind(logstoreId, 'UInt64')} AND shard = ${bind(shard, 'UInt64')} AND seq >= ${bind(fromSeq, 'UInt64')}
  AND ${tag} IN ${bind(keys, 'Array(String)')}`;
  });
}

function isAsked(table: LogTable, { selection, settledId, state }: Asked, bind: Bind): string {
  const selected = isSelected(selection, table, bind);
  if (state === 'all') return selected;
  return `${selected}\n  AND ${state === 'waiting' ? 'NOT ' : ''}${isSettled(table, settledId, selection, bind)}`;
}
