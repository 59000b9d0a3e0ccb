/** A log as a list shows it. */
import type { LogEntry, LogObject } from '../../../src/api/query.js';

export interface Row {
  /** Names the log for ever. */
  readonly id: string;
  /** Unix milliseconds. */
  readonly timeMs: number;
  readonly log: LogObject;
}

export const TIME = '__time__';
export const TOPIC = '__topic__';
export const SOURCE = '__source__';
const TAG = '__tag__:';

export function rowOf({ id, timeNs, log }: LogEntry): Row {
  return { id, timeMs: Number(BigInt(timeNs) / 1_000_000n), log };
}

/** What a log says for itself, first its fields; the time stands apart, and a label that is empty says nothing. */
export function entriesOf({ log }: Row): [name: string, value: string][] {
  const entries = Object.entries(log).filter(([name]) => name !== TIME);
  const own = entries.filter(([name]) => !isLabel(name));
  const labels = entries.filter(([name, value]) => isLabel(name) && value !== '');
  return [...own, ...labels];
}

/** The same for one line: what tells most about a web log comes first. */
export function summaryOf(row: Row): [name: string, value: string][] {
  const rank = (name: string) => {
    const at = TELLING.indexOf(name.toLowerCase());
    return at === -1 ? TELLING.length : at;
  };
  // Sorting keeps the order of those that are equal.
  return entriesOf(row).sort(([a], [b]) => rank(a) - rank(b));
}

const TELLING: readonly string[] = [
  ...['level', 'severity', 'event', 'event_name', 'type', 'name', 'message', 'msg', 'error', 'status'],
  ...['method', 'path', 'url', 'page_url', 'page'],
];

/** Topic, source and tags belong to the log's group. */
export function isLabel(name: string): boolean {
  return name === TOPIC || name === SOURCE || name.startsWith(TAG);
}
