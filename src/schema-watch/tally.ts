/** Counts what sampled logs have, from one report to the next. */

import type { ReadGroup } from './read-group.js';
import type { Cell, LogstoreReport } from './report.js';
import { typeOf, VALUE_TYPES } from './value-type.js';

/** Fields of a logstore between two reports. */
const FIELDS_MAX = 5000;
/** Of a logstore, told apart between two reports. */
const ORIGINS_MAX = 16;
const VERSIONS_MAX = 32;
/** Characters of a version. */
const VERSION_LENGTH_MAX = 64;

interface Tallied {
  logs: number;
  readonly origins: Names;
  readonly versions: Names;
  /** By key: counts by type, origin and version as one number. */
  readonly fields: Map<string, Map<number, number>>;
}

export class Tally {
  readonly #versionKeys: readonly string[];
  #logstores = new Map<number, Tallied>();

  /** The version of a log is the value of the first of these keys that it, or its group as a tag, has. */
  constructor(versionKeys: readonly string[]) {
    this.#versionKeys = versionKeys;
  }

  /** `origin` is empty if the request named none. */
  add(logstoreId: number, { logs, tags }: ReadGroup, origin: string): void {
    const tallied = this.#logstores.get(logstoreId) ?? newTally();
    this.#logstores.set(logstoreId, tallied);
    const originAt = tallied.origins.placeOf(origin);
    for (const log of logs) {
      const pairs = new Map([...tags, ...log]);
      const versionAt = tallied.versions.placeOf(this.#versionOf(pairs));
      tallied.logs++;
      for (const [key, value] of pairs) {
        const cells = tallied.fields.get(key) ?? openField(tallied.fields, key);
        if (cells === undefined) continue;
        const cell = numberOf(VALUE_TYPES.indexOf(typeOf(value)), originAt, versionAt);
        cells.set(cell, (cells.get(cell) ?? 0) + 1);
      }
    }
  }

  /** What was counted since this was asked last. */
  take(): LogstoreReport[] {
    const logstores = this.#logstores;
    this.#logstores = new Map();
    return [...logstores].map(([logstoreId, { logs, origins, versions, fields }]) => ({
      logstoreId,
      logs,
      origins: origins.all,
      versions: versions.all,
      fields: [...fields].map(([key, cells]) => ({ key, cells: [...cells].map(cellOf) })),
    }));
  }

  #versionOf(pairs: ReadonlyMap<string, string>): string {
    for (const key of this.#versionKeys) {
      const version = pairs.get(key);
      if (version !== undefined && version !== '') return version.slice(0, VERSION_LENGTH_MAX);
    }
    return '';
  }
}

/** Some names, each with a place. */
class Names {
  readonly all: string[] = [];
  readonly #places = new Map<string, number>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  /** -1 if there is none left. */
  placeOf(name: string): number {
    const place = this.#places.get(name);
    if (place !== undefined) return place;
    if (this.all.length === this.#max) return -1;
    this.#places.set(name, this.all.length);
    return this.all.push(name) - 1;
  }
}

function newTally(): Tallied {
  return { logs: 0, origins: new Names(ORIGINS_MAX), versions: new Names(VERSIONS_MAX), fields: new Map() };
}

function openField(fields: Map<string, Map<number, number>>, key: string): Map<number, number> | undefined {
  if (fields.size === FIELDS_MAX) return undefined;
  const cells = new Map<number, number>();
  fields.set(key, cells);
  return cells;
}

/** Places begin at -1. */
function numberOf(type: number, origin: number, version: number): number {
  return (type * (ORIGINS_MAX + 1) + origin + 1) * (VERSIONS_MAX + 1) + version + 1;
}

function cellOf([cell, count]: readonly [number, number]): Cell {
  const pair = Math.floor(cell / (VERSIONS_MAX + 1));
  return {
    type: VALUE_TYPES[Math.floor(pair / (ORIGINS_MAX + 1))] ?? 'text',
    origin: (pair % (ORIGINS_MAX + 1)) - 1,
    version: (cell % (VERSIONS_MAX + 1)) - 1,
    count,
  };
}
