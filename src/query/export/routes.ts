/** All logs that match, as a file: made, asked after and continued. docs/export.md tells it from the user's side. */
import type { ExportSummary } from '../../api/export.js';
import { ApiError } from '../../errors.js';
import { sendJson } from '../../http/answer.js';
import { readJson } from '../../http/body.js';
import type { Exchange, Route } from '../../http/route.js';
import type { Logstore } from '../../model/catalog.js';
import type { Clock } from '../../platform/clock.js';
import type { Log } from '../../platform/diagnostics.js';
import { type AdmitDeps, admit } from '../admit.js';
import { type Outflow, openOutflow } from '../outflow.js';
import { parseQuery } from '../search/parse.js';
import { explainTrouble } from '../trouble.js';
import { answerExport } from './answer-export.js';
import type { PieceDeps } from './piece.js';
import { makePieces } from './pieces.js';
import { estimateExport, prepareTask } from './prepare.js';
import { beginning, type ExportRecord, ExportRecords } from './record.js';
import type { ExportSelection } from './statements.js';
import { decodeExportRequest, EXPORT_REQUEST, type ExportTask } from './task.js';

export interface ExportDeps extends AdmitDeps, Omit<PieceDeps, 'signal'> {
  readonly clock: Clock;
  /** Where what is known of exports is kept; made when it is needed. */
  readonly directory: string;
  /** Aborted when the process is about to end. */
  readonly stopping: AbortSignal;
  readonly log: Log;
}

/** Room for a query at its limit and a thousand columns. */
const BODY_BYTES_MAX = 2 * 1024 * 1024;

/** At a time, in one worker: each keeps one of the engine's places busy. */
const EXPORTS_MAX = 2;

/** An export may look for the next log for as long as nobody would wait for a page of them. */
const STEP_MS_MAX = 10 * 60_000;

const LOGSTORE = '/api/v1/projects/:project/logstores/:logstore';

export function exportRoutes(deps: ExportDeps): Route[] {
  const records = new ExportRecords(deps.directory, deps.clock);
  const inTurn = createTurns(deps);

  /** Answers with the file from the checkpoint at `offset` on. */
  const answer = async (
    exchange: Exchange,
    logstore: Logstore,
    { id, record, offset }: { id: string; record: ExportRecord; offset: number },
    work: Work,
  ) => {
    const start = record.checkpoints.findLast(({ bytes }) => bytes === offset);
    if (start === undefined) throw refused('offset: the file cannot be continued from there');
    const { task, checkpoints } = record;
    const before = checkpoints.filter(({ bytes }) => bytes <= offset);
    const rowGroups = before.flatMap(({ rowGroup }) => (rowGroup === null ? [] : [rowGroup]));
    const exported = await select(deps, logstore, task, work.signal);
    const pieces = start.isEnd ? none() : makePieces(work, exported, { ...start, rowGroups });
    const name = `${exchange.params['project']}-${logstore.name}`;
    const save = start.isEnd ? async () => undefined : await records.beginLeg(id, offset);
    await answerExport(exchange, work.outflow, { id, task, name, start, pieces, save }, deps.log);
  };

  /** Of this logstore: what is known of one of another with the same name is of logs that are gone. */
  const find = async ({ params: { export: id = '' } }: Exchange, logstore: Logstore) => {
    const record = await records.read(id);
    if (record?.task.logstoreId !== logstore.id) throw new ApiError('ExportNotExist', { export: id });
    return { id, record };
  };

  return [
    {
      method: 'POST',
      path: `${LOGSTORE}/export`,
      doc: {
        id: 'createExport',
        tag: 'Export',
        summary: 'All logs that match, as a file; with dryRun how many and how large.',
        access: 'key',
        body: { schema: EXPORT_REQUEST },
        answer: {
          types: [
            'application/x-ndjson',
            'text/csv',
            'application/vnd.apache.parquet',
            'application/gzip',
            'application/zstd',
            'application/json',
          ],
        },
        errors: ['InvalidTimeRange', 'NotSupported'],
      },
      async handle(exchange) {
        const logstore = admit(deps, exchange);
        const body = await readJson(exchange, BODY_BYTES_MAX);
        const { task: wanted, isDryRun } = decodeExportRequest(body, logstore.id);
        await inTurn(exchange, async (work) => {
          const exported = await select(deps, logstore, wanted, work.signal);
          const task = await prepareTask(work, exported);
          if (isDryRun) {
            sendJson(exchange, 200, await estimateExport(work, { ...exported, task }));
            return;
          }
          const id = await records.create(task).catch((cause: unknown) => {
            throw new ApiError('ServerBusy', {}, { cause });
          });
          await answer(exchange, logstore, { id, record: beginning(task), offset: 0 }, work);
        });
      },
    },
    {
      method: 'GET',
      path: `${LOGSTORE}/exports/:export`,
      doc: {
        id: 'getExport',
        tag: 'Export',
        summary: 'How far a file has been made, with count and digest.',
        access: 'key',
        query: { bytes: 'Of the beginning of this length at most.' },
        answer: { types: ['application/json'] },
        errors: ['ExportNotExist', 'ParameterInvalid'],
      },
      async handle(exchange) {
        const { id, record } = await find(exchange, admit(deps, exchange));
        sendJson(exchange, 200, summarize(id, record, readOffset(exchange, 'bytes')));
      },
    },
    {
      method: 'GET',
      path: `${LOGSTORE}/exports/:export/data`,
      doc: {
        id: 'continueExport',
        tag: 'Export',
        summary: 'The rest of a file.',
        access: 'key',
        query: { offset: 'Where to begin: `bytes` of a summary.' },
        answer: {
          types: [
            'application/x-ndjson',
            'text/csv',
            'application/vnd.apache.parquet',
            'application/gzip',
            'application/zstd',
          ],
        },
        errors: ['ExportNotExist', 'ParameterInvalid'],
      },
      async handle(exchange) {
        const logstore = admit(deps, exchange);
        const found = await find(exchange, logstore);
        const offset = readOffset(exchange, 'offset') ?? 0;
        await inTurn(exchange, (work) => answer(exchange, logstore, { ...found, offset }, work));
      },
    },
  ];
}

