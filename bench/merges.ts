/**
 * How often a log is merged in the course of a day: rows that merges wrote for each row that was inserted, as inserts add up.
 *
 *   node dist/bench/merges.js [inserts, 500 if not given]
 *
 * A day has 86,400 inserts of one worker, and no run of minutes has them. An insert here has the bytes of one of 20,000 logs, in a tenth
 * of the rows and all random, so that it costs little: which parts the engine joins depends on their bytes. The table is the real
 * one, with its settings. Inserts come as fast as they are taken; in a service, parts are older when they are chosen.
 */
import * as os from 'node:os';
import { askStore, mergesRest } from './support/ask-store.js';
import { MeasuredStore } from './support/measured-store.js';
import { mergedRows } from './support/merged-rows.js';
import { Report } from './support/report.js';

const ROWS = 2000;
const BYTES = 720;
const INSERT = `INSERT INTO logs (logstore, time, shard, seq, row, ttl, fields)
  SELECT 1, now64(9), 0, number, 1, 30, map('n', randomString(${BYTES})) FROM numbers(${ROWS})`;

const inserts = Number(process.argv[2] ?? 500);
const report = new Report('merges', 'How often a log is merged');
const measured = new MeasuredStore(os.tmpdir());
await measured.start();
const rows: string[][] = [];
try {
  let done = 0;
  for (const upTo of [inserts / 20, inserts / 5, inserts]) {
    for (; done < upTo; done++) await askStore(measured.socket, INSERT);
    await mergesRest(measured.socket);
    const merged = await mergedRows(measured.socket);
    rows.push([String(done), (merged / (done * ROWS)).toFixed(2)]);
  }
} finally {
  await measured.stop();
  measured.remove();
}
report.table(['inserts', 'merged a log'], rows);
report.write();
