/** How long logs stay: what the table says of each logstore, and how that is changed. */
import type { Connection } from './connection.js';
import type { Store } from './store.js';

export function retention(connection: Connection): Pick<Store, 'ttls' | 'setTtl' | 'deleteLogstore'> {
  const { stored, everywhere } = connection.opening.tables;
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
  };
}
