/** The logs before and behind one of a source, in the order in which the source numbered its packs. */
import type { LogTable } from '../../store/log-table.js';
import { type Bind, writeStatement } from '../../store/parameters.js';
import type { Statement } from '../../store/store.js';
import type { Inquiry } from '../inquiry.js';
import { isNamed } from '../log-place.js';
import { PLACE_COLUMNS, type PlacedRow } from '../search.js';
import { isInRange } from '../selection.js';
import { PACK_ID, type PackedPlace, type PackId } from './pack.js';

/** SLS looks a day back and a day ahead. */
const REACH_NS = 86_400_000_000_000n;

export interface PackedLog extends PackedPlace {
  readonly logstoreId: number;
  readonly pack: PackId;
}

/** Undefined if there is no such log in such a pack. Throws what the store throws. */
export async function findPackedLog(inquiry: Inquiry, log: PackedLog): Promise<PlacedRow | undefined> {
  const { rows } = await inquiry.ask<PlacedRow>((table) =>
    writeStatement(
      (bind) => `SELECT ${table.logColumns}, ${PLACE_COLUMNS}
FROM logs
WHERE logstore = ${bind(log.logstoreId, 'UInt64')} AND ${isNamed(log, bind)} AND ${isOfSource(log.pack, bind)}
  AND ${packNumber(log.pack, bind)} = ${bind(log.pack.number, 'UInt64')}
LIMIT 1`,
    ),
  );
  return rows[0];
}

/** The nearest logs on one side, from the log outwards. Throws what the store throws. */
export async function findInPacks(
  inquiry: Inquiry,
  log: PackedLog,
  timeNs: bigint,
  side: 'back' | 'forward',
  limit: number,
): Promise<readonly PlacedRow[]> {
  if (limit === 0) return [];
  const { rows } = await inquiry.ask<PlacedRow>((table) => selectInPacks(table, log, timeNs, side, limit));
  return rows;
}

function selectInPacks(
  table: LogTable,
  { logstoreId, pack, shard, seq, row }: PackedLog,
  timeNs: bigint,
  side: 'back' | 'forward',
  limit: number,
): Statement {
  const [sign, direction] = side === 'back' ? ['<', 'DESC'] : ['>', 'ASC'];
  const earliest = timeNs - REACH_NS;
  const range = { fromNs: earliest < 0n ? 0n : earliest, toNs: timeNs + REACH_NS };
  return writeStatement((bind) => {
    const place = `${packNumber(pack, bind)}, seq, shard, row`;
    const ownPlace = [bind(pack.number, 'UInt64'), bind(seq, 'UInt64'), bind(shard, 'UInt64'), bind(row, 'UInt64')];
    return `SELECT ${table.logColumns}, ${PLACE_COLUMNS}
FROM logs
WHERE logstore = ${bind(logstoreId, 'UInt64')} AND ${isInRange(range, bind)} AND ${isOfSource(pack, bind)}
  AND (${place}) ${sign} (${ownPlace.join(', ')})
ORDER BY (${place}) ${direction}
LIMIT ${bind(limit, 'UInt64')}`;
  });
}

const ID = `tags['${PACK_ID}']`;

function isOfSource({ prefix }: PackId, bind: Bind): string {
  return `startsWith(${ID}, ${bind(prefix)}) AND match(${digitsOf(prefix, bind)}, '^[0-9A-Fa-f]{1,16}$')`;
}

/** A UInt64. */
function packNumber({ prefix }: PackId, bind: Bind): string {
  return `reinterpretAsUInt64(reverse(unhex(leftPad(${digitsOf(prefix, bind)}, 16, '0'))))`;
}

function digitsOf(prefix: string, bind: Bind): string {
  return `substring(${ID}, ${bind(Buffer.byteLength(prefix) + 1, 'UInt64')})`;
}
