/** What is known of the fields of one logstore, and what has changed about them. */
import type { SchemaField } from '../api/schema.js';
import type { KeysReport } from '../model/keys-report.js';
import { KeyBurst } from './key-burst.js';
import { Notices } from './notices.js';
import type { LogstoreReport } from './report.js';
import type { StoredSchema } from './stored-schema.js';
import { newField, WatchedField } from './watched-field.js';

/** Of a logstore. */
const FIELDS_MAX = 5000;

const HOUR_MS = 3_600_000;
/** What was seen weighs less each hour: a tenth is left after a day. */
const FADE_PER_HOUR = 0.9;

/** How often it is looked for fields that do not come any more. */
const MISSING_EVERY_MS = 60_000;

/** Keys are not over the cap any more when none was for so long. */
const OVER_MS_MAX = 24 * HOUR_MS;

const TAG_PREFIX = '__tag__:';

export class LogstoreSchema {
  readonly logstoreId: number;
  readonly notices: Notices;
  readonly #sinceMs: number;
  #logs: number;
  #weight: number;
  #fadedAtMs: number;
  #missingAtMs = 0;
  readonly #fields: Map<string, WatchedField>;
  readonly #burst = new KeyBurst();
  /** Of its keys; to be given anew when they have changed. */
  revision = 0;
  areKeysChanged = true;
  #overAtMs: number | undefined;
  /** There was a field for which no room was left. */
  isCut = false;

  constructor(stored: StoredSchema) {
    this.logstoreId = stored.logstoreId;
    this.notices = new Notices(stored.lastNoticeId, stored.notices);
    this.#sinceMs = stored.sinceMs;
    this.#logs = stored.logs;
    this.#weight = stored.weight;
    this.#fadedAtMs = stored.fadedAtMs;
    this.#fields = new Map(stored.fields.map((field) => [field.key, new WatchedField(field)]));
  }

  get fieldCount(): number {
    return this.#fields.size;
  }

