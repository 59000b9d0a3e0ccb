/** How long logs stay: what the table says of each logstore, and how that is changed. */
import type { Connection } from './connection.js';
import { partitionOf } from './day-partition.js';
import { quote } from './quote.js';
import type { Store } from './store.js';

export function retention(
  connection: Connection,
  database: string,
): Pick<Store, 'ttls' | 'setTtl' | 'deleteLogstore' | 'dropHidden'> {
  const { stored, everywhere, system } = connection.opening.tables;
  return {
    async ttls() {
      const sql = 'SELECT logstore, groupUniqArray(ttl) AS days FROM logs GROUP BY logstore';
      const rows = await connection.rows<{ logstore: string; days: number[] }>({ sql, parameters: {} }, {});
      return new Map(rows.map((row) => [Number(row.logstore), row.days]));
    },

    async setTtl(logstoreId, ttlDays) {
      const sql = `ALTER TABLE ${stored}${everywhere} UPDATE ttl = {days:UInt16}
WHERE logstore = {logstore:UInt64} AND ttl != {days:UInt16}`;
      const parameters = { logstore: logstoreId, days: ttlDays };
      await connection.command({ sql, parameters }, { settings: { mutations_sync: '0' } });
    },

    async deleteLogstore(logstoreId) {
      const sql = `DELETE FROM ${stored}${everywhere} WHERE logstore = {logstore:UInt64}`;
      const parameters = { logstore: logstoreId };
      await connection.command({ sql, parameters }, { settings: { lightweight_deletes_sync: '0' } });
    },

    async dropHidden() {
      // Parts of today are merged soon, and lose such rows by that.
      const sql = `SELECT toString(min(toDate(parseDateTimeBestEffort(partition_id)))) AS day, count() AS parts
FROM ${system('parts')}
WHERE database = {database:String} AND table = {table:String} AND active AND has_lightweight_delete
  AND partition_id < toString(toYYYYMMDD(now('UTC')))`;
      const parameters = { database, table: stored };
      const [oldest] = await connection.rows<{ day: string; parts: string }>({ sql, parameters }, {});
      if (oldest === undefined || oldest.parts === '0') return null;
      const partition = `IN PARTITION ID ${quote(partitionOf(oldest.day))}`;
      await connection.command(
        { sql: `ALTER TABLE ${stored}${everywhere} APPLY DELETED MASK ${partition}`, parameters: {} },
        { settings: { mutations_sync: '0' } },
      );
      return oldest.day;
    },
  };
}
