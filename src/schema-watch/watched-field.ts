/** One field of a logstore, as the watch knows it. */
import type { NameShare, SchemaField } from '../api/schema.js';
import { TopCounts } from '../guard/top-counts.js';
import type { Cell, LogstoreReport } from './report.js';
import type { StoredField } from './stored-schema.js';
import { mainType, type TypeChange, TypeJudge } from './type-judge.js';
import type { ValueType } from './value-type.js';

/** Pages and versions told apart. */
const NAMES_MAX = 8;
/** What weighs less than a part of a log is forgotten. */
const WEIGHT_MIN = 0.1;

const HOUR_MS = 3_600_000;

/** A field must have lived so long, in so many logs, before it can vanish. */
const LIFE_MS_MIN = 24 * HOUR_MS;
const LIFE_LOGS_MIN = 100;
/** It is gone when so many logs with it were to be expected, ten groups at least, and none came… */
const EXPECTED_LOGS_MIN = 200;
/** …for longer than this, and than twice its longest silence. */
const SILENCE_MS_MIN = HOUR_MS;
const SILENCES = 2;

/** Of one or two logs only: a key that somebody made up. */
const RARE_LOGS_MAX = 2;
const RARE_MS_MAX = 24 * HOUR_MS;
const UNSEEN_MS_MAX = 30 * 24 * HOUR_MS;

export class WatchedField {
  readonly #kept: StoredField;
  readonly #judge: TypeJudge;
  readonly #types: Map<ValueType, number>;
  readonly #origins: TopCounts;
  readonly #versions: TopCounts;

  constructor(kept: StoredField) {
    this.#kept = { ...kept };
    this.#judge = new TypeJudge(kept.settled);
    this.#types = new Map(kept.types);
    this.#origins = new TopCounts(NAMES_MAX, kept.origins);
    this.#versions = new TopCounts(NAMES_MAX, kept.versions);
  }

  get hasVanished(): boolean {
    return this.#kept.hasVanished;
  }

  set hasVanished(has: boolean) {
    this.#kept.hasVanished = has;
  }

  /** Or only known by its key. */
  get wasSeen(): boolean {
    return this.#kept.logs > 0;
  }

  /** Of logs, when it was seen last. */
  get usualShare(): number {
    return this.#kept.usualShare;
  }

  /** What most logs with it name; empty if they name none. */
  get mainOrigin(): string {
    return this.#origins.ranked()[0]?.[0] ?? '';
  }

  hasVersion(version: string): boolean {
    return this.#versions.has(version);
  }

  /** Some of `logs` that were looked at, `weight` faded ones, have it. Returns what is worth telling. */
  add(
    cells: readonly Cell[],
    { origins, versions }: Pick<LogstoreReport, 'origins' | 'versions'>,
    logstore: { readonly logs: number; readonly weight: number },
    nowMs: number,
  ): TypeChange | null {
    const kept = this.#kept;
    for (const { type, origin, version, count } of cells) {
      kept.logs += count;
      kept.weight += count;
      this.#types.set(type, (this.#types.get(type) ?? 0) + count);
      addName(this.#origins, origins[origin], count);
      addName(this.#versions, versions[version], count);
      this.#judge.add(type, count, origins[origin] ?? '', versions[version] ?? '', nowMs);
    }
    kept.longestGapMs = Math.max(kept.longestGapMs, nowMs - kept.lastMs);
    kept.lastMs = nowMs;
    kept.seenAtLogs = logstore.logs;
    kept.usualShare = Math.min(1, kept.weight / logstore.weight);
    return this.#judge.judge(nowMs);
  }

  /** Whether it should have been seen again long ago. `logs` are those of the logstore so far. */
  isMissing(logs: number, nowMs: number): boolean {
    const { firstMs, lastMs, seenAtLogs, usualShare, longestGapMs, logs: logsWithIt } = this.#kept;
    const isEstablished = lastMs - firstMs >= LIFE_MS_MIN && logsWithIt >= LIFE_LOGS_MIN;
    const isExpected = (logs - seenAtLogs) * usualShare >= EXPECTED_LOGS_MIN;
    return isEstablished && isExpected && nowMs - lastMs > Math.max(SILENCE_MS_MIN, SILENCES * longestGapMs);
  }

  /** Whether it need not be listed any longer. */
  isForgotten(nowMs: number): boolean {
    const { lastMs, logs } = this.#kept;
    return nowMs - lastMs > (logs <= RARE_LOGS_MAX ? RARE_MS_MAX : UNSEEN_MS_MAX);
  }

  fade(factor: number): void {
    this.#kept.weight *= factor;
    for (const [type, weight] of this.#types) {
      if (weight * factor < WEIGHT_MIN) this.#types.delete(type);
      else this.#types.set(type, weight * factor);
    }
    this.#origins.fade(factor, WEIGHT_MIN);
    this.#versions.fade(factor, WEIGHT_MIN);
  }

  /** `logstoreWeight` is that of all logs. */
  describe(logstoreWeight: number): SchemaField {
    const { key, firstMs, lastMs, weight } = this.#kept;
    const types = [...this.#types].toSorted(([, a], [, b]) => b - a);
    const sum = types.reduce((total, [, count]) => total + count, 0);
    return {
      name: key,
      type: this.#judge.settled ?? mainType(this.#types),
      types: types.map(([type, count]) => ({ type, share: count / sum })),
      share: logstoreWeight === 0 ? 0 : Math.min(1, weight / logstoreWeight),
      firstSeen: firstMs / 1000,
      lastSeen: lastMs / 1000,
      origins: sharesOf(this.#origins),
      versions: sharesOf(this.#versions),
    };
  }

  store(): StoredField {
    return {
      ...this.#kept,
      settled: this.#judge.settled,
      types: [...this.#types],
      origins: [...this.#origins.entries()].map(([name, weight]) => [name, weight]),
      versions: [...this.#versions.entries()].map(([name, weight]) => [name, weight]),
    };
  }
}

export function newField(key: string, logs: number, nowMs: number): WatchedField {
  return new WatchedField({
    ...{ key, firstMs: nowMs, lastMs: nowMs, logs: 0, weight: 0, usualShare: 0, longestGapMs: 0, seenAtLogs: logs },
    ...{ hasVanished: false, settled: null, types: [], origins: [], versions: [] },
  });
}

/** Undefined where there were too many to tell apart. */
function addName(names: TopCounts, name: string | undefined, count: number): void {
  if (name === undefined) names.other += count;
  else names.add(name, count);
}

function sharesOf(names: TopCounts): NameShare[] {
  const ranked = names.ranked();
  const sum = ranked.reduce((total, [, weight]) => total + weight, names.other);
  return ranked.map(([name, weight]) => ({ name: name === '' ? null : name, share: weight / sum }));
}
