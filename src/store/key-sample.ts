/** Counts keys in the maps of recent logs: what has a column already is not there any more. */
import type { KeySample } from './choose-columns.js';
import { quote } from './quote.js';
import type { Statement } from './store.js';
import type { Tables } from './tables.js';
import { FILTER_ROWS } from './word-index.js';

/** Merged parts beyond this hold logs of long ago as well. */
const PART_ROWS_MAX = 1_000_000;
const PARTS_ROWS_MAX = 2_000_000;
const LOGS_WANTED = 50_000;

/** Whoever may send logs may send any keys: what is counted, and what counting takes, has bounds. */
const KEYS_MAX = 1000;
const BOUNDS = `max_execution_time = 20, max_memory_usage = 200000000,
  max_rows_to_group_by = 100000, group_by_overflow_mode = 'any'`;

/** Of a cluster, the server that is asked stands for all. */
function statementsOf({ stored }: Tables) {
  // The newest ones.
  const parts = `SELECT name, rows
  FROM (
    SELECT name, rows, sum(rows) OVER (ORDER BY modification_time DESC, name) AS rows_so_far
    FROM system.parts
    WHERE database = currentDatabase() AND table = ${quote(stored)} AND active AND rows <= ${PART_ROWS_MAX}
  )
  WHERE rows_so_far <= ${PARTS_ROWS_MAX}`;

  // Evenly out of all of these parts, whatever the order of their rows.
  const sample = `_part IN (SELECT name FROM (${parts}))
  AND cityHash64(shard, seq, row) % (SELECT intDiv(sum(rows), ${LOGS_WANTED}) + 1 FROM (${parts})) = 0`;

  return {
    countLogs: `SELECT count() AS logs FROM ${stored} WHERE ${sample} SETTINGS ${BOUNDS}`,

    countKeys: `SELECT key, count() AS logs, uniq(value) AS values
FROM ${stored}
ARRAY JOIN mapKeys(fields) AS key, mapValues(fields) AS value
WHERE ${sample}
GROUP BY key
ORDER BY logs DESC, key
LIMIT ${KEYS_MAX}
SETTINGS ${BOUNDS}`,

    countWords: `SELECT key, uniq(word) AS words
FROM (
  SELECT key, arrayJoin(tokens(lowerUTF8(value))) AS word
  FROM (SELECT fields FROM ${stored} WHERE ${sample} LIMIT ${FILTER_ROWS})
  ARRAY JOIN mapKeys(fields) AS key, mapValues(fields) AS value
)
GROUP BY key
ORDER BY words DESC
LIMIT ${KEYS_MAX}
SETTINGS ${BOUNDS}`,
  };
}

/** Numbers as text. */
interface CountRow {
  readonly key: string;
  readonly logs: string;
  readonly values: string;
}

export async function sampleKeys(
  ask: <Row>(statement: Statement) => Promise<Row[]>,
  tables: Tables,
): Promise<KeySample> {
  const { countLogs, countKeys, countWords } = statementsOf(tables);
  const [total] = await ask<{ logs: string }>({ sql: countLogs, parameters: {} });
  const rows = await ask<CountRow>({ sql: countKeys, parameters: {} });
  const words = await ask<{ key: string; words: string }>({ sql: countWords, parameters: {} });
  const logs = Number(total?.logs ?? 0);
  // Of few logs, as if every further one had as many new words: a filter that is too large costs less than a full one.
  const scale = Math.max(1, FILTER_ROWS / Math.max(1, logs));
  const wordsOf = new Map(words.map((row) => [row.key, Number(row.words) * scale]));
  return {
    logs,
    keys: rows.map(({ key, logs, values }) => ({
      ...{ key, logs: Number(logs), values: Number(values) },
      words: wordsOf.get(key) ?? 0,
    })),
  };
}
