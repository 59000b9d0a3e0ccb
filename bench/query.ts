/**
 * What one asks, over many logs: the product's own statements, first cold, then warm. Also how answers grow with the logs, and
 * what a log costs to load and takes on disk with everything that makes them quick.
 *
 *   node dist/bench/query.js [--logs 20] [--disk /tmp] [--runs 7]
 *
 * Millions of logs of one logstore, and beside them an eighth as many of another. A tenth is generated and loaded as
 * segments, and merged as the engine likes; the rest are copies of it, one day earlier each and one part each, as old days are.
 * What is rare in the first tenth is in every other one, too. Every run of a question asks for other values, as the engine remembers where it has found none.
 *
 * Cold: the store has just been started, and the system has none of its files in memory. CPU seconds are the store's.
 */
import * as os from 'node:os';
import { parseArgs } from 'node:util';
import { compileAnalytics } from '../src/query/analytics/compile.js';
import { chooseWidth, selectHistogram } from '../src/query/histogram.js';
import { parseQuery } from '../src/query/search/parse.js';
import { selectLogs } from '../src/query/search.js';
import type { Selection } from '../src/query/selection.js';
import type { LogTable } from '../src/store/log-table.js';
import type { Statement } from '../src/store/store.js';
import { askStore, mergesRest } from './support/ask-store.js';
import { copyDays } from './support/copy-days.js';
import { MeasuredStore } from './support/measured-store.js';
import { PageEvents } from './support/page-events.js';
import { median, Report } from './support/report.js';

const { values } = parseArgs({
  options: {
    logs: { type: 'string', default: '20' },
    disk: { type: 'string', default: os.tmpdir() },
    runs: { type: 'string', default: '7' },
  },
});

const DAYS = 10;
const DAY_MS = 24 * 3600 * 1000;
const BATCH = 100;
/** One log group in so many is of the small logstore. */
const SMALL_EVERY = 9;
const LARGE = 1;
const SMALL = 2;

const never = new AbortController().signal;
const runs = Number(values.runs);
const largeLogs = Number(values.logs) * 1e6;
const generated = Math.round((largeLogs / DAYS) * (SMALL_EVERY / (SMALL_EVERY - 1)));
/** The last day's logs are spread over twenty hours of it. */
const lastDayMs = Math.floor(Date.now() / DAY_MS) * DAY_MS - DAY_MS;
const stepMs = (20 * 3600 * 1000) / (generated / BATCH);

const report = new Report('query', 'Questions over many logs');
const measured = new MeasuredStore(values.disk);
await measured.start();
try {
  await loadFirstDay();
  const few = await measureAll(1);
  await copyToDaysBefore();
  const many = await measureAll(runs);
  report.say(`From ${count(largeLogs / DAYS)} to ${count(largeLogs)} logs of one logstore; medians of ${runs} runs.`);
  report.table(
    ['question', 'cold ms', 'cold CPU ms', 'warm ms', 'warm CPU ms', 'warm ms over a tenth', 'CPU ms over a tenth'],
    many.map(({ name, cold, warm }, i) => [name, ...texts(cold), ...texts(warm), ...texts(few[i]?.warm)]),
  );
  report.write();
} finally {
  await measured.stop();
  measured.remove();
}

interface Cost {
  readonly ms: number;
  readonly cpuMs: number;
}

interface Measured {
  readonly name: string;
  readonly cold: Cost | undefined;
  readonly warm: Cost;
}

interface Question {
  readonly name: string;
  /** `run` counts from 0. */
  ask(table: LogTable, run: number): Statement;
}

function questions(rare: readonly string[]): Question[] {
  const rareOne = (run: number) => rare[run % rare.length] ?? '';
  const newest = (name: string, query: (run: number) => string): Question => ({
    name,
    ask: (table, run) => selectLogs(table, { ...everything(query(run)), limit: 100, order: 'newestFirst' }),
  });
  const histogram = (name: string, logstoreId: number, query: (run: number) => string): Question => ({
    name,
    ask: (table, run) => {
      const selection = { ...everything(query(run)), logstoreId };
      return selectHistogram(table, selection, chooseWidth(selection, 60), selection.fromNs);
    },
  });
  const analysis = (name: string, sql: string): Question => ({ name, ask: (table) => analyse(table, sql) });
  return [
    newest('newest 100', () => '*'),
    newest('a rare value of a field', (run) => `trace_id:${rareOne(run)}`),
    newest('a rare word anywhere', rareOne),
    newest('a word that no log has', (run) => `nothing${run}`),
    newest('newest 100 with a word that most logs have', () => 'checkout'),
    histogram('60 buckets of everything', LARGE, () => '*'),
    histogram('60 buckets of the small logstore', SMALL, () => '*'),
    histogram('60 buckets of a common value', LARGE, () => 'status:500'),
    analysis('top 10 of a field', 'SELECT path, count(1) AS n GROUP BY path ORDER BY n DESC LIMIT 10'),
    analysis('distinct sessions', 'SELECT approx_distinct(session_id) AS n'),
    analysis('distinct sessions, exact', 'SELECT count(DISTINCT session_id) AS n'),
    analysis('p95 of a number', 'SELECT approx_percentile(cast(duration_ms AS double), 0.95) AS p'),
  ];
}

