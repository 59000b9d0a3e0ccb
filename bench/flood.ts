/**
 * What others notice of a client that floods, and what is left of the service when more large bodies come than it has room for.
 *
 *   node dist/bench/flood.js [--rounds 3] [--seconds 3] [--disk /dev/shm]
 *
 * The server has core 0, this process core 1. The others are 200 addresses behind a trusted proxy that send GETs at a fixed rate;
 * the flood is one more address, from another thread. The store is off.
 */
import * as os from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { LOAD_CORE, pinSelf, SERVER_CORE } from './support/cores.js';
import { type LoadOptions, type LoadResult, runLoad } from './support/http-load.js';
import { median, percentile, Report } from './support/report.js';
import { startLogboom } from './support/servers.js';

const OTHERS_RATE = 500;
const FLOOD_RATE = 8000;
const LARGE_BYTES = 2_700_000;
const OVERLOAD_MS = 6000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '3' },
      disk: { type: 'string', default: os.tmpdir() },
    },
  });
  const durationMs = Number(values.seconds) * 1000;
  const report = new Report('flood', 'Floods and overload');
  pinSelf(LOAD_CORE);
  const base = ['--store', 'none', '--spool-free-bytes-min', '0', '--trusted-proxies', '127.0.0.1'];
  const guarded = await startLogboom(values.disk, SERVER_CORE, [...base, '--quota-address-requests', '100']);
  const open = await startLogboom(values.disk, SERVER_CORE, [...base, '--quota-address-requests', '0']);

  const others = (url: URL) =>
    runLoad({ ...at(url), connections: 64, durationMs, rate: OTHERS_RATE, requests: OTHERS });
  const flood = (url: URL) =>
    inThread({ ...at(url), connections: 32, durationMs, rate: FLOOD_RATE, requests: [getFrom('198.51.100.1')] });
  const variants: Record<string, () => Promise<[LoadResult, LoadResult | undefined]>> = {
    'no flood': async () => [await others(guarded.publicUrl), undefined],
    'a flood, quotas as they are': () => Promise.all([others(guarded.publicUrl), flood(guarded.publicUrl)]),
    'a flood, no quotas': () => Promise.all([others(open.publicUrl), flood(open.publicUrl)]),
  };
  await others(guarded.publicUrl);
  // The burst of ten seconds that any address has.
  await flood(guarded.publicUrl);
  const rows = new Map(Object.keys(variants).map((name) => [name, [] as number[][]]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [name, run] of Object.entries(variants)) {
      const server = name.endsWith('no quotas') ? open : guarded;
      const cpuBefore = server.usage().cpuSeconds;
      const [calm, wild] = await run();
      const cpu = (server.usage().cpuSeconds - cpuBefore) / Number(values.seconds);
      const [p50, p99] = [percentile(calm.latencies, 0.5), percentile(calm.latencies, 0.99)];
      rows.get(name)?.push([p50, p99, calm.other, wild?.ok ?? 0, wild?.other ?? 0, cpu]);
    }
  }
  report.say(
    `${OTHERS_RATE} GETs a second from 200 addresses, and ${FLOOD_RATE} from one. Medians of ${values.rounds} rounds of ${values.seconds} s.`,
  );
  report.table(
    ['', 'others p50 ms', 'p99 ms', 'refused', 'flood: accepted', 'refused', 'CPU of the server'],
    [...rows].map(([name, all]) => [
      name,
      ...[2, 2, 0, 0, 0, 2].map((digits, column) => median(all.map((row) => row[column] as number)).toFixed(digits)),
    ]),
  );

  const large: (string | number)[][] = [];
  for (const connections of [16, 64, 256]) {
    const { ok, other, seconds } = await runLoad({
      ...at(open.publicUrl),
      connections,
      durationMs: OVERLOAD_MS,
      requests: [LARGE],
    });
    large.push([connections, ok, (ok / seconds).toFixed(0), other]);
  }
  report.say(
    `Bodies of ${LARGE_BYTES / 1e6} MB, each connection sending the next as soon as it has an answer; 64 MiB may be in flight.`,
  );
  report.table(['connections', 'answered 200', 'a second', 'refused'], large);
  report.write();
  await Promise.all([guarded.stop(), open.stop()]);
}

const at = (url: URL) => ({ host: url.hostname, port: Number(url.port) });

function getFrom(address: string): Buffer {
  const target = '/logstores/web/track?APIVersion=0.6.0&event=view';
  return Buffer.from(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: ${address}\r\n\r\n`);
}

/** Functions, so that the thread of the flood does not make them. */
const OTHERS = isMainThread ? Array.from({ length: 200 }, (_, n) => getFrom(`203.0.113.${n}`)) : [];
const LARGE = isMainThread ? largePost() : Buffer.alloc(0);

function largePost(): Buffer {
  const log = `{"event":"view","text":"${'x'.repeat(900)}"}`;
  const logs = Array.from({ length: Math.floor(LARGE_BYTES / (log.length + 1)) }, () => log).join(',');
  const body = `{"__logs__":[${logs}]}`;
  const head = 'POST /logstores/web/track?APIVersion=0.6.0 HTTP/1.1\r\nHost: 127.0.0.1\r\n';
  return Buffer.from(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);
}

function inThread(options: LoadOptions): Promise<LoadResult> {
  const worker = new Worker(new URL(import.meta.url), { workerData: options });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** What goes to another thread arrives as plain bytes. */
function withBuffers(options: LoadOptions): LoadOptions {
  return { ...options, requests: options.requests.map((bytes) => Buffer.from(bytes)) };
}

if (isMainThread) await main();
else parentPort?.postMessage(await runLoad(withBuffers(workerData as LoadOptions)));
