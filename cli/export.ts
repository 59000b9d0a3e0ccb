/** `logboom export` */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExportEstimate, ExportRequest, ExportSummary } from '../src/api/export.js';
import { apiPath } from './client.js';
import type { Call, Command } from './command.js';
import { EXIT, Failure } from './failure.js';
import {
  continueFile,
  createFile,
  digestOf,
  type Origin,
  type OutputFile,
  readOrigin,
  removeFile,
  removeOrigin,
  sizeOf,
  writeOrigin,
} from './output-file.js';
import { withProgress } from './progress.js';
import { logstorePath, readSelection, SELECTION_OPTIONS } from './selection.js';
import { escapeForTerminal } from './terminal.js';
import { formatBytes } from './units.js';

const FORMATS = ['ndjson', 'csv', 'parquet'] as const;
const COMPRESSIONS = ['none', 'gzip', 'zstd'] as const;

/** Between two attempts to go on, and how many of them in a row may bring nothing. */
const RETRY_MS = 1000;
const FRUITLESS_MAX = 5;

export const exportCommand: Command = {
  name: 'export',
  arguments: ['[QUERY]'],
  doc: 'Writes all logs that match into a file, checks that it is whole, and goes on where it broke off. docs/export.md tells more.',
  options: {
    ...SELECTION_OPTIONS,
    output: { form: 'FILE', doc: 'The file; - is standard output.' },
    format: { form: FORMATS.join('|'), default: 'ndjson', doc: 'What it is.' },
    compression: { form: COMPRESSIONS.join('|'), default: 'none', doc: 'Of the file; in Parquet, of its pages.' },
    columns: { form: 'NAMES', doc: 'What to take of each log, with commas between: __time__, path. All if left out.' },
    zone: { form: 'ZONE', doc: 'Times as in Asia/Shanghai, ISO 8601, instead of Unix seconds.' },
    'newest-first': { doc: 'Newest first instead of oldest.' },
    formulas: { doc: "CSV: no ' before what a spreadsheet would take for a formula." },
    estimate: { doc: 'Writes nothing: counts the logs and estimates the size.' },
    resume: { doc: 'Goes on with the file of --output, whatever else is given.' },
  },
  async run(call) {
    const file = call.option('output');
    if (call.isSet('estimate')) return showEstimate(call);
    if (file === undefined || file === '') throw new Failure('usage', 'say where to with --output FILE');
    if (file === '-') return writeOut(call);
    if (call.isSet('resume')) return finish(call, file, await readOrigin(file));
    return begin(call, file);
  },
};

async function showEstimate(call: Call): Promise<void> {
  const { logs, bytes } = await estimate(call);
  await call.machine.write(`${logs} logs, about ${formatBytes(bytes)}\n`);
}

function estimate(call: Call): Promise<ExportEstimate> {
  const body: ExportRequest = { ...readRequest(call), dryRun: true };
  return withProgress(
    call.machine,
    () => 'counting',
    () => call.client.answer<ExportEstimate>('POST', logstorePath(call, 'export'), body),
  );
}

async function begin(call: Call, file: string): Promise<void> {
  const { client, machine, option } = call;
  const expected = machine.showsProgress ? await estimate(call) : undefined;
  const request = readRequest(call);
  const output = await createFile(file);
  const response = await client.stream('POST', logstorePath(call, 'export'), { body: request }).catch(async (error) => {
    await output.close();
    await removeFile(file);
    throw error;
  });
  const origin = { project: option('project') ?? '', logstore: option('logstore') ?? '', exportId: idOf(response) };
  await writeOrigin(file, origin);
  const reason = await receive(call, response, output, 0, expected);
  await finish(call, file, origin, reason);
}

/** To standard output, which cannot be continued. */
async function writeOut(call: Call): Promise<void> {
  const response = await call.client.stream('POST', logstorePath(call, 'export'), { body: readRequest(call) });
  const hash = createHash('sha256');
  let bytes = 0;
  const output = {
    async write(piece: Uint8Array) {
      hash.update(piece);
      bytes += piece.length;
      await call.machine.write(piece);
    },
    close: async () => undefined,
  };
  const reason = await receive(call, response, output, 0);
  if (reason !== undefined) throw new Failure('refused', `the output is incomplete: ${reason}`);
  const origin = {
    project: call.option('project') ?? '',
    logstore: call.option('logstore') ?? '',
    exportId: idOf(response),
  };
  const summary = await summarize(call, origin);
  if (!summary.isComplete || summary.bytes !== bytes || summary.sha256 !== hash.digest('hex')) {
    throw new Failure('refused', 'the output is not what the server exported');
  }
  tellDone(call, summary);
}

