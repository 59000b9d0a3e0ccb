/**
 * PullLogs: how many logs a second one core gives to a consumer, everything counted that the service does for it.
 *
 *   node dist/bench/pull.js [--logs 1000] [--rounds 3] [--batch 100]
 *
 * Thousands of page events are tracked, in batches of so many logs, and wait in the store; then a consumer pulls them from
 * begin to end, signed, in lz4, and only looks at the headers. Each round pulls all of them. CPU seconds are those of the
 * worker, the store and the supervisor together; the consumer's own are not counted.
 */
import * as http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { storeSocket } from '../src/supervisor/store-socket.js';
import { sign } from '../test/support/sign.js';
import { countLogs, mergesRest } from './support/ask-store.js';
import { runLoad } from './support/http-load.js';
import { makeBatches, postRequest } from './support/page-events.js';
import { median, Report } from './support/report.js';
import { PROCESSES, type ProcessName, startLogboom } from './support/servers.js';

const { values } = parseArgs({
  options: {
    logs: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
    batch: { type: 'string', default: '100' },
  },
});

const key = { id: 'LBbench', secret: 'a-secret-for-benchmarks' };
process.env['LOGBOOM_ACCESS_KEY_ID'] = key.id;
process.env['LOGBOOM_ACCESS_KEY_SECRET'] = key.secret;
const LOGS = Number(values.logs) * 1000;
const BATCH = Number(values.batch);
const NAMES = ['worker', 'store', 'supervisor'] as const satisfies ProcessName[];

const report = new Report('pull', 'PullLogs');
const server = await startLogboom('/tmp', undefined, [
  ...['--spool-free-bytes-min', '0'],
  ...['--quota-address-requests', '0', '--quota-address-bytes', '0'],
]);
const agent = new http.Agent({ keepAlive: true });

interface Pulled {
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** `path` is the shard's, with its query. */
function get(query: string): Promise<Pulled> {
  const path = `/logstores/web/shards/0?${query}`;
  const headers = sign(
    { method: 'GET', path, host: '127.0.0.1', headers: { 'accept-encoding': 'lz4' } },
    key,
    'hmac-sha1',
  );
  return new Promise((resolve, reject) => {
    const request = http.get(
      { agent, host: '127.0.0.1', port: server.publicUrl.port, path, headers },
      async (response) => {
        const body = Buffer.concat(await response.toArray());
        if (response.statusCode === 200) resolve({ headers: response.headers, body });
        else reject(new Error(body.toString()));
      },
    );
    request.on('error', reject);
  });
}

const cursorOf = async (from: string): Promise<string> =>
  (JSON.parse((await get(`type=cursor&from=${from}`)).body.toString()) as { cursor: string }).cursor;

async function fill(): Promise<void> {
  const requests = makeBatches(200, BATCH).map((batch) => postRequest(batch, 'lz4'));
  const { hostname: host, port } = server.publicUrl;
  const socket = storeSocket(server.data ?? '');
  for (let sent = 0; sent < LOGS; ) {
    const { ok } = await runLoad({ host, port: Number(port), requests, connections: 16, durationMs: 250 });
    sent += ok * BATCH;
    while ((await countLogs(socket)) < sent) await sleep(200);
  }
  await mergesRest(socket);
}

const cpuSeconds = () => NAMES.map((name) => server.usage(PROCESSES[name]).cpuSeconds);

async function pullAll(): Promise<(string | number)[]> {
  const before = cpuSeconds();
  const startedMs = performance.now();
  const end = await cursorOf('end');
  let [groups, pulls, rawBytes, wireBytes] = [0, 0, 0, 0];
  for (let cursor = await cursorOf('begin'); cursor !== end; pulls++) {
    const { headers, body } = await get(`type=logs&count=1000&cursor=${encodeURIComponent(cursor)}`);
    cursor = String(headers['x-log-cursor']);
    groups += Number(headers['x-log-count']);
    rawBytes += Number(headers['x-log-bodyrawsize']);
    wireBytes += body.length;
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const logs = groups * BATCH;
  const spent = cpuSeconds().map((after, i) => after - (before[i] ?? 0));
  const total = spent.reduce((sum, one) => sum + one, 0);
  rates.push(logs / total);
  return [
    logs,
    pulls,
    (rawBytes / logs).toFixed(0),
    (wireBytes / logs).toFixed(0),
    ...spent.map((one) => ((one / logs) * 1e6).toFixed(2)),
    Math.round(logs / total).toLocaleString('en'),
    Math.round(logs / seconds).toLocaleString('en'),
  ];
}

const rates: number[] = [];
await fill();
const rows: (string | number)[][] = [];
for (let round = 0; round < Number(values.rounds); round++) rows.push(await pullAll());
report.say(`Batches of ${BATCH} logs; one shard, one consumer.`);
report.table(
  ['logs', 'pulls', 'bytes a log', 'in lz4', ...NAMES.map((name) => `${name} us/log`), 'logs per CPU second', 'logs/s'],
  rows,
);
report.say(`Median: ${Math.round(median(rates)).toLocaleString('en')} logs per CPU second.`);
report.write();
agent.destroy();
await server.stop();