  /** `room` is for how many fields there is any beyond those that are there. */
  add(report: LogstoreReport, room: number, nowMs: number): void {
    this.#fade(nowMs);
    const known = this.#fields.size;
    this.#logs += report.logs;
    this.#weight += report.logs;
    const logstore = { logs: this.#logs, weight: this.#weight };
    const newKeys: string[] = [];
    for (const { key, cells } of report.fields) {
      const field = this.#fields.get(key) ?? this.#open(key, known + room, nowMs, newKeys);
      const change = field?.add(cells, report, logstore, nowMs) ?? null;
      if (change !== null) this.notices.changeType({ field: key, ...change }, nowMs);
      if (field?.hasVanished) {
        field.hasVanished = false;
        this.notices.end('fieldVanished', key, nowMs);
      }
    }
    this.#watchNewKeys(known, newKeys, nowMs);
    if (nowMs - this.#missingAtMs >= MISSING_EVERY_MS) this.#findMissing(report, nowMs);
  }

  /** A worker has let in keys, or has moved some that were too many. */
  addKeys({ letIn, keysMax, overGroups, example }: KeysReport, room: number, nowMs: number): void {
    const known = this.#fields.size;
    const newKeys: string[] = [];
    for (const key of letIn) if (!this.#fields.has(key)) this.#open(key, known + room, nowMs, newKeys);
    this.#watchNewKeys(known, newKeys, nowMs);
    if (overGroups === 0) return;
    this.#overAtMs = nowMs;
    const facts = { field: null, from: String(keysMax), to: `more than ${keysMax}`, example };
    this.notices.begin('keysOverCap', facts, nowMs);
  }

  /** Names of fields and tags, as a worker meets them in a body. */
  keys(): string[] {
    const keys = [...this.#fields.keys()].map((key) =>
      key.startsWith(TAG_PREFIX) ? key.slice(TAG_PREFIX.length) : key,
    );
    return [...new Set(keys)];
  }

  describe(): { since: number; sampledLogs: number; keys: number; fields: SchemaField[]; isCut: boolean } {
    const seen = [...this.#fields.values()].filter(({ wasSeen }) => wasSeen);
    const fields = seen.map((field) => field.describe(this.#weight));
    return {
      since: this.#sinceMs / 1000,
      sampledLogs: this.#logs,
      keys: this.keys().length,
      fields: fields.sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1)),
      isCut: this.isCut,
    };
  }

  store(): StoredSchema {
    return {
      logstoreId: this.logstoreId,
      sinceMs: this.#sinceMs,
      logs: this.#logs,
      weight: this.#weight,
      fadedAtMs: this.#fadedAtMs,
      fields: [...this.#fields.values()].map((field) => field.store()),
      lastNoticeId: this.notices.lastId,
      notices: [...this.notices.all],
    };
  }

  #open(key: string, fieldsMax: number, nowMs: number, newKeys: string[]): WatchedField | undefined {
    newKeys.push(key);
    if (this.#fields.size >= Math.min(FIELDS_MAX, fieldsMax)) {
      this.isCut = true;
      return undefined;
    }
    const field = newField(key, this.#logs, nowMs);
    this.#fields.set(key, field);
    this.areKeysChanged = true;
    return field;
  }

  #watchNewKeys(known: number, newKeys: readonly string[], nowMs: number): void {
    const what = this.#burst.add(known, newKeys.length, nowMs);
    if (what === 'ends') this.notices.end('manyNewKeys', null, nowMs);
    const { before, after } = this.#burst.counts;
    if (what === 'goesOn') this.notices.update('manyNewKeys', null, String(after));
    if (what !== 'begins') return;
    const facts = { field: null, from: String(before), to: String(after), example: newKeys.at(-1) ?? '' };
    this.notices.begin('manyNewKeys', facts, nowMs);
  }

  #findMissing(report: LogstoreReport, nowMs: number): void {
    this.#missingAtMs = nowMs;
    this.#overAtMs ??= nowMs;
    if (nowMs - this.#overAtMs > OVER_MS_MAX) this.notices.end('keysOverCap', null, nowMs);
    for (const [key, field] of this.#fields) {
      if (field.hasVanished || !field.isMissing(this.#logs, nowMs)) continue;
      field.hasVanished = true;
      const version = mainVersion(report);
      const facts = { field: key, from: percent(field.usualShare), to: '0%', origin: field.mainOrigin };
      // A version that used to send it has not dropped it.
      this.notices.begin('fieldVanished', field.hasVersion(version) ? facts : { ...facts, version }, nowMs);
    }
  }

  #fade(nowMs: number): void {
    const hours = Math.floor((nowMs - this.#fadedAtMs) / HOUR_MS);
    if (hours < 1) return;
    this.#fadedAtMs += hours * HOUR_MS;
    const factor = FADE_PER_HOUR ** hours;
    this.#weight *= factor;
    for (const [key, field] of this.#fields) {
      if (field.isForgotten(nowMs)) this.areKeysChanged = this.#fields.delete(key);
      else field.fade(factor);
    }
  }
}

export function newSchema(logstoreId: number, nowMs: number): LogstoreSchema {
  const nothing = { logs: 0, weight: 0, fields: [], lastNoticeId: 0, notices: [] };
  return new LogstoreSchema({ logstoreId, sinceMs: nowMs, fadedAtMs: nowMs, ...nothing });
}

/** Of the logs that were looked at last, by their fields; empty if they name none. */
function mainVersion({ fields, versions }: LogstoreReport): string {
  const counts = new Map<number, number>();
  for (const { cells } of fields) {
    for (const { version, count } of cells) counts.set(version, (counts.get(version) ?? 0) + count);
  }
  const [place] = [...counts].reduce((most, one) => (one[1] > most[1] ? one : most), [-1, 0]);
  return versions[place] ?? '';
}

function percent(share: number): string {
  const rounded = share * 100;
  return `${rounded >= 10 ? rounded.toFixed(0) : rounded.toPrecision(1)}%`;
}
