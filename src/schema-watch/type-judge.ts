/**
 * Which type a field has, slow to change its mind: values are judged by the window, and another type has to hold for several
 * windows before it is believed. While a release is rolled out, windows hold both types and say nothing, so that the change
 * is told once, when it is through; only what stays undecided for long is called mixed.
 */
import type { FieldType } from '../api/schema.js';
import { TopCounts } from '../guard/top-counts.js';
import type { ValueType } from './value-type.js';

/** A window ends when it has so many values and has lasted so long. */
const VALUES_MIN = 50;
const WINDOW_MS_MIN = 60_000;
/** Windows in a row. */
const WINDOWS_TO_CHANGE = 3;
const WINDOWS_TO_MIX = 30;
/** Of the values of a window. Few values of another type are the rule: `null` among numbers, say. */
const MAIN_SHARE = 0.8;
/** Many fields are often empty. */
const EMPTY_SHARE = 0.95;
const FRACTIONS_SHARE = 0.1;
/** Told apart among the values that have not the settled type. */
const NAMES_MAX = 4;

export interface TypeChange {
  readonly from: FieldType;
  readonly to: FieldType;
  /** That most of the new values name; empty if they name none. */
  readonly origin: string;
  readonly version: string;
}

interface Window {
  readonly beganMs: number;
  readonly counts: Map<ValueType, number>;
  /** Of values that have another type than the settled one. */
  readonly origins: TopCounts;
  readonly versions: TopCounts;
}

export class TypeJudge {
  /** Null before the first window is over. */
  settled: FieldType | null;
  #window: Window | undefined;
  #candidate: FieldType | null = null;
  #windows = 0;

  constructor(settled: FieldType | null) {
    this.settled = settled;
  }

  add(type: ValueType, count: number, origin: string, version: string, nowMs: number): void {
    this.#window ??= openWindow(nowMs);
    const { counts, origins, versions } = this.#window;
    counts.set(type, (counts.get(type) ?? 0) + count);
    if (this.settled === null || isSame(type, this.settled)) return;
    origins.add(origin, count);
    versions.add(version, count);
  }

  /** A change that is worth telling, if the window is over and one has come about. */
  judge(nowMs: number): TypeChange | null {
    const window = this.#window;
    if (window === undefined || nowMs - window.beganMs < WINDOW_MS_MIN) return null;
    if (sumOf(window.counts) < VALUES_MIN) return null;
    this.#window = undefined;
    const type = mainType(window.counts);
    const { settled } = this;
    if (settled === null) {
      this.settled = type;
      return null;
    }
    if (isSame(type, settled)) {
      this.#candidate = null;
      if (settled !== 'number') this.settled = type; // whole numbers are numbers too
      return null;
    }
    if (!this.#confirms(type)) return null;
    this.#candidate = null;
    this.settled = type;
    const [origin, version] = [window.origins, window.versions].map((names) => names.ranked()[0]?.[0] ?? '');
    return { from: settled, to: type, origin: origin ?? '', version: version ?? '' };
  }

  #confirms(type: FieldType): boolean {
    const isMixed = type === 'mixed';
    // A mixture neither speaks for a candidate nor against it.
    if (isMixed && this.#candidate !== null && this.#candidate !== 'mixed') return false;
    this.#windows = this.#candidate === type ? this.#windows + 1 : 1;
    this.#candidate = type;
    return this.#windows >= (isMixed ? WINDOWS_TO_MIX : WINDOWS_TO_CHANGE);
  }
}

/** What nearly all of the values are. */
export function mainType(counts: ReadonlyMap<ValueType, number>): FieldType {
  const all = sumOf(counts);
  const empty = counts.get('empty') ?? 0;
  if (empty >= all * EMPTY_SHARE) return 'empty';
  const fractions = counts.get('number') ?? 0;
  const numbers = fractions + (counts.get('integer') ?? 0);
  const filled = all - empty;
  if (numbers >= filled * MAIN_SHARE) return fractions >= numbers * FRACTIONS_SHARE ? 'number' : 'integer';
  for (const [type, count] of counts) if (type !== 'empty' && count >= filled * MAIN_SHARE) return type;
  return 'mixed';
}

/** Whether one may turn into the other without anybody minding: where the border between them is a guess. */
function isSame(a: FieldType, b: FieldType): boolean {
  return a === b || (NUMERIC.has(a) && NUMERIC.has(b)) || (TEXTUAL.has(a) && TEXTUAL.has(b));
}

const NUMERIC: ReadonlySet<FieldType> = new Set(['integer', 'number']);
const TEXTUAL: ReadonlySet<FieldType> = new Set(['id', 'text']);

function openWindow(beganMs: number): Window {
  return { beganMs, counts: new Map(), origins: new TopCounts(NAMES_MAX), versions: new TopCounts(NAMES_MAX) };
}

function sumOf(counts: ReadonlyMap<ValueType, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}
