/** What GetLogs and GetLogsV2 are asked, and what they found: the same for both. */
import { ApiError } from '../../errors.js';
import type { Logstore } from '../../model/catalog.js';
import type { QueryFigures } from '../../store/store.js';
import type { Inquiry } from '../inquiry.js';
import type { Query } from '../search/ast.js';
import { type ListedTerm, listTerms } from '../search/list-terms.js';
import { parseQuery } from '../search/parse.js';
import { type PlacedRow, selectLogs } from '../search.js';
import { splitQuery } from '../split-query.js';
import { printSlsLog } from './log-text.js';
import { packMetas } from './pack.js';
import type { LogsParameters } from './parameters.js';

export interface LogsQuestion extends LogsParameters {
  /** The halves of the query, as they were written. */
  readonly search: string;
  readonly tree: Query;
  /** Each log tells its place in its pack: see pack.ts. */
  readonly withPackMeta: boolean;
}

export interface LogsFound {
  /** Each a JSON object whose values are strings. */
  readonly rows: readonly string[];
  /** Names of the fields, in the order they occur in. */
  readonly keys: readonly string[];
  readonly terms: readonly ListedTerm[];
  readonly figures: QueryFigures;
}

/** Behind the bar, in the place of SQL: asks for the places of logs in their packs. */
const WITH_PACK_META = 'with_pack_meta';

/** Throws ApiError and QuerySyntaxError. */
export function readQuestion(parameters: LogsParameters): LogsQuestion {
  const { search, analytics } = splitQuery(parameters.query);
  const withPackMeta = analytics?.text.trim() === WITH_PACK_META;
  if (analytics !== null && !withPackMeta) throw new ApiError('NotSupported', { reason: 'SQL is not offered yet.' });
  return { ...parameters, search: search.trim(), tree: parseQuery(search), withPackMeta };
}

/** Throws what the store throws. */
export async function findLogs(inquiry: Inquiry, logstore: Logstore, question: LogsQuestion): Promise<LogsFound> {
  const { line, isReversed, tree, withPackMeta } = question;
  const search = {
    ...question,
    logstoreId: logstore.id,
    index: logstore.index?.config ?? null,
    query: tree,
    limit: line,
    order: isReversed ? 'newestFirst' : 'oldestFirst',
  } as const;
  const { rows } = line === 0 ? { rows: [] } : await inquiry.ask<PlacedRow>((table) => selectLogs(table, search));
  const metaOf = withPackMeta ? await packMetas(inquiry, logstore.id, rows) : null;
  return {
    rows: rows.map((row) => printSlsLog(row, metaOf === null ? [] : [['__pack_meta__', metaOf(row)]])),
    keys: [...new Set(rows.flatMap(({ fieldNames }) => fieldNames))],
    terms: listTerms(tree),
    figures: inquiry.figures,
  };
}
