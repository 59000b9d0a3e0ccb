/** Counts what is in a segment while it is written or read. */
import type { LogstoreRange, SegmentContents } from '../model/segment.js';
import type { GroupMark } from './group.js';

export class ContentsCounter implements SegmentContents {
  readonly logstores = new Map<number, LogstoreRange>();
  logCount = 0;
  firstTimeMs = 0;
  lastTimeMs = 0;
  firstLogMs = 0;
  lastLogMs = 0;
  /** Some group has an identity. */
  hasBatches = false;

  /** Groups of a logstore come in the order of their sequence. */
  addGroup({ logstoreId, seq, logCount: logs, timeMs, firstLogMs, lastLogMs, batch }: GroupMark): void {
    const range = this.logstores.get(logstoreId);
    if (range === undefined) {
      this.logstores.set(logstoreId, { logs, firstSeq: seq, lastSeq: seq });
    } else {
      range.logs += logs;
      range.lastSeq = seq;
    }
    this.logCount += logs;
    if (batch !== undefined) this.hasBatches = true;
    this.#addTimes(timeMs, timeMs, firstLogMs, lastLogMs);
  }

  /** Adds what comes behind. */
  add(later: ContentsCounter): void {
    for (const [logstoreId, { logs, firstSeq, lastSeq }] of later.logstores) {
      const range = this.logstores.get(logstoreId);
      if (range === undefined) {
        this.logstores.set(logstoreId, { logs, firstSeq, lastSeq });
      } else {
        range.logs += logs;
        range.lastSeq = lastSeq;
      }
    }
    this.logCount += later.logCount;
    this.hasBatches ||= later.hasBatches;
    this.#addTimes(later.firstTimeMs, later.lastTimeMs, later.firstLogMs, later.lastLogMs);
  }

  #addTimes(firstMs: number, lastMs: number, firstLogMs: number, lastLogMs: number): void {
    this.firstTimeMs = earlier(this.firstTimeMs, firstMs);
    this.lastTimeMs = Math.max(this.lastTimeMs, lastMs);
    this.firstLogMs = earlier(this.firstLogMs, firstLogMs);
    this.lastLogMs = Math.max(this.lastLogMs, lastLogMs);
  }
}

/** 0 stands for no time. */
function earlier(known: number, ms: number): number {
  return known === 0 ? ms : Math.min(known, ms);
}
