/**
 * Memory of every process at rest, of a worker while bodies of nearly 3 MiB arrive on many connections, and while its disk
 * does not answer.
 *
 *   node dist/bench/memory.js [--disk /dev/shm] [--seconds 10]
 *
 * The disk is stalled by freezing an ext4 file system in an image, which wants root and a loop device.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { runLoad } from './support/http-load.js';
import { makeBatches, postRequest } from './support/page-events.js';
import { Report } from './support/report.js';
import { type MeasuredServer, PROCESSES, type ProcessName, startLogboom } from './support/servers.js';

const { values } = parseArgs({
  options: {
    disk: { type: 'string', default: '/dev/shm' },
    seconds: { type: 'string', default: '10' },
    name: { type: 'string', default: 'memory' },
  },
});

const REST_MS = 10_000;
const CONNECTIONS = 64;
/** Some 720 bytes each: as many as fit into 3 MiB, the limit of a body. */
const LOGS_PER_BODY = 4090;
const STALL_SECONDS = 5;
const WITHOUT_STORE = ['--store', 'none', '--spool-free-bytes-min', '0'];

const report = new Report(values.name, 'Memory');
await measureRest();
await measureLargeBodies();
await measureStall();
report.write();

async function measureRest(): Promise<void> {
  const server = await startLogboom(values.disk, undefined, ['--spool-free-bytes-min', '0']);
  await sleep(REST_MS);
  const before = server.usage().cpuSeconds;
  await sleep(REST_MS);
  const cpu = server.usage().cpuSeconds - before;
  report.say(`At rest, resident, in MiB; all processes take ${((cpu / REST_MS) * 100_000).toFixed(1)} % of a core.`);
  const names = Object.keys(PROCESSES) as ProcessName[];
  report.table(names, [names.map((name) => Math.round(server.usage(PROCESSES[name]).residentMib))]);
  await server.stop();
}

async function measureLargeBodies(): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const codec of ['plain', 'lz4'] as const) {
    const requests = makeBatches(8, LOGS_PER_BODY).map((batch) => postRequest(batch, codec));
    const server = await startLogboom(values.disk, undefined, WITHOUT_STORE);
    const target = { host: server.publicUrl.hostname, port: Number(server.publicUrl.port) };
    const durationMs = Number(values.seconds) * 1000;
    const { ok, other } = await runLoad({ ...target, requests, connections: CONNECTIONS, durationMs });
    rows.push([codec, requests[0]?.length ?? 0, ok, other, workerPeak(server)]);
    await server.stop();
  }
  report.say(
    `${CONNECTIONS} connections post ${LOGS_PER_BODY} logs at a time in a closed loop, for ${values.seconds} s. The budget for ` +
      'requests in flight is 64 MiB; what is above it gets 503 and comes again at once.',
  );
  report.table(['bodies', 'bytes on the wire', '200', 'not 200', 'worker peak, MiB'], rows);
}

async function measureStall(): Promise<void> {
  const image = path.join(values.disk, `logboom-stall-${process.pid}`);
  const directory = `${image}.mounted`;
  try {
    fs.closeSync(fs.openSync(image, 'w'));
    fs.truncateSync(image, 4 * 1024 ** 3);
    fs.mkdirSync(directory);
    execFileSync('mkfs.ext4', ['-q', '-F', image], { stdio: 'pipe' });
    execFileSync('mount', ['-o', 'loop', image, directory], { stdio: 'pipe' });
  } catch (error) {
    report.say(`A stalled disk: skipped, no file system to freeze (${(error as Error).message.trim()}).`);
    fs.rmSync(image, { force: true });
    fs.rmSync(directory, { recursive: true, force: true });
    return;
  }
  try {
    await stall(directory);
  } finally {
    execFileSync('umount', [directory]);
    fs.rmSync(image);
    fs.rmdirSync(directory);
  }
}

async function stall(directory: string): Promise<void> {
  const server = await startLogboom(directory, undefined, WITHOUT_STORE);
  const requests = makeBatches(40, 100).map((batch) => postRequest(batch, 'plain'));
  const target = { host: server.publicUrl.hostname, port: Number(server.publicUrl.port) };
  const loading = runLoad({ ...target, requests, rate: 1000, connections: 3000, durationMs: 9000 });
  await sleep(2000);
  const before = server.usage(PROCESSES.worker);
  // A process of its own, so that the file system thaws whatever becomes of this one.
  const script = `fsfreeze -f '${directory}' && sleep ${STALL_SECONDS}; fsfreeze -u '${directory}'`;
  const frozen = spawn('sh', ['-c', script], { detached: true, stdio: 'inherit' });
  const thaw = once(frozen, 'exit');
  const slowestMs = await slowestHealth(server, thaw);
  const thawedMs = performance.now();
  const log = new URL('/logstores/web/track?APIVersion=0.6.0&event=after', server.publicUrl);
  while ((await fetch(log)).status !== 200) await sleep(10);
  const recoveredMs = performance.now() - thawedMs;
  const { ok, other } = await loading;
  report.say(`The disk does not answer for ${STALL_SECONDS} s, while 1000 requests of 100 logs a second are due.`);
  report.table(
    [
      '200',
      'not 200',
      'worker before, MiB',
      'peak, MiB',
      'slowest /healthz in the stall, ms',
      'first 200 after it, ms',
    ],
    [[ok, other, Math.round(before.residentMib), workerPeak(server), slowestMs.toFixed(0), recoveredMs.toFixed(0)]],
  );
  await server.stop();
}

/** The longest that the event loop let somebody wait, in ms. */
async function slowestHealth(server: MeasuredServer, until: Promise<unknown>): Promise<number> {
  let isOver = false;
  void until.then(() => {
    isOver = true;
  });
  let slowestMs = 0;
  while (!isOver) {
    const startedMs = performance.now();
    await (await fetch(new URL('/healthz', server.publicUrl))).text();
    slowestMs = Math.max(slowestMs, performance.now() - startedMs);
    await sleep(20);
  }
  return slowestMs;
}

function workerPeak(server: MeasuredServer): number {
  return Math.round(server.usage(PROCESSES.worker).peakMib);
}