function everything(query: string): Selection {
  const fromMs = lastDayMs - DAYS * DAY_MS;
  const ns = (ms: number) => BigInt(ms) * 1_000_000n;
  return {
    ...{ logstoreId: LARGE, index: null, query: parseQuery(query) },
    ...{ fromNs: ns(fromMs), toNs: ns(lastDayMs + DAY_MS) },
  };
}

function analyse(table: LogTable, sql: string): Statement {
  const text = `* | ${sql}`;
  const asked = { text, at: text.indexOf('|') + 1, selection: everything('*'), logstoreName: 'web' };
  return compileAnalytics({ ...asked, table, timeZone: 'UTC' }).statement;
}

async function measureAll(warmRuns: number): Promise<Measured[]> {
  const sql = `SELECT f_trace_id AS id FROM logs WHERE logstore = ${LARGE} AND seq % 97 = 0 LIMIT 1 BY seq LIMIT ${runs + 1}`;
  const rare = (await askStore<{ id: string }>(measured.socket, sql)).map(({ id }) => id);
  const results: Measured[] = [];
  for (const question of questions(rare)) {
    const isLarge = warmRuns > 1;
    if (isLarge) await measured.chill();
    const table = await measured.store.table(never);
    const cold = await measure(question, table, 0, 1);
    const warm = await measure(question, table, 1, runs);
    process.stdout.write(`${question.name}: ${texts(cold)} ${texts(warm)}\n`);
    results.push({ name: question.name, cold: isLarge ? cold : undefined, warm });
  }
  return results;
}

/** The time of the median run, and the mean of the CPU, which the system counts in steps of 10 ms. */
async function measure(question: Question, table: LogTable, firstRun: number, count: number): Promise<Cost> {
  const times: number[] = [];
  const before = measured.usage().cpuSeconds;
  for (let run = 0; run < count; run++) {
    const since = performance.now();
    await measured.ask(question.ask(table, firstRun + run));
    times.push(performance.now() - since);
  }
  return { ms: median(times), cpuMs: ((measured.usage().cpuSeconds - before) * 1000) / count };
}

async function loadFirstDay(): Promise<void> {
  const load = { events: new PageEvents(1), batch: BATCH, stepMs: 0 };
  const logstoreOf = (seq: number) => (seq % SMALL_EVERY === 0 ? SMALL : LARGE);
  // From these the store learns the fields.
  await measured.load({ ...load, logs: 20_000, firstSeq: 0, firstTimeMs: lastDayMs, logstoreOf });
  await measured.store.adaptLayout([], never);
  const before = measured.usage().cpuSeconds;
  const since = performance.now();
  await measured.load({ ...load, logs: generated, firstSeq: 200, firstTimeMs: lastDayMs, stepMs, logstoreOf });
  const inserted = measured.usage().cpuSeconds;
  const seconds = (performance.now() - since) / 1000;
  await mergesRest(measured.socket);
  const perMillion = (cpu: number) => ((cpu * 1e6) / generated).toFixed(1);
  report.say(
    `Loading ${count(generated)} logs as segments in ${seconds.toFixed(0)} s took ${perMillion(inserted - before)} CPU seconds per ` +
      `million, ${perMillion(measured.usage().cpuSeconds - before)} when merges rested.`,
  );
}

async function copyToDaysBefore(): Promise<void> {
  await copyDays(measured.socket, lastDayMs, DAYS);
  const [part] = await askStore<{ rows: string; bytes: string; indexes: string; parts: string }>(
    measured.socket,
    `SELECT sum(rows) AS rows, sum(bytes_on_disk) AS bytes, sum(secondary_indices_compressed_bytes) AS indexes,
  count() AS parts FROM system.parts WHERE active AND table = 'logs'`,
  );
  const perLog = (bytes: string | undefined) => (Number(bytes) / Number(part?.rows)).toFixed(1);
  report.say(
    `${count(Number(part?.rows))} logs in ${part?.parts} parts take ${perLog(part?.bytes)} bytes each, ${perLog(part?.indexes)} of them indexes. Peak: ${measured.usage().peakMib.toFixed(0)} MiB.`,
  );
}

function texts(cost: Cost | undefined): string[] {
  return cost === undefined ? ['', ''] : [cost.ms.toFixed(0), cost.cpuMs.toFixed(0)];
}

function count(logs: number): string {
  return `${(logs / 1e6).toFixed(1)} million`;
}
