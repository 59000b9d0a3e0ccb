/** Statements to our own store process, past the service: for figures that are none of its users' business. */
import * as http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Path of its unix socket, or its port on the loopback interface. */
export type StoreAddress = string | number;

/** Rows of a statement, numbers of 64 bits as text. Throws with what the store says. */
export function askStore<Row>(store: StoreAddress, sql: string): Promise<Row[]> {
  const place = typeof store === 'string' ? { socketPath: store } : { port: store };
  const path = '/?database=logboom&default_format=JSONEachRow&output_format_json_quote_64bit_integers=1';
  return new Promise((resolve, reject) => {
    const request = http.request({ ...place, path, method: 'POST' }, async (response) => {
      const text = (await response.setEncoding('utf8').toArray()).join('');
      // The caller knows what it asked for.
      if (response.statusCode === 200)
        resolve(
          text
            .split('\n')
            .filter(Boolean)
            .map((row) => JSON.parse(row) as Row),
        );
      else reject(new Error(text));
    });
    request.on('error', reject).end(sql);
  });
}

export async function countLogs(store: StoreAddress): Promise<number> {
  const [row] = await askStore<{ logs: string }>(store, 'SELECT count() AS logs FROM logs');
  return Number(row?.logs);
}

/** Resolves when nothing has been merged for some seconds. */
export async function mergesRest(store: StoreAddress): Promise<void> {
  for (let quietLooks = 0; quietLooks < 5; quietLooks++) {
    await sleep(1000);
    const [running] = await askStore<{ merges: string }>(store, 'SELECT count() AS merges FROM system.merges');
    if (running?.merges !== '0') quietLooks = -1;
  }
}
