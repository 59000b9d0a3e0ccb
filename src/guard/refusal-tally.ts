/** How many requests were refused over time, by logstore, reason and page. */
import type { RefusalStep } from '../api/refusals.js';
import { TopCounts } from './top-counts.js';

/** Pages that are counted one by one, for each logstore and step. */
const ORIGINS_MAX = 20;

/** Logstores that are counted one by one in a step; the rest is counted as that of no logstore. */
const PLACES_MAX = 200;

/** Which logstore a request was for; of names that are not in the catalog both are empty, as anybody can make them up. */
export interface Place {
  readonly project: string;
  readonly logstore: string;
}

export class RefusalTally {
  readonly #stepMs: number;
  readonly #stepsMax: number;
  /** By when they begin, in Unix milliseconds; in the order in which they began. */
  readonly #steps = new Map<number, Step>();

  constructor(stepMs: number, stepsMax: number) {
    this.#stepMs = stepMs;
    this.#stepsMax = stepsMax;
  }

  add(place: Place, reason: string, origin: string, timeMs: number): void {
    const beganMs = timeMs - (timeMs % this.#stepMs);
    const step = this.#steps.get(beganMs) ?? new Map<string, Counts>();
    if (step.size === 0) this.#open(beganMs, step);
    const key = step.size < PLACES_MAX || step.has(keyOf(place)) ? keyOf(place) : keyOf(NOWHERE);
    const counts = step.get(key) ?? { place: key === keyOf(place) ? place : NOWHERE, ...newCounts() };
    step.set(key, counts);
    counts.reasons.set(reason, (counts.reasons.get(reason) ?? 0) + 1);
    counts.origins.add(origin);
  }

  /** The steps that are not over for too long, oldest first, of the logstores that `isMeant`. */
  steps(isMeant: (place: Place) => boolean, nowMs: number): RefusalStep[] {
    const oldestMs = nowMs - this.#stepMs * this.#stepsMax;
    return [...this.#steps]
      .filter(([beganMs]) => beganMs > oldestMs)
      .map(([beganMs, step]) =>
        sumOf(
          beganMs,
          [...step.values()].filter(({ place }) => isMeant(place)),
        ),
      )
      .filter(({ count }) => count > 0);
  }

  #open(beganMs: number, step: Step): void {
    this.#steps.set(beganMs, step);
    for (const old of this.#steps.keys()) {
      if (this.#steps.size <= this.#stepsMax) break;
      this.#steps.delete(old);
    }
  }
}

export const NOWHERE: Place = { project: '', logstore: '' };

/** One text of both; neither holds a slash. */
export function keyOf({ project, logstore }: Place): string {
  return `${project}/${logstore}`;
}

/** The same step of several tallies as one. */
export function mergeSteps(tallies: readonly (readonly RefusalStep[])[]): RefusalStep[] {
  const merged = new Map<number, RefusalStep>();
  for (const step of tallies.flat()) {
    const before = merged.get(step.time);
    merged.set(step.time, before === undefined ? step : addUp(before, step));
  }
  return [...merged.values()].sort((a, b) => a.time - b.time);
}

interface Counts {
  readonly place: Place;
  readonly reasons: Map<string, number>;
  readonly origins: TopCounts;
}

type Step = Map<string, Counts>;

function newCounts(): Omit<Counts, 'place'> {
  return { reasons: new Map(), origins: new TopCounts(ORIGINS_MAX) };
}

function sumOf(beganMs: number, parts: readonly Counts[]): RefusalStep {
  const time = beganMs / 1000;
  const empty: RefusalStep = { time, count: 0, byReason: {}, byOrigin: {}, otherOrigins: 0 };
  return parts.reduce((sum, { reasons, origins }) => {
    const byReason = Object.fromEntries(reasons);
    const count = [...reasons.values()].reduce((total, one) => total + one, 0);
    const part = {
      time,
      count,
      byReason,
      byOrigin: Object.fromEntries(origins.entries()),
      otherOrigins: origins.other,
    };
    return addUp(sum, part);
  }, empty);
}

function addUp(a: RefusalStep, b: RefusalStep): RefusalStep {
  return {
    time: a.time,
    count: a.count + b.count,
    byReason: addRecords(a.byReason, b.byReason),
    byOrigin: addRecords(a.byOrigin, b.byOrigin),
    otherOrigins: a.otherOrigins + b.otherOrigins,
  };
}

/** Names come from outside: a plain object would take `__proto__` for something else. */
function addRecords(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const sums = new Map(Object.entries(a));
  for (const [name, count] of Object.entries(b)) sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries(sums);
}
