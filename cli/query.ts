/** `logboom query` */
import type { LogObject, LogsAnswer, QueryRequest, RowsAnswer } from '../src/api/query.js';
import type { Call, Command } from './command.js';
import { printCsvRow } from './csv.js';
import { describeError } from './error-text.js';
import { Failure } from './failure.js';
import { readLines } from './lines.js';
import { openProgress, withProgress } from './progress.js';
import { logstorePath, readCount, readSelection, SELECTION_OPTIONS } from './selection.js';
import { printTable } from './table.js';
import { follow } from './tail.js';
import { escapeForTerminal } from './terminal.js';
import { formatSeconds } from './units.js';

export const queryCommand: Command = {
  name: 'query',
  arguments: ['[QUERY]'],
  doc:
    'Prints the logs that match as JSON, a log a line, newest first; of SEARCH | SELECT …, the rows as a table. ' +
    'docs/query-language.md tells how to search.',
  options: {
    ...SELECTION_OPTIONS,
    limit: { form: 'N', default: '100', doc: 'At most so many logs. SELECT has a LIMIT of its own.' },
    'oldest-first': { doc: 'Oldest first, and under the limit the oldest.' },
    json: { doc: 'Rows of a SELECT as JSON as well, a row a line.' },
    csv: { doc: "As CSV, with a ' before what a spreadsheet would take for a formula." },
    follow: { doc: 'Prints what arrives from now on instead, as logboom tail does.' },
  },
  async run(call) {
    const [query = ''] = call.arguments;
    if (call.isSet('json') && call.isSet('csv')) throw new Failure('usage', '--json and --csv exclude each other');
    if (hasSelect(query)) {
      if (call.isSet('follow')) throw new Failure('usage', 'a SELECT cannot be followed');
      await (call.isSet('json') ? printLines(call) : printRows(call));
    } else if (call.isSet('follow')) {
      await follow(call, { mayLeaveOut: false });
    } else {
      await (call.isSet('csv') ? printLogsAsCsv(call) : printLines(call));
    }
  },
};

/** Behind the first `|` outside of quotes there is SQL. */
function hasSelect(query: string): boolean {
  return /^(?:[^"\\|]|\\.|"(?:[^"\\]|\\.)*")*\|/s.test(query);
}

function readRequest(call: Call): QueryRequest & { limit: number } {
  return {
    ...readSelection(call, call.arguments[0]),
    limit: readCount(call, 'limit'),
    order: call.isSet('oldest-first') ? 'oldestFirst' : 'newestFirst',
  };
}

async function printLines(call: Call): Promise<void> {
  const { client, machine } = call;
  const request = readRequest(call);
  const progress = openProgress(machine, createWaiting());
  let count = 0;
  try {
    const response = await client.stream('POST', logstorePath(call, 'query'), { body: request });
    for await (const line of readLines(response.body)) {
      progress.close();
      if (line.startsWith('{"errorCode":')) throw brokenOff(count, describeError(line));
      if (!isWhole(line)) throw brokenOff(count, 'the connection was lost');
      await machine.write(`${escapeForTerminal(line)}\n`);
      count += 1;
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (machine.signal.aborted) throw new Failure('interrupted', 'interrupted', { cause: error });
    throw brokenOff(count, 'the connection was lost', error);
  } finally {
    progress.close();
  }
  if (!hasSelect(request.query ?? '')) warnOfLimit(call, count, request.limit);
}

/** An answer that was cut ends in a line that is none. */
function isWhole(line: string): boolean {
  return line.endsWith('}');
}

async function printRows(call: Call): Promise<void> {
  const { machine, isSet } = call;
  const { meta, rows } = await ask<RowsAnswer>(call);
  const names = meta.columns.map(({ name }) => name);
  if (isSet('csv')) {
    for (const row of [names, ...rows]) await machine.write(printCsvRow(row));
  } else {
    await machine.write(printTable(names, rows));
  }
  if (rows.length === meta.limit) {
    machine.warn(`logboom: stopped at ${rows.length} rows, there may be more: LIMIT n takes more\n`);
  }
  warnIfIncomplete(call, meta.progress);
}

/** A column for every name that any of the logs has. */
async function printLogsAsCsv(call: Call): Promise<void> {
  const { meta, logs } = await ask<LogsAnswer>(call);
  const names = [...new Set(logs.flatMap(({ log }) => Object.keys(log)))];
  await call.machine.write(printCsvRow(names));
  for (const { log } of logs) await call.machine.write(printCsvRow(valuesOf(log, names)));
  warnOfLimit(call, logs.length, readCount(call, 'limit'));
  warnIfIncomplete(call, meta.progress);
}

function valuesOf(log: LogObject, names: readonly string[]): string[] {
  return names.map((name) => (Object.hasOwn(log, name) ? (log[name] ?? '') : ''));
}

async function ask<Answer>(call: Call): Promise<Answer> {
  const { client, machine } = call;
  return withProgress(machine, createWaiting(), () =>
    client.answer<Answer>('POST', logstorePath(call, 'query'), readRequest(call)),
  );
}

function warnOfLimit({ machine }: Call, count: number, limit: number): void {
  if (count < limit) return;
  machine.warn(`logboom: stopped at ${count} logs, there may be more: --limit N takes more\n`);
}

function warnIfIncomplete(_call: Call, progress: 'Complete' | 'Incomplete'): void {
  if (progress === 'Complete') return;
  throw new Failure('refused', 'the answer is incomplete: the time was used up; narrow the range');
}

function createWaiting(): () => string {
  const startMs = Date.now();
  return () => `searching, ${formatSeconds((Date.now() - startMs) / 1000)}`;
}

function brokenOff(count: number, reason: string, cause?: unknown): Failure {
  return new Failure('refused', `the answer is incomplete, it broke off after ${count} logs: ${reason}`, { cause });
}
