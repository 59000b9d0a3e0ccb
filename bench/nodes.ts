/**
 * What a second node costs, how soon a store that stood still has everything, and how soon nodes heed what was changed at
 * another.
 *
 *   node dist/bench/nodes.js [--rounds 2] [--seconds 8] [--rate 400] [--outage 60] [--outage-rate 200] [--changes 20]
 *
 * Rates are batches of 100 a second. The store of `store: cluster` is our own store process behind a port: the engine that the
 * embedded node has, so that what differs is the way to it. The ways are taken by turns. CPU seconds of nodes are those until all
 * is in the store, those of the store until it has merged what it got. Outage and changes are two services at the same time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { askStore, countLogs, mergesRest } from './support/ask-store.js';
import { learnFields } from './support/learn-fields.js';
import { type CpuSeconds, MeasuredNodes } from './support/measured-nodes.js';
import { standOutage } from './support/outage.js';
import { makeBatches, postRequest } from './support/page-events.js';
import { percentile, Report } from './support/report.js';
import { timeToEffect } from './support/time-to-effect.js';
import { waitUntil } from './support/wait-until.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '2' },
    seconds: { type: 'string', default: '8' },
    rate: { type: 'string', default: '400' },
    outage: { type: 'string', default: '60' },
    'outage-rate': { type: 'string', default: '200' },
    changes: { type: 'string', default: '20' },
    name: { type: 'string', default: 'nodes' },
  },
});

const BATCH = 100;
const [seconds, rate] = [Number(values.seconds), Number(values.rate)];
const requests = makeBatches(200, BATCH).map((batch) => postRequest(batch, 'plain'));
/** For services to learn the fields of their logs, before anything is measured. */
const LEARNING = { requests, rate: 100, durationMs: 2000 };
const REST_MS = 8000;

interface Way {
  readonly name: string;
  readonly measured: MeasuredNodes;
  /** Of each node. */
  readonly rate: number;
}

interface Cost {
  readonly logs: number;
  readonly inserts: number;
  readonly cpu: CpuSeconds;
}

const report = new Report(values.name, 'Several nodes before one store');
const [embedded, one, two] = await Promise.all([
  MeasuredNodes.alone(),
  MeasuredNodes.onServer(1),
  MeasuredNodes.onServer(2),
]);
try {
  await Promise.all([embedded, one, two].map(learn));
  const oneNode: Way = { name: 'one node, a server', measured: one, rate };
  const ways: readonly Way[] = [
    { name: 'one node, embedded', measured: embedded, rate },
    oneNode,
    { name: 'two nodes, each as many', measured: two, rate },
    { name: 'two nodes, each half', measured: two, rate: rate / 2 },
  ];
  const costs = new Map(ways.map((way): [Way, Cost[]] => [way, []]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const way of ways) costs.get(way)?.push(await measureCost(way));
  }
  reportCosts(costs, together(costs.get(oneNode) ?? []));
  await reportRest();
  await reportOutageAndChanges();
} finally {
  await Promise.all([embedded, one, two].map((measured) => measured.stop()));
}
report.write();

async function learn(measured: MeasuredNodes): Promise<void> {
  await measured.send(LEARNING);
  await learnFields(measured.store);
}

async function measureCost({ measured, rate }: Way): Promise<Cost> {
  const { store } = measured;
  await mergesRest(store);
  await measured.empty();
  const before = measured.cpu();
  const results = await measured.send({ requests, rate, durationMs: seconds * 1000 });
  const logs = results.reduce((sum, { ok }) => sum + ok, 0) * BATCH;
  await waitUntil(async () => (await countLogs(store)) >= logs);
  const { nodes } = measured.cpu();
  await mergesRest(store);
  const merged = measured.cpu();
  // Parts that have been merged away stay for some minutes.
  const [parts] = await askStore<{ inserts: string }>(
    store,
    `SELECT count() AS inserts FROM system.parts
     WHERE database = 'logboom' AND table = 'logs' AND level = 0 AND rows > 0 AND modification_time > now() - ${Math.ceil(seconds) + 30}`,
  );
  return {
    logs,
    inserts: Number(parts?.inserts),
    cpu: { nodes: nodes - before.nodes, store: merged.store - before.store },
  };
}

