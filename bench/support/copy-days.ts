/** Copies of the logs of one day as logs of the days before it: a store of many logs, in a tenth of the time. */
import { askStore, mergesRest } from './ask-store.js';

const DAY_MS = 24 * 3600 * 1000;

/** `lastDayMs` is the beginning of the day, which counts as one of the `days`. Resolves when merges rest. */
export async function copyDays(socket: string, lastDayMs: number, days: number): Promise<void> {
  const columns = await askStore<{ name: string }>(
    socket,
    `SELECT name FROM system.columns WHERE database = 'logboom' AND table = 'logs' ORDER BY position`,
  );
  const names = columns.map(({ name }) => `\`${name}\``);
  // What merges leave behind is many files, and each would be dropped from the system's memory again and again.
  await askStore(socket, 'ALTER TABLE logs MODIFY SETTING old_parts_lifetime = 10');
  for (let day = 1; day < days; day++) {
    const copied = names.map((name) => (name === '`time`' ? `time - INTERVAL ${day} DAY` : name));
    await askStore(
      socket,
      `INSERT INTO logs (${names}) SELECT ${copied} FROM logs WHERE toDate(time) = toDate(${lastDayMs / 1000})
SETTINGS max_threads = 1, materialize_skip_indexes_on_insert = 0, min_insert_block_size_rows = 65536, min_insert_block_size_bytes = 0`,
    );
    await askStore(socket, `OPTIMIZE TABLE logs PARTITION '${dayText(lastDayMs - day * DAY_MS)}' FINAL`);
  }
  await mergesRest(socket);
}

function dayText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
