/**
 * The scanner alone: CPU time to check a body and make it canonical, beside what `JSON.parse` would need.
 *
 *   node dist/bench/scan.js [rounds, 60 if not given]
 *
 * All variants take turns within a round, so that noise falls on all alike; the table has medians and the least.
 */
import { isUtf8 } from 'node:buffer';
import type { Logstore } from '../src/model/catalog.js';
import { LOGS_PER_REQUEST_MAX } from '../src/model/limits.js';
import { KeyCap } from '../src/tracking/key-cap.js';
import { createScanner, type ScanResult } from '../src/tracking/scan.js';
import { newLogstore } from '../test/support/catalog.js';
import { PageEvents } from './support/page-events.js';
import { median, Report } from './support/report.js';

const rounds = Number(process.argv[2] ?? 60);
const WARM_UP_ROUNDS = 10;
/** Bytes scanned per variant and round, so that a round of any batch size takes about as long. */
const ROUND_BYTES = 2_000_000;

const scanner = createScanner({ logsMax: LOGS_PER_REQUEST_MAX, nonStringValues: 'store' });

const logstore = newLogstore(1, 'default', 'web');
const crammed: Logstore = { ...logstore, id: 2, writeRules: { ...logstore.writeRules, keysMax: 5 } };
const cap = new KeyCap({ logstoreById: (id) => (id === 1 ? logstore : crammed) });

function capped(result: ScanResult, to: Logstore): unknown {
  return result.kind === 'body' && cap.apply(to, result.body);
}

const VARIANTS: Record<string, (clean: Buffer, dirty: Buffer) => unknown> = {
  'isUtf8 alone': (clean) => isUtf8(clean),
  scan: (clean) => isUtf8(clean) && scanner.scan(clean),
  'scan, keys within the cap': (clean) => isUtf8(clean) && capped(scanner.scan(clean), logstore),
  'scan, keys beyond it moved': (clean) => isUtf8(clean) && capped(scanner.scan(clean), crammed),
  'scan, 4 edits a log': (_, dirty) => isUtf8(dirty) && scanner.scan(dirty),
  'JSON.parse': (clean) => JSON.parse(clean.toString()),
  'parse, stringify': (clean) => Buffer.from(JSON.stringify(JSON.parse(clean.toString()))),
};

/** What the mobile producers add, and an own client that does not turn its numbers into strings. */
function unclean(event: Record<string, string>): Record<string, unknown> {
  const numbers = { x: Number(event['x']), duration_ms: Number(event['duration_ms']) };
  return { __time__: 1_795_000_000, ...event, ...numbers, context: { a: [1, 2] } };
}

const report = new Report('scan', 'The scanner alone');
const rows: (string | number)[][] = [];
for (const logs of [1, 10, 100, 1000]) {
  const source = new PageEvents(1);
  const events = Array.from({ length: logs }, () => source.next());
  const clean = Buffer.from(JSON.stringify({ __logs__: events, __tags__: { app: 'shop' }, __topic__: 'web' }));
  const dirty = Buffer.from(JSON.stringify({ __logs__: events.map(unclean), __tags__: { app: 1 } }));
  for (const [name, times] of measure(clean, dirty)) {
    const micros = median(times);
    const rate = clean.length / micros / 1000;
    rows.push([logs, clean.length, name, micros.toFixed(2), Math.min(...times).toFixed(2), rate.toFixed(2)]);
  }
}
report.say(`CPU time of one body, medians of ${rounds} rounds.`);
report.table(['logs', 'bytes', 'what', 'us', 'least us', 'GB/s'], rows);
report.write();

/** Microseconds of CPU that each variant took for one body, for every round. */
function measure(clean: Buffer, dirty: Buffer): ReadonlyMap<string, readonly number[]> {
  const times = new Map(Object.keys(VARIANTS).map((name) => [name, [] as number[]]));
  const runs = Math.ceil(ROUND_BYTES / clean.length);
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const [name, run] of Object.entries(VARIANTS)) {
      const before = process.cpuUsage();
      for (let n = 0; n < runs; n++) run(clean, dirty);
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) times.get(name)?.push((user + system) / runs);
    }
  }
  return times;
}
