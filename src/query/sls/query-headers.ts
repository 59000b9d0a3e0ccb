/** What GetLogs tells of its answer in headers, since the body is the bare list of logs. */
import type { LogsFound, LogsQuestion } from './logs-question.js';

/** Clients accept some kilobytes of headers: Node's 16 in all. */
const TEXT_LENGTH_MAX = 2048;
const KEYS_LENGTH_MAX = 4096;

/** Names and values, in turn. */
export function queryHeaders({ search, sql }: LogsQuestion, found: LogsFound): string[] {
  const { rows, keys, columnTypes, limited, isComplete, terms, figures } = found;
  return [
    ...progressHeaders(isComplete, rows.length),
    ...['x-log-processed-rows', String(figures.rowsRead)],
    ...['x-log-elapsed-millisecond', String(Math.round(figures.elapsedMs))],
    ...['x-log-cpu-sec', '0'],
    ...['x-log-cpu-cores', '0'],
    ...['x-log-has-sql', String(sql !== null)],
    ...['x-log-where-query', headerText(search)],
    ...['x-log-agg-query', headerText(sql?.text.trim() ?? '')],
    'x-log-query-info',
    asciiJson({
      keys: within(keys, KEYS_LENGTH_MAX),
      terms: within(
        terms.map(({ term, key }) => [term, key]),
        TEXT_LENGTH_MAX,
      ),
      limited: String(limited),
      mode: 0,
      isAccurate: 1,
      columnTypes: within(columnTypes, TEXT_LENGTH_MAX),
    }),
  ];
}

/** SDKs fail without these two. */
export function progressHeaders(isComplete: boolean, count: number): string[] {
  return ['x-log-progress', progressOf(isComplete), 'x-log-count', String(count)];
}

export function progressOf(isComplete: boolean): 'Complete' | 'Incomplete' {
  return isComplete ? 'Complete' : 'Incomplete';
}

/** Text as UTF-8, which is what clients read, and without what a header cannot have. */
export function headerText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to be replaced.
  const line = text.slice(0, TEXT_LENGTH_MAX).replace(/[\x00-\x1f\x7f]/g, ' ');
  // Node writes a character of a header as one byte.
  return Buffer.from(line, 'utf8').toString('latin1');
}

function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** As many from the beginning as have room in so much JSON. */
function within<T>(items: readonly T[], lengthMax: number): T[] {
  let length = 0;
  return items.filter((item) => {
    length += asciiJson(item).length;
    return length <= lengthMax;
  });
}
