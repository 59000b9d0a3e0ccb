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
import type { LogsParameters } from './parameters.js';

export interface LogsQuestion extends LogsParameters {
  /** The halves of the query, as they were written. */
  readonly search: string;
  readonly tree: Query;
}

export interface LogsFound {
  /** Each a JSON object whose values are strings. */
  readonly rows: readonly string[];
  /** Names of the fields, in the order they occur in. */
  readonly keys: readonly string[];
  readonly terms: readonly ListedTerm[];
  readonly figures: QueryFigures;
}

/** Throws ApiError and QuerySyntaxError. */
export function readQuestion(parameters: LogsParameters): LogsQuestion {
  const { search, analytics } = splitQuery(parameters.query);
  if (analytics !== null) throw new ApiError('NotSupported', { reason: 'SQL is not offered yet.' });
  return { ...parameters, search: search.trim(), tree: parseQuery(search) };
}

/** Throws what the store throws. */
export async function findLogs(inquiry: Inquiry, logstore: Logstore, question: LogsQuestion): Promise<LogsFound> {
  const { line, isReversed, tree } = question;
  const terms = listTerms(tree);
  if (line === 0) return { rows: [], keys: [], terms, figures: inquiry.figures };
  const search = {
    ...question,
    logstoreId: logstore.id,
    index: logstore.index?.config ?? null,
    query: tree,
    limit: line,
    order: isReversed ? 'newestFirst' : 'oldestFirst',
  } as const;
  const { rows } = await inquiry.ask<PlacedRow>((table) => selectLogs(table, search));
  return {
    rows: rows.map(printSlsLog),
    keys: [...new Set(rows.flatMap(({ fieldNames }) => fieldNames))],
    terms,
    figures: inquiry.figures,
  };
}
