/** Questions about the logs of a logstore: src/api/query.ts has their shapes, docs/query-api.md what they do. */
import type {
  ContextAnswer,
  ContextRequest,
  FacetsAnswer,
  FacetsRequest,
  FieldsAnswer,
  FieldsRequest,
  HistogramAnswer,
  HistogramRequest,
  LogAnswer,
  LogsAnswer,
  QueryRequest,
  QuerySelection,
  RowsAnswer,
} from '../../../src/api/query.js';
import { callForJson, logstorePath } from './call.js';

/** The logstore that is asked, and what ends the question, also in the service. */
export interface Target {
  readonly project: string;
  readonly logstore: string;
  readonly signal: AbortSignal;
}

export const askLogs = (target: Target, request: QueryRequest) => ask<LogsAnswer>(target, 'query', request);

/** For a query with SQL behind the search. */
export const askRows = (target: Target, request: QuerySelection) => ask<RowsAnswer>(target, 'query', request);

export const askHistogram = (target: Target, request: HistogramRequest) =>
  ask<HistogramAnswer>(target, 'histogram', request);

export const askFields = (target: Target, request: FieldsRequest) => ask<FieldsAnswer>(target, 'fields', request);

export const askFacets = (target: Target, request: FacetsRequest) => ask<FacetsAnswer>(target, 'facets', request);

export const askContext = (target: Target, request: ContextRequest) => ask<ContextAnswer>(target, 'context', request);

export function askLog({ project, logstore, signal }: Target, id: string): Promise<LogAnswer> {
  return callForJson<LogAnswer>(`${logstorePath(project, logstore)}/logs/${encodeURIComponent(id)}`, { signal });
}

function ask<Answer>({ project, logstore, signal }: Target, what: string, body: unknown): Promise<Answer> {
  const headers = { accept: 'application/json' };
  return callForJson<Answer>(`${logstorePath(project, logstore)}/${what}`, { method: 'POST', body, headers, signal });
}
