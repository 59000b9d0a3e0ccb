/**
 * PutLogs beside the tracking path, in one run: acknowledged logs a second in a closed loop, lz4, batches of 100 logs.
 *
 *   node dist/bench/put-logs.js [--rounds 5] [--seconds 3] [--spool /dev/shm] [--connections 64]
 *
 * The server has core 0 with all its threads, this process core 1, and no store. The same logs go as JSON to web tracking
 * and as protobuf to PutLogs, signed either way. All take turns within a round; the table has medians of the rounds, and
 * ratios are made within each round.
 */
import { parseArgs } from 'node:util';
import { compressSync } from 'lz4-napi';
import { encodeLogGroup } from '../test/support/protobuf.js';
import { type Scheme, sign } from '../test/support/sign.js';
import { LOAD_CORE, pinSelf, SERVER_CORE } from './support/cores.js';
import { runLoad } from './support/http-load.js';
import { type Batch, makeBatches, postRequest } from './support/page-events.js';
import { median, Report } from './support/report.js';
import { startLogboom } from './support/servers.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    spool: { type: 'string', default: '/dev/shm' },
    connections: { type: 'string', default: '64' },
  },
});

const LOGS = 100;
const key = { id: 'LBbench', secret: 'a-secret-for-benchmarks' };
process.env['LOGBOOM_ACCESS_KEY_ID'] = key.id;
process.env['LOGBOOM_ACCESS_KEY_SECRET'] = key.secret;

/** Signed for the next quarter of an hour. */
function putRequest({ json }: Batch, scheme: Scheme): Buffer {
  const { __logs__: logs } = JSON.parse(json.toString()) as { __logs__: Record<string, string>[] };
  const time = Math.floor(Date.now() / 1000);
  const raw = encodeLogGroup({ logs: logs.map((contents) => ({ time, contents })), topic: 'bench' });
  const body = compressSync(raw).subarray(4); // lz4-napi puts the size in front
  const path = '/logstores/web/shards/lb';
  const headers = {
    'content-type': 'application/x-protobuf',
    'x-log-bodyrawsize': String(raw.length),
    'x-log-compresstype': 'lz4',
    'user-agent': 'sls-sdk',
  };
  const signed = sign({ method: 'POST', path, host: '127.0.0.1', headers, body }, key, scheme);
  const lines = Object.entries({ ...signed, 'content-length': String(body.length) }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`), body]);
}

const batches = makeBatches(40, LOGS);
const workloads = [
  ['track, lz4', batches.map((batch) => postRequest(batch, 'lz4'))],
  ['PutLogs, v1', batches.map((batch) => putRequest(batch, 'hmac-sha1'))],
  ['PutLogs, v4', batches.map((batch) => putRequest(batch, 'v4'))],
] as const;

interface Measured {
  readonly logsPerSecond: number;
  readonly cpuMicros: number;
  readonly refused: number;
}

async function measure(requests: readonly Buffer[]): Promise<Measured> {
  const flags = ['--store', 'none', '--spool-free-bytes-min', '0', '--spool-bytes-max', '16GiB'];
  const server = await startLogboom(values.spool, SERVER_CORE, flags);
  const { hostname: host, port } = server.publicUrl;
  const options = { host, port: Number(port), requests, connections: Number(values.connections) };
  await runLoad({ ...options, durationMs: 1000 });
  const before = server.usage().cpuSeconds;
  const { ok, other, seconds } = await runLoad({ ...options, durationMs: Number(values.seconds) * 1000 });
  const cpuSeconds = server.usage().cpuSeconds - before;
  await server.stop();
  return { logsPerSecond: (ok * LOGS) / seconds, cpuMicros: (cpuSeconds / (ok + other)) * 1e6, refused: other };
}

pinSelf(LOAD_CORE);
const report = new Report('put-logs', 'PutLogs beside the tracking path');
const results = workloads.map((): Measured[] => []);
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [i, [, requests]] of workloads.entries()) results[i]?.push(await measure(requests));
}
report.say(
  `Spool in ${values.spool}; ${values.connections} connections; ${LOGS} logs a request; medians of ${values.rounds} rounds of ${values.seconds} s.`,
);
report.table(
  ['workload', 'logs/s', 'of track', 'CPU us/request', 'CPU of track', 'refused'],
  workloads.map(([name], i) => {
    const own = results[i] as Measured[];
    const track = results[0] as Measured[];
    const ratio = (of: 'logsPerSecond' | 'cpuMicros') =>
      `${Math.round(median(own.map((one, round) => one[of] / (track[round] as Measured)[of])) * 100)} %`;
    return [
      name,
      Math.round(median(own.map((one) => one.logsPerSecond))).toLocaleString('en'),
      ratio('logsPerSecond'),
      median(own.map((one) => one.cpuMicros)).toFixed(0),
      ratio('cpuMicros'),
      own.reduce((sum, one) => sum + one.refused, 0),
    ];
  }),
);
report.write();
