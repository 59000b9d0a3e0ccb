/**
 * How often a log is merged in the course of a day: rows that merges wrote for each row that was inserted, as inserts add up.
 *
 *   node dist/bench/merges.js [inserts, 2000 if not given]
 *
 * A day has 86,400 inserts of one worker, and no run of minutes has them. Which parts the engine joins depends on their sizes beside
 * one another more than on what they are, so small inserts stand for large ones; the real table, with its settings, for itself.
 */
import * as os from 'node:os';
import { askStore, mergesRest } from './support/ask-store.js';
import { MeasuredStore } from './support/measured-store.js';
import { mergedRows } from './support/merged-rows.js';
import { Report } from './support/report.js';

const ROWS = 100;
const INSERT = `INSERT INTO logs (logstore, time, shard, seq, row, ttl, fields)
  SELECT 1, now64(9), 0, number, 1, 30, map('n', toString(rand())) FROM numbers(${ROWS})`;

const inserts = Number(process.argv[2] ?? 2000);
const report = new Report('merges', 'How often a log is merged');
const measured = new MeasuredStore(os.tmpdir());
await measured.start();
const rows: string[][] = [];
try {
  let done = 0;
  for (const upTo of [inserts / 100, inserts / 10, inserts]) {
    for (; done < upTo; done++) await askStore(measured.socket, INSERT);
    await mergesRest(measured.socket);
    const merged = await mergedRows(measured.socket);
    rows.push([String(done), (merged / (done * ROWS)).toFixed(2), (Math.log(done) / Math.log(12)).toFixed(2)]);
  }
} finally {
  await measured.stop();
  measured.remove();
}
report.table(['inserts', 'merged a log', 'if each round made one part of twelve'], rows);
report.write();
