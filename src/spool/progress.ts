/**
 * How far a shard has come, logstore by logstore: which numbers are durable, and below which of them the store has all it
 * will ever have. What a consumer is given must be below both: an insert becomes visible piece by piece.
 */
import type { SegmentContents } from '../model/segment.js';
import type { Sequences } from './sequences.js';

export interface Position {
  /** Behind the last log group that is durable. Never goes back, not even over a crash. */
  readonly next: number;
  /** Every log group below is in the store, or will never be there. At most `next`. */
  readonly loaded: number;
}

export class Progress {
  readonly #next: Map<number, number>;
  /** `next` of logstores that have not written. */
  readonly #first: number;
  /** Segments that the store has not confirmed, oldest first; null for what an earlier process left and nobody has read. */
  readonly #unloaded: Map<number, SegmentContents | null>;
  /** Behind the last group that was loaded from each logstore while there were such segments. */
  readonly #loaded = new Map<number, number>();

  /** At start: the sequences as they were recovered, which is durable, and the numbers of segments to load. */
  constructor({ next, first }: Sequences, unread: readonly number[]) {
    this.#next = new Map(next);
    this.#first = first;
    this.#unloaded = new Map(unread.map((segment) => [segment, null]));
  }

  position(logstoreId: number): Position {
    const next = this.#next.get(logstoreId) ?? this.#first;
    for (const contents of this.#unloaded.values()) {
      if (contents === null) return { next, loaded: this.#loaded.get(logstoreId) ?? 0 };
      const range = contents.logstores.get(logstoreId);
      if (range !== undefined) return { next, loaded: range.firstSeq };
    }
    return { next, loaded: next };
  }

  /** `added` is on stable storage, in a segment that has these `contents` by now, and is yet to be loaded. */
  committed(segment: number, contents: SegmentContents, added: SegmentContents): void {
    this.#unloaded.set(segment, contents);
    for (const [logstoreId, { lastSeq }] of added.logstores) this.#next.set(logstoreId, lastSeq + 1);
  }

  /** What a segment of an earlier process turned out to hold. */
  read(segment: number, contents: SegmentContents): void {
    if (this.#unloaded.get(segment) === null) this.#unloaded.set(segment, contents);
  }

  /** The store has confirmed the segment, or will never take it. */
  settled(segment: number): void {
    const contents = this.#unloaded.get(segment);
    this.#unloaded.delete(segment);
    if (![...this.#unloaded.values()].includes(null)) {
      this.#loaded.clear();
    } else {
      for (const [logstoreId, { lastSeq }] of contents?.logstores ?? []) this.#loaded.set(logstoreId, lastSeq + 1);
    }
  }
}
