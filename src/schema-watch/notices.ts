/**
 * What has changed about the fields of a logstore. A thing is told once: while it lasts its notice is brought up to date, and
 * when it comes back within some days the notice is opened again.
 */
import type { NoticeKind } from '../api/schema.js';
import type { StoredNotice } from './stored-schema.js';

/** The oldest ones give way. */
const NOTICES_MAX = 100;
const SAME_MS_MAX = 7 * 24 * 3_600_000;

export interface Facts {
  /** Null where it is about the logstore. */
  readonly field: string | null;
  readonly from: string;
  readonly to: string;
  readonly origin?: string;
  readonly version?: string;
  readonly example?: string;
}

export class Notices {
  #lastId: number;
  /** Oldest first. */
  #all: StoredNotice[];

  constructor(lastId: number, all: readonly StoredNotice[]) {
    this.#lastId = lastId;
    this.#all = [...all];
  }

  get lastId(): number {
    return this.#lastId;
  }

  get all(): readonly StoredNotice[] {
    return this.#all;
  }

  /** Those that somebody should look at. */
  get openCount(): number {
    return this.#all.filter(({ isAcknowledged, endedMs }) => !isAcknowledged && endedMs === null).length;
  }

  /** Something is so, or still is. One that was acknowledged is left alone, unless it is about something else. */
  begin(kind: NoticeKind, facts: Facts, nowMs: number): void {
    const known = this.#recent(kind, facts.field, nowMs);
    if (known !== undefined && known.endedMs !== null) {
      Object.assign(known, facts, { endedMs: null, times: known.times + 1 });
    } else if (known !== undefined && !known.isAcknowledged) {
      Object.assign(known, facts, { from: known.from });
    } else if (known === undefined || known.to !== facts.to) {
      this.#add(kind, facts, nowMs);
    }
  }

  /** A type has changed: perhaps it has changed back. */
  changeType(facts: Facts, nowMs: number): void {
    const known = this.#recent('typeChanged', facts.field, nowMs);
    if (known !== undefined && known.endedMs === null && known.from === facts.to) known.endedMs = nowMs;
    else if (facts.from !== 'empty' && facts.from !== 'mixed') this.begin('typeChanged', facts, nowMs);
    else if (known !== undefined && known.endedMs === null) this.begin('typeChanged', facts, nowMs);
  }

  /** It goes on, and has come so far. */
  update(kind: NoticeKind, field: string | null, to: string): void {
    const known = this.#last(kind, field);
    if (known !== undefined && known.endedMs === null) known.to = to;
  }

  /** It is over. */
  end(kind: NoticeKind, field: string | null, nowMs: number): void {
    const known = this.#recent(kind, field, nowMs);
    if (known !== undefined) known.endedMs ??= nowMs;
  }

  /** All of them without ids. */
  acknowledge(isAcknowledged: boolean, ids?: readonly number[]): void {
    for (const notice of this.#all) {
      if (ids === undefined || ids.includes(notice.id)) notice.isAcknowledged = isAcknowledged;
    }
  }

  #recent(kind: NoticeKind, field: string | null, nowMs: number): StoredNotice | undefined {
    const last = this.#last(kind, field);
    return last === undefined || nowMs - (last.endedMs ?? nowMs) > SAME_MS_MAX ? undefined : last;
  }

  #last(kind: NoticeKind, field: string | null): StoredNotice | undefined {
    return this.#all.findLast((notice) => notice.kind === kind && notice.field === field);
  }

  #add(kind: NoticeKind, { origin = '', version = '', example = '', ...facts }: Facts, nowMs: number): void {
    this.#lastId++;
    const begun = { timeMs: nowMs, times: 1, endedMs: null, isAcknowledged: false };
    this.#all.push({ id: this.#lastId, kind, ...begun, ...facts, origin, version, example });
    if (this.#all.length > NOTICES_MAX) this.#all.shift();
  }
}
