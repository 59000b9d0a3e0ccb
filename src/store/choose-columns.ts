/** Which keys become columns: those that many logs carry, and those that somebody has declared in an index. */
import type { NewColumn } from './alter-columns.js';
import { COLUMNS_MAX, mayBeColumn } from './hot-column.js';

/** A key in the maps of some recent logs. */
export interface KeyCount {
  readonly key: string;
  /** How many of them have it. */
  readonly logs: number;
  /** How many different values it has in them, and different words in as many logs as share a filter; estimates. */
  readonly values: number;
  readonly words: number;
}

export interface KeySample {
  /** How many logs were looked at. */
  readonly logs: number;
  readonly keys: readonly KeyCount[];
}

/** Fewer say little about what is to come, and are searched quickly as they are. */
export const SAMPLED_LOGS_MIN = 10_000;

/**
 * One in twenty: a logstore among many may be small, and its fields worth a column nevertheless. A column that is empty for
 * most logs costs next to nothing.
 */
const SHARE_MIN = 0.05;

/** A part keeps a dictionary of so many values; beyond, it costs more than it spares. */
const DICTIONARY_VALUES_MAX = 8000;
const REPEATS_MIN = 10;

/** Of a key that nobody has sent yet. */
const WORDS_UNKNOWN = 8000;

/** The columns to add to those of `present`, the most wanted first. */
export function chooseColumns(
  sample: KeySample,
  declared: readonly string[],
  present: readonly string[],
): readonly NewColumn[] {
  const counts = new Map(sample.keys.map((count) => [count.key, count]));
  const common =
    sample.logs < SAMPLED_LOGS_MIN ? [] : sample.keys.filter(({ logs }) => logs >= sample.logs * SHARE_MIN);
  const wanted = [...declared, ...common.toSorted((a, b) => b.logs - a.logs).map(({ key }) => key)];

  // A file system may not tell `Path` from `path`, and columns are files.
  const taken = new Set(present.map((key) => key.toLowerCase()));
  const chosen: NewColumn[] = [];
  for (const key of wanted) {
    if (taken.size >= COLUMNS_MAX) break;
    if (!mayBeColumn(key) || taken.has(key.toLowerCase())) continue;
    taken.add(key.toLowerCase());
    const count = counts.get(key);
    chosen.push({ key, isRepetitive: isRepetitive(count), words: count?.words ?? WORDS_UNKNOWN });
  }
  return chosen;
}

function isRepetitive(count: KeyCount | undefined): boolean {
  return count !== undefined && count.values <= DICTIONARY_VALUES_MAX && count.values * REPEATS_MIN <= count.logs;
}