/** One export that is being made. */
interface Work extends PieceDeps {
  readonly outflow: Outflow;
}

/** Does `work` if there is room for one more, and explains what it throws. */
function createTurns({ store, limits, shards, position, stopping, log }: ExportDeps) {
  let count = 0;
  return async (exchange: Exchange, work: (work: Work) => Promise<void>): Promise<void> => {
    if (count >= EXPORTS_MAX) throw new ApiError('ServerBusy');
    count += 1;
    const outflow = openOutflow(exchange.response);
    const signal = AbortSignal.any([outflow.signal, stopping]);
    const timeMsMax = Math.max(limits.timeMsMax, STEP_MS_MAX);
    try {
      await work({ store, shards, position, limits: { ...limits, timeMsMax }, signal, outflow });
    } catch (thrown) {
      outflow.signal.throwIfAborted();
      // The client sees a connection that was cut, and no reason.
      if (exchange.response.headersSent)
        log.warn({ err: thrown, requestId: exchange.requestId }, 'an export broke off');
      if (stopping.aborted) throw new ApiError('ServerBusy', {}, { cause: thrown });
      throw explainTrouble(thrown);
    } finally {
      count -= 1;
    }
  };
}

async function select(
  { store }: ExportDeps,
  { index }: Logstore,
  task: ExportTask,
  signal: AbortSignal,
): Promise<ExportSelection> {
  const { logstoreId, fromMs, toMs } = task;
  const selection = {
    logstoreId,
    index: index?.config ?? null,
    query: parseQuery(task.query),
    fromNs: BigInt(fromMs) * 1_000_000n,
    toNs: BigInt(toMs) * 1_000_000n,
  };
  return { table: await store.table(signal), selection, task };
}

/** The last checkpoint up to `bytesMax`: so much of the file is good. */
function summarize(
  id: string,
  { task, checkpoints }: ExportRecord,
  bytesMax = Number.POSITIVE_INFINITY,
): ExportSummary {
  const checkpoint = checkpoints.findLast(({ bytes }) => bytes <= bytesMax);
  if (checkpoint === undefined) throw new Error('a record without a beginning');
  const { isEnd: isComplete, bytes, logs, sha256, from: sha256From } = checkpoint;
  const { format, compression } = task;
  return { id, format, compression, isComplete, bytes, logs, sha256, sha256From };
}

function readOffset({ queryText }: Exchange, name: string): number | undefined {
  const text = new URLSearchParams(queryText).get(name);
  if (text === null) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw refused(`${name}: a number of bytes`);
  return Number(text);
}

function refused(reason: string): ApiError {
  return new ApiError('ParameterInvalid', { reason });
}

async function* none(): AsyncGenerator<never> {}