function reportCosts(costs: ReadonlyMap<Way, readonly Cost[]>, reference: number): void {
  report.say(
    `${values.rounds} rounds by turns, ${seconds} s each, ${BATCH} logs a request. CPU seconds per million logs, of all rounds.`,
  );
  report.table(
    [
      'nodes',
      'logs/s of a node',
      'logs',
      'logs an insert',
      'nodes',
      'store',
      'together',
      'of one before a server',
      'rounds',
    ],
    [...costs].map(([{ name, rate }, rounds]) => [
      name,
      rate * BATCH,
      sum(rounds, ({ logs }) => logs),
      Math.round(sum(rounds, ({ logs }) => logs) / sum(rounds, ({ inserts }) => inserts)),
      perMillion(rounds, ({ cpu }) => cpu.nodes).toFixed(1),
      perMillion(rounds, ({ cpu }) => cpu.store).toFixed(1),
      together(rounds).toFixed(1),
      `${((100 * together(rounds)) / reference).toFixed(0)} %`,
      rounds.map((round) => together([round]).toFixed(1)).join(', '),
    ]),
  );
}

async function reportRest(): Promise<void> {
  const all = [embedded, one, two];
  const before = all.map((measured) => measured.cpu());
  await sleep(REST_MS);
  const share = (after: number, earlier = 0) => `${(((after - earlier) * 1e5) / REST_MS).toFixed(1)} %`;
  report.say(`At rest, of a core, in ${REST_MS / 1000} s.`);
  report.table(
    ['', 'nodes', 'store'],
    all.map((measured, n) => {
      const after = measured.cpu();
      const name = ['one node, embedded', 'one node, a server', 'two nodes, a server'][n] ?? '';
      return [name, share(after.nodes, before[n]?.nodes), share(after.store, before[n]?.store)];
    }),
  );
}

async function reportOutageAndChanges(): Promise<void> {
  const [changed, other] = two.nodes;
  if (changed === undefined || other === undefined) throw new Error('two nodes, please');
  const load = { requests, rate: Number(values['outage-rate']), logsPerRequest: BATCH };
  const [outage, { answered, effective }] = await Promise.all([
    standOutage(one, load, Number(values.outage) * 1000),
    timeToEffect(changed, other, Number(values.changes)),
  ]);
  report.say(
    `The server of one node stands still for ${values.outage} s (SIGSTOP), and logs go on to arrive until it has them all.`,
  );
  report.table(
    [
      'logs/s arrive',
      'waited',
      'first loaded after s',
      'drained in s',
      'logs/s drained',
      'of arrivals',
      'store CPU-s per million',
      'acknowledged',
      'found',
    ],
    [
      [
        Math.round(outage.arrived),
        outage.backlog,
        (outage.firstMs / 1000).toFixed(1),
        (outage.drainMs / 1000).toFixed(1),
        Math.round(outage.drained),
        `${(outage.drained / outage.arrived).toFixed(1)} times`,
        outage.storeCpu.toFixed(1),
        outage.acknowledged,
        outage.found,
      ],
    ],
  );
  report.say(
    'A switch of a logstore is changed at one of two nodes. Ms from the request to its answer, and from there to the effect at the other.',
  );
  const row = (name: string, times: Float64Array) => [
    name,
    times.length,
    ...[0.5, 1].map((part) => Math.round(percentile(times, part))),
  ];
  report.table(
    ['', 'changes', 'p50', 'max'],
    [row('answered', answered), row('in force at the other node', effective)],
  );
}

function together(rounds: readonly Cost[]): number {
  return perMillion(rounds, ({ cpu }) => cpu.nodes + cpu.store);
}

function perMillion(rounds: readonly Cost[], secondsOf: (cost: Cost) => number): number {
  return (sum(rounds, secondsOf) * 1e6) / sum(rounds, ({ logs }) => logs);
}

function sum(rounds: readonly Cost[], of: (cost: Cost) => number): number {
  return rounds.reduce((total, round) => total + of(round), 0);
}
