/** Counts what is in a segment while it is written or read. */
import type { LogstoreRange, SegmentContents } from '../model/segment.js';

export class ContentsCounter implements SegmentContents {
  readonly logstores = new Map<number, LogstoreRange>();
  logCount = 0;
  firstTimeMs = 0;
  lastTimeMs = 0;

  /** Groups of a logstore come in the order of their sequence. */
  addGroup(logstoreId: number, seq: number, logs: number, timeMs: number): void {
    const range = this.logstores.get(logstoreId);
    if (range === undefined) {
      this.logstores.set(logstoreId, { logs, firstSeq: seq, lastSeq: seq });
    } else {
      range.logs += logs;
      range.lastSeq = seq;
    }
    this.logCount += logs;
    this.#addTimes(timeMs, timeMs);
  }

  /** Adds what comes behind. */
  add(later: SegmentContents): void {
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
    this.#addTimes(later.firstTimeMs, later.lastTimeMs);
  }

  #addTimes(firstMs: number, lastMs: number): void {
    this.firstTimeMs = this.firstTimeMs === 0 ? firstMs : Math.min(this.firstTimeMs, firstMs);
    this.lastTimeMs = Math.max(this.lastTimeMs, lastMs);
  }
}
