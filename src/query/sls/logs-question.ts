/** What GetLogs and GetLogsV2 are asked, and what they found: the same for both. */
import { ApiError } from '../../errors.js';
import type { Logstore } from '../../model/catalog.js';
import type { QueryFigures } from '../../store/store.js';
import { type Analysis, analyze } from '../analyze.js';
import { type FoundLogs, findLogs } from '../find-logs.js';
import type { Inquiry } from '../inquiry.js';
import { printRow } from '../log-row.js';
import type { Query } from '../search/ast.js';
import { type ListedTerm, listTerms } from '../search/list-terms.js';
import { parseQuery } from '../search/parse.js';
import type { Selection } from '../selection.js';
import { splitQuery } from '../split-query.js';
import { printSlsLog } from './log-text.js';
import { packMetas } from './pack.js';
import type { LogsParameters } from './parameters.js';

export interface LogsQuestion extends LogsParameters {
  /** The search half, as it was written. */
  readonly search: string;
  readonly tree: Query;
  /** The SQL half, and where it begins in the query. */
  readonly sql: { readonly text: string; readonly at: number } | null;
  /** Each log tells its place in its pack: see pack.ts. */
  readonly withPackMeta: boolean;
}

export interface LogsFound {
  /** Each a JSON object whose values are strings. */
  readonly rows: readonly string[];
  /** Names of the fields or columns, in their order. */
  readonly keys: readonly string[];
  /** Of SQL, as Presto names them; otherwise none. */
  readonly columnTypes: readonly string[];
  /** Rows that SQL gives at most; otherwise 0. */
  readonly limited: number;
  /** Otherwise the time was used up: see find-logs.ts. */
  readonly isComplete: boolean;
  readonly terms: readonly ListedTerm[];
  readonly figures: QueryFigures;
}

/** Behind the bar, in the place of SQL: asks for the places of logs in their packs. */
const WITH_PACK_META = 'with_pack_meta';

/** Throws ApiError and QuerySyntaxError. */
export function readQuestion(parameters: LogsParameters): LogsQuestion {
  const { search, analytics } = splitQuery(parameters.query);
  const withPackMeta = analytics?.text.trim() === WITH_PACK_META;
  const sql = withPackMeta ? null : analytics;
  if (sql !== null && parameters.offset !== 0) {
    const reason =
      'ErrorType:OLSQueryParseError.ErrorMessage:offset is not available for pagination in sql query, please use limit x,y syntax for pagination.';
    throw new ApiError('ParameterInvalid', { reason });
  }
  return { ...parameters, search: search.trim(), tree: parseQuery(search), sql, withPackMeta };
}

/** Throws what `analyze` and the store throw. */
export async function findAnswer(
  inquiry: Inquiry,
  logstore: Logstore,
  question: LogsQuestion,
  timeZone: string,
): Promise<LogsFound> {
  const { fromNs, toNs, topic, tree, sql } = question;
  const selection = {
    logstoreId: logstore.id,
    index: logstore.index?.config ?? null,
    query: tree,
    fromNs,
    toNs,
    topic,
  };
  const found =
    sql === null
      ? await readLogs(inquiry, logstore, selection, question)
      : await readRows(inquiry, { selection, text: question.query, at: sql.at, logstoreName: logstore.name, timeZone });
  return { ...found, terms: listTerms(tree), figures: inquiry.figures };
}

const NOTHING: FoundLogs = { rows: [], reachedNs: null };

type Found = Omit<LogsFound, 'terms' | 'figures'>;

async function readLogs(
  inquiry: Inquiry,
  logstore: Logstore,
  selection: Selection,
  question: LogsQuestion,
): Promise<Found> {
  const { line, offset, isReversed, withPackMeta } = question;
  const order = isReversed ? 'newestFirst' : 'oldestFirst';
  const search = { ...selection, limit: line, offset, order } as const;
  const { rows, reachedNs } = line === 0 ? NOTHING : await findLogs(inquiry, search);
  const metaOf = withPackMeta ? await packMetas(inquiry, logstore, rows) : null;
  return {
    rows: rows.map((row) => printSlsLog(row, metaOf === null ? [] : [['__pack_meta__', metaOf(row)]])),
    keys: [...new Set(rows.flatMap(({ fieldNames }) => fieldNames))],
    columnTypes: [],
    limited: 0,
    isComplete: reachedNs === null,
  };
}

async function readRows(inquiry: Inquiry, analysis: Analysis): Promise<Found> {
  const { columns, rows, limit } = await analyze(inquiry, analysis);
  const keys = columns.map(({ name }) => name);
  return {
    rows: rows.map((row) => printRow(keys, row)),
    keys,
    columnTypes: columns.map(({ type }) => type),
    limited: limit,
    isComplete: true,
  };
}
