/**
 * Where one is in the console, as the address of the page says it: what is shown can be sent to somebody else, and the back
 * button leads to the search before.
 *
 *   ?project=shop&logstore=events&query=event%3Abuy&from=now-15m&to=now&column=path&view=table&log=…
 *   ?page=status
 */

import { VARIABLES_MAX, type Variables } from '../query/variables.js';
import { type Moment, parseMoment, printMoment } from '../time/moment.js';
import { DEFAULT_RANGE, type Range } from '../time/range.js';
import { UTC } from '../time/zone.js';

export const PAGES = ['search', 'dashboards', 'refusals', 'projects', 'logstore', 'keys', 'status'] as const;
export type PageName = (typeof PAGES)[number];

/** Of the page of one logstore. */
export const LOGSTORE_PARTS = ['index', 'fields', 'quarantine', 'deletion'] as const;
export type LogstorePart = (typeof LOGSTORE_PARTS)[number];

export const ROW_VIEWS = ['table', 'raw', 'json'] as const;
export type RowView = (typeof ROW_VIEWS)[number];

export const CHART_KINDS = ['line', 'bar', 'pie', 'number', 'table'] as const;
export type ChartKind = (typeof CHART_KINDS)[number];

/** 0 for never. */
export const REFRESH_SECONDS = [0, 5, 10, 30, 60, 300] as const;

export type Order = 'newestFirst' | 'oldestFirst';

export interface Place {
  readonly page: PageName;
  /** Null until one is chosen. */
  readonly project: string | null;
  readonly logstore: string | null;
  readonly query: string;
  /** Values for the `$name`s of the query, or of the dashboard's queries. */
  readonly variables: Variables;
  readonly range: Range;
  /** The search is asked again by itself after so many seconds; 0 for never. */
  readonly refreshSeconds: number;
  readonly order: Order;
  readonly view: RowView;
  /** Fields shown as columns; empty for all of them in one. */
  readonly columns: readonly string[];
  readonly isWrapped: boolean;
  readonly isLive: boolean;
  /** A field whose frequent values are counted apart over time; null for none. */
  readonly by: string | null;
  /** Id of the log whose details are open. */
  readonly log: string | null;
  /** Null for the one that suits the answer. */
  readonly chart: ChartKind | null;
  readonly dashboard: string | null;
  readonly part: LogstorePart;
}

export const START: Place = {
  page: 'search',
  project: null,
  logstore: null,
  query: '',
  variables: {},
  range: DEFAULT_RANGE,
  refreshSeconds: 0,
  order: 'newestFirst',
  view: 'table',
  columns: [],
  isWrapped: false,
  isLive: false,
  by: null,
  log: null,
  chart: null,
  dashboard: null,
  part: 'index',
};

/** With a `?`. What is as at the start is left out, but for the range: a link means the same if the default changes. */
export function printPlace(place: Place): string {
  const parameters = new URLSearchParams();
  const put = (name: string, value: string | null, start: string | null) => {
    if (value !== null && value !== start) parameters.append(name, value);
  };
  put('page', place.page, START.page);
  put('project', place.project, null);
  put('logstore', place.logstore, null);
  put('query', place.query, START.query);
  for (const [name, value] of Object.entries(place.variables)) parameters.append(`$${name}`, value);
  put('from', printMoment(place.range.from), null);
  put('to', printMoment(place.range.to), null);
  put('refresh', place.refreshSeconds === 0 ? null : String(place.refreshSeconds), null);
  put('order', place.order, START.order);
  put('view', place.view, START.view);
  for (const column of place.columns) parameters.append('column', column);
  put('wrap', place.isWrapped ? '1' : null, null);
  put('live', place.isLive ? '1' : null, null);
  put('by', place.by, null);
  put('chart', place.chart, null);
  put('dashboard', place.dashboard, null);
  put('part', place.part, START.part);
  put('log', place.log, null);
  return `?${parameters}`;
}

/** An address that somebody wrote by hand may say anything; what is not understood is as at the start. */
export function parsePlace(text: string): Place {
  const parameters = new URLSearchParams(text);
  const get = (name: string) => parameters.get(name) || null;
  return {
    page: oneOf(PAGES, get('page')) ?? START.page,
    project: get('project'),
    logstore: get('logstore'),
    query: get('query') ?? START.query,
    variables: parseVariables(parameters),
    range: parseRange(get('from'), get('to')),
    refreshSeconds: REFRESH_SECONDS.find((seconds) => String(seconds) === get('refresh')) ?? START.refreshSeconds,
    order: get('order') === 'oldestFirst' ? 'oldestFirst' : 'newestFirst',
    view: oneOf(ROW_VIEWS, get('view')) ?? START.view,
    columns: [...new Set(parameters.getAll('column').filter((column) => column !== ''))].slice(0, COLUMNS_MAX),
    isWrapped: get('wrap') === '1',
    isLive: get('live') === '1',
    by: get('by'),
    log: get('log'),
    chart: oneOf(CHART_KINDS, get('chart')),
    dashboard: get('dashboard'),
    part: oneOf(LOGSTORE_PARTS, get('part')) ?? START.part,
  };
}

const COLUMNS_MAX = 50;

/** `$event=buy` */
function parseVariables(parameters: URLSearchParams): Variables {
  const entries = [...parameters].filter(([name]) => /^\$[A-Za-z_]\w{0,63}$/.test(name));
  return Object.fromEntries(entries.slice(0, VARIABLES_MAX).map(([name, value]) => [name.slice(1), value]));
}

function parseRange(from: string | null, to: string | null): Range {
  const range = { from: parsePart(from), to: parsePart(to) };
  return range.from === null || range.to === null ? DEFAULT_RANGE : { from: range.from, to: range.to };
}

/** Without a zone and a now, a moment in an address is complete. */
function parsePart(text: string | null): Moment | null {
  return text === null ? null : parseMoment(text, UTC, 0);
}

function oneOf<T extends string>(all: readonly T[], value: string | null): T | null {
  return all.find((one) => one === value) ?? null;
}
