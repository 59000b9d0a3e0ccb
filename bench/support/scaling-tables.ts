/** The tables of docs/scaling.md, as Markdown. */
import { CONSTANTS, predict } from './capacity.js';
import { CHECKS, ratioOf } from './capacity-checks.js';
import { QUESTIONS, questionSeconds } from './questions.js';
import { type Sizing, size } from './sizing.js';

const RATES = [10e3, 30e3, 100e3, 300e3, 1e6, 3e6, 10e6];
/** Workers that ten thousand logs a second might be divided among. */
const SPREADS = [1, 2, 4, 16, 64];
const HOUR_SECONDS = 3600;

type Cell = string | number;

export function printScalingTables(): readonly string[] {
  return [constants(), checks(), sizes(100), stored(), sizes(1), spreads(), questions()];
}

function constants(): string {
  return table(
    ['constant', 'value', 'unit', 'source'],
    Object.entries(CONSTANTS).map(([name, { value, unit, source }]) => [`\`${name}\``, short(value), unit, source]),
  );
}

function checks(): string {
  return table(
    ['run', 'source', 'predicted', 'measured', 'off by'],
    CHECKS.map((check) => [
      check.run,
      check.source,
      (ratioOf(check) * check.measured).toFixed(1),
      check.measured,
      `${((ratioOf(check) - 1) * 100).toFixed(0)} %`,
    ]),
  );
}

function sizes(batch: number): string {
  return table(
    [
      `logs/s, ${batch} to a request`,
      'store',
      'nodes',
      'workers',
      'CPU s per million: nodes',
      'store, all copies',
      'cores of nodes',
      'cores of servers',
      'servers',
      'logs an insert',
      'inserts/s',
      'of each server',
    ],
    RATES.map((logsPerSecond) => {
      const { load, ...sizing } = size({ logsPerSecond, batch });
      return [
        count(logsPerSecond),
        load.store === 'server' ? 'servers' : 'embedded',
        load.nodes,
        load.workers,
        sizing.nodeCpu.toFixed(1),
        sizing.storeCpu.toFixed(1),
        sizing.nodeCoresPlanned,
        sizing.storeCoresPlanned,
        load.store === 'server' ? `${load.storeShards} x ${load.replicas}` : '-',
        count(sizing.logsPerInsert),
        count(sizing.insertsPerSecond),
        sizing.partsPerSecondOfServer.toFixed(1),
      ];
    }),
  );
}

function stored(): string {
  return table(
    [
      'logs/s',
      'logs a day',
      'a day, all copies',
      '30 days',
      'network to nodes',
      'spool of a worker in 10 min',
      'of all in 10 min',
    ],
    RATES.map((logsPerSecond) => {
      const sizing: Sizing = size({ logsPerSecond, batch: 100 });
      const spool = sizing.spoolBytesPerMinute * 10;
      return [
        count(logsPerSecond),
        count(logsPerSecond * 24 * HOUR_SECONDS),
        bytes(sizing.bytesPerDay),
        bytes(sizing.bytesPerDay * 30),
        `${short(sizing.networkBits / 1e9)} Gbit/s`,
        bytes(spool),
        bytes(spool * sizing.load.workers),
      ];
    }),
  );
}

function spreads(): string {
  return table(
    ['10,000 logs/s on so many workers', 'logs an insert', 'CPU s per million of the store', 'its cores, busy'],
    SPREADS.map((workers) => {
      const one = { batch: 100, store: 'embedded', nodes: 1, storeShards: 1, replicas: 1 } as const;
      const prediction = predict({ ...one, logsPerSecond: 10_000, workers, seconds: 24 * HOUR_SECONDS });
      return [
        workers,
        count(prediction.logsPerInsert),
        prediction.storeCpu.toFixed(0),
        prediction.storeCores.toFixed(2),
      ];
    }),
  );
}

function questions(): string {
  const rates = [10e3, 100e3, 1e6, 10e6];
  return table(
    ['over the last hour, CPU s', ...rates.map((rate) => `${count(rate)} logs/s`)],
    QUESTIONS.map((question) => [
      question.question,
      ...rates.map((rate) => short(questionSeconds(question, rate * HOUR_SECONDS))),
    ]),
  );
}

function table(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) => `| ${cells.join(' | ')} |`;
  return [line(header), `|${header.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

/** Two digits that mean something. */
function short(value: number): string {
  return Number(value.toPrecision(value >= 10 ? 3 : 2)).toLocaleString('en-US');
}

function count(value: number): string {
  const units = [
    [1e9, ' G'],
    [1e6, ' M'],
  ] as const;
  for (const [unit, name] of units) if (value >= unit) return `${short(value / unit)}${name}`;
  return Math.round(value).toLocaleString('en-US');
}

function bytes(value: number): string {
  const units = [
    [1e15, 'PB'],
    [1e12, 'TB'],
    [1e9, 'GB'],
  ] as const;
  for (const [unit, name] of units) if (value >= unit) return `${short(value / unit)} ${name}`;
  return `${short(value / 1e6)} MB`;
}
