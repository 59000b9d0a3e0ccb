/** What an earlier attempt, or a process that is gone, has left running in the store is ended before anything is counted. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from './connection.js';
import { quoteName } from './quote.js';

const SETTLE_EVERY_MS = 50;

/** Ends the inserts whose ids begin so, and resolves when none is running and every server has what was inserted. */
export async function settleInserts(
  connection: Connection,
  database: string,
  idPrefix: string,
  signal: AbortSignal,
): Promise<void> {
  const { tables } = connection.opening;
  // A server takes our id as the query's own. The embedded engine cannot, and its front keeps it in the comment.
  const running = `startsWith(query_id, {id:String}) OR startsWith(Settings['log_comment'], {id:String})`;
  const parameters = { id: idPrefix };
  for (;;) {
    const kill = `KILL QUERY${tables.everywhere} WHERE ${running} ASYNC`;
    await connection.command({ sql: kill, parameters }, { signal });
    const sql = `SELECT count() AS count FROM ${tables.system('processes')} WHERE ${running}`;
    const [row] = await connection.rows<{ count: string }>({ sql, parameters }, { signal });
    if (row?.count === '0') break;
    await sleep(SETTLE_EVERY_MS, undefined, { signal });
  }
  // A replica that is behind would be missed rows that are there.
  const sql = `SYSTEM SYNC REPLICA${tables.everywhere} ${quoteName(database)}.${tables.stored}`;
  if (connection.isCluster) await connection.command({ sql, parameters: {} }, { signal });
}
