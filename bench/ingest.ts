/**
 * Acknowledged logs a second in a closed loop, beside a bare node:http server that only reads the body, in one run.
 *
 *   node dist/bench/ingest.js [--rounds 5] [--seconds 3] [--spool /dev/shm] [--connections 64] [--only post-100]
 *
 * The server has core 0 with all its threads, this process core 1. All variants take turns within a round, so that the
 * noise of the machine falls on all alike; the table has medians of the rounds. Without a store, so that it is the
 * receiving that is measured; with the spool on tmpfs it is what the CPU can do.
 */
import { parseArgs } from 'node:util';
import { LOAD_CORE, pinSelf, SERVER_CORE } from './support/cores.js';
import { type LoadResult, runLoad } from './support/http-load.js';
import { getRequests, makeBatches, postRequest } from './support/page-events.js';
import { median, percentile, Report } from './support/report.js';
import { type MeasuredServer, startLogboom, startYardstick } from './support/servers.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    spool: { type: 'string', default: '/dev/shm' },
    connections: { type: 'string', default: '64' },
    only: { type: 'string' },
    name: { type: 'string', default: 'ingest' },
  },
});

interface Workload {
  readonly name: string;
  readonly logs: number;
  readonly requests: readonly Buffer[];
}

interface Measured {
  readonly requestsPerSecond: number;
  readonly cpuMicros: number;
  readonly p50: number;
  readonly p99: number;
  readonly peakMib: number;
  readonly refused: number;
}

const workloads: Workload[] = [
  { name: 'get', logs: 1, requests: getRequests(200) },
  ...[1, 10, 100, 1000].flatMap((logs) =>
    (['plain', 'lz4'] as const).map((codec) => ({
      name: `post-${logs}${codec === 'lz4' ? '-lz4' : ''}`,
      logs,
      requests: makeBatches(Math.max(4, Math.min(200, 4000 / logs)), logs).map((batch) => postRequest(batch, codec)),
    })),
  ),
].filter(({ name }) => values.only === undefined || values.only.split(',').includes(name));

async function measure(server: MeasuredServer, { requests }: Workload): Promise<Measured> {
  const options = { host: server.publicUrl.hostname, port: Number(server.publicUrl.port), requests };
  const connections = Number(values.connections);
  await runLoad({ ...options, connections, durationMs: 500 });
  const before = server.usage().cpuSeconds;
  const result: LoadResult = await runLoad({ ...options, connections, durationMs: Number(values.seconds) * 1000 });
  const usage = server.usage();
  const answered = result.ok + result.other;
  return {
    requestsPerSecond: result.ok / result.seconds,
    cpuMicros: ((usage.cpuSeconds - before) / answered) * 1e6,
    p50: percentile(result.latencies, 0.5),
    p99: percentile(result.latencies, 0.99),
    peakMib: usage.peakMib,
    refused: result.other,
  };
}

const report = new Report(values.name, 'Receiving, in a closed loop');
pinSelf(LOAD_CORE);
const results = new Map<string, { logboom: Measured[]; yardstick: Measured[] }>();
for (let round = 0; round < Number(values.rounds); round++) {
  for (const workload of workloads) {
    const kept = results.get(workload.name) ?? { logboom: [], yardstick: [] };
    results.set(workload.name, kept);
    const flags = ['--store', 'none', '--spool-free-bytes-min', '0', '--spool-bytes-max', '16GiB'];
    const servers = [
      ['logboom', await startLogboom(values.spool, SERVER_CORE, flags)],
      ['yardstick', await startYardstick(SERVER_CORE)],
    ] as const;
    for (const [kind, server] of servers) {
      kept[kind].push(await measure(server, workload));
      await server.stop();
    }
  }
}

report.say(
  `Spool in ${values.spool}; ${values.connections} connections; medians of ${values.rounds} rounds of ${values.seconds} s.`,
);
report.table(
  [
    'workload',
    'logs/s',
    'requests/s',
    'of bare node:http',
    'CPU us/request',
    'bare',
    'p50 ms',
    'p99 ms',
    'peak MiB',
    'refused',
  ],
  workloads.map(({ name, logs }) => {
    const { logboom, yardstick } = results.get(name) as { logboom: Measured[]; yardstick: Measured[] };
    const of = (all: Measured[], key: keyof Measured) => median(all.map((one) => one[key]));
    const ratios = logboom.map((one, i) => one.requestsPerSecond / (yardstick[i] as Measured).requestsPerSecond);
    return [
      name,
      Math.round(of(logboom, 'requestsPerSecond') * logs).toLocaleString('en'),
      Math.round(of(logboom, 'requestsPerSecond')).toLocaleString('en'),
      `${Math.round(median(ratios) * 100)} %`,
      of(logboom, 'cpuMicros').toFixed(1),
      of(yardstick, 'cpuMicros').toFixed(1),
      of(logboom, 'p50').toFixed(1),
      of(logboom, 'p99').toFixed(1),
      Math.round(of(logboom, 'peakMib')),
      of(logboom, 'refused'),
    ];
  }),
);
report.write();
