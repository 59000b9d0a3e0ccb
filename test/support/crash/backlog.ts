/**
 * node dist/test/support/crash/backlog.js [--gigabytes 3]
 *
 * How soon a service that was killed accepts again, with nothing in its spool and with a large backlog that the store has
 * never seen; how it answers while it loads that; and whether all of it arrives.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CrashService } from './crash-service.js';
import { askStore } from './rows.js';

const { values } = parseArgs({ options: { gigabytes: { type: 'string', default: '3' } } });
const backlogBytes = Number(values.gigabytes) * 1024 ** 3;

const LOG = Object.fromEntries(
  Array.from({ length: 20 }, (_, n) => [`field-${n}`, `${'some text of a page view '.slice(n % 10)}${n}`]),
);
const LOG_BYTES = JSON.stringify(LOG).length;
const LOGS_PER_REQUEST = 4000;
const SENDERS = 3;
const STARTS = 5;

// So that what was started is ended with us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-backlog-'));
const data = path.join(directory, 'data');
const receiving = new CrashService({ data, workers: 1, flags: ['--store', 'none', '--spool-hold-bytes-max', '0'] });
const loading = new CrashService({ data, workers: 1, flags: ['--log-level', 'warn'] });

await receiving.start();
console.log(`accepting again, empty spool: ${await measureStarts(receiving)} ms`);
const before = performance.now();
const logs = await fillSpool(receiving);
const filledInSeconds = ((performance.now() - before) / 1000).toFixed(1);
console.log(`${logs} logs in ${receiving.spoolFiles().length} files, sent in ${filledInSeconds} s`);
console.log(`accepting again, backlog of ${values.gigabytes} GiB: ${await measureStarts(receiving)} ms`);

await receiving.end();
console.log(`accepting again, that backlog and a store: ${await measureStart(loading)} ms`);
const loadedFrom = performance.now();
const answers: number[] = [];
const backlog = loading.unloadedSegments();
while (backlog.some((segment) => fs.existsSync(segment))) {
  answers.push(await measure(() => send(loading, 1)));
  await sleep(20);
}
answers.sort((a, b) => a - b);
const at = (part: number) => Math.round(answers[Math.floor((answers.length - 1) * part)] ?? 0);
console.log(`loaded in ${((performance.now() - loadedFrom) / 1000).toFixed(1)} s`);
console.log(
  `meanwhile ${answers.length} requests were answered: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`,
);
// Each start was followed by one log of one request.
const expected = logs + 2 * STARTS + 1 + answers.length;
while (!loading.isDrained) await sleep(20);
const found = Number(await askStore(data, 'SELECT count() FROM logboom.logs'));
console.log(`${found} rows for ${expected} logs`);
await loading.end();
fs.rmSync(directory, { recursive: true });
process.exit(found === expected ? 0 : 1);

/** Each after a kill; in milliseconds, ascending. */
async function measureStarts(service: CrashService): Promise<string> {
  const tookMs: number[] = [];
  for (let start = 1; start <= STARTS; start++) {
    await service.end();
    tookMs.push(await measureStart(service));
  }
  return tookMs.sort((a, b) => a - b).join(', ');
}

/** From the command to the first answer with 200. */
async function measureStart(service: CrashService): Promise<number> {
  return Math.round(
    await measure(async () => {
      await service.start();
      await send(service, 1);
    }),
  );
}

async function measure(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

/** Returns how many logs were acknowledged. */
async function fillSpool(service: CrashService): Promise<number> {
  let bytes = 0;
  let logs = 0;
  const sender = async () => {
    while (bytes < backlogBytes) {
      bytes += LOGS_PER_REQUEST * LOG_BYTES;
      await send(service, LOGS_PER_REQUEST);
      logs += LOGS_PER_REQUEST;
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  return logs;
}

/** Throws if it is not acknowledged. */
async function send(service: CrashService, logs: number): Promise<void> {
  const response = await fetch(`${service.service.publicUrl}/logstores/web/track`, {
    method: 'POST',
    headers: { 'x-log-apiversion': '0.6.0', 'x-log-bodyrawsize': '0' },
    body: JSON.stringify({ __logs__: Array.from({ length: logs }, (_, n) => ({ ...LOG, n: String(n) })) }),
  });
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
}