/** Goes on until the file is whole. `reason` is why it is not, if that was told already. */
async function finish(call: Call, file: string, origin: Origin, reason?: string): Promise<void> {
  const { client, machine } = call;
  let fruitless = 0;
  for (let why = reason; ; ) {
    if (why !== undefined) {
      machine.warn(`logboom: ${why}; going on\n`);
      await sleep(RETRY_MS, undefined, { signal: machine.signal }).catch(() => undefined);
      if (machine.signal.aborted) throw interrupted();
    }
    try {
      const summary = await takeStock(call, file, origin);
      if (summary.isComplete) {
        await removeOrigin(file);
        return tellDone(call, summary);
      }
      const path = `${exportPath(origin)}/data?offset=${summary.bytes}`;
      const response = await client.stream('GET', path);
      why = await receive(call, response, await continueFile(file, summary.bytes), summary.bytes);
      fruitless = (await sizeOf(file)) > summary.bytes ? 0 : fruitless + 1;
    } catch (error) {
      if (!(error instanceof Failure) || error.exitCode !== EXIT.unreachable) throw error;
      why = error.message;
      fruitless += 1;
    }
    if (fruitless >= FRUITLESS_MAX) {
      const name = escapeForTerminal(file);
      throw new Failure('refused', `${name} is incomplete: ${why}\nlogboom export --resume --output FILE goes on.`);
    }
  }
}

/** How much of the file is as the server wrote it. Throws Failure if it is not what the server wrote. */
async function takeStock(call: Call, file: string, origin: Origin): Promise<ExportSummary> {
  const size = await sizeOf(file);
  const summary = await summarize(call, origin, size);
  const { bytes, sha256, sha256From, isComplete } = summary;
  if ((isComplete && size > bytes) || (await digestOf(file, sha256From, bytes)) !== sha256) {
    throw new Failure('refused', `${escapeForTerminal(file)} is not what the server exported; begin it anew`);
  }
  return summary;
}

function summarize({ client }: Call, origin: Origin, bytes?: number): Promise<ExportSummary> {
  return client.json('GET', `${exportPath(origin)}${bytes === undefined ? '' : `?bytes=${bytes}`}`);
}

function exportPath({ project, logstore, exportId }: Origin): string {
  return apiPath('projects', project, 'logstores', logstore, 'exports', exportId);
}

/** Takes an answer in to its end. Returns why it broke off, if it did. */
async function receive(
  { machine }: Call,
  response: Response,
  output: OutputFile,
  offset: number,
  expected?: ExportEstimate,
): Promise<string | undefined> {
  let bytes = offset;
  const describe = () => {
    const whole = expected === undefined ? '' : ` of about ${formatBytes(expected.bytes)}`;
    return `exported ${formatBytes(bytes)}${whole}`;
  };
  return withProgress(machine, describe, async () => {
    try {
      for await (const piece of piecesOf(response)) {
        await output.write(piece);
        bytes += piece.length;
      }
      return undefined;
    } finally {
      await output.close();
    }
  }).catch((error: unknown) => {
    if (machine.signal.aborted) throw interrupted(error);
    if (error instanceof ConnectionLost) return 'the connection was lost';
    throw error;
  });
}

class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** What fails here is the network; what fails with whoever takes the pieces is not. */
async function* piecesOf({ body }: Response): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw new ConnectionLost('the connection was lost', { cause });
      });
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function idOf({ headers }: Response): string {
  return headers.get('x-logboom-export') ?? '';
}

function tellDone({ machine }: Call, { logs, bytes, sha256, sha256From }: ExportSummary): void {
  const digest = sha256From === 0 ? `, SHA-256 ${sha256}` : ', checked part by part';
  machine.warn(`logboom: ${logs} logs, ${bytes} bytes${digest}\n`);
}

function readRequest(call: Call): ExportRequest {
  const { option, isSet } = call;
  const columns = option('columns');
  const zone = option('zone');
  return {
    ...readSelection(call, call.arguments[0]),
    order: isSet('newest-first') ? 'newestFirst' : 'oldestFirst',
    format: readOneOf(call, 'format', FORMATS),
    compression: readOneOf(call, 'compression', COMPRESSIONS),
    csvFormulaSafe: !isSet('formulas'),
    ...(columns === undefined ? {} : { columns: columns.split(',') }),
    ...(zone === undefined ? {} : { zone }),
  };
}

function readOneOf<T extends string>({ option }: Call, name: string, values: readonly T[]): T {
  const value = values.find((each) => each === option(name));
  if (value === undefined) throw new Failure('usage', `--${name} must be one of ${values.join(', ')}`);
  return value;
}

function interrupted(cause?: unknown): Failure {
  return new Failure('interrupted', 'interrupted', { cause });
}
