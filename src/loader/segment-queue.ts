/** What the loader needs of the spool. */
import type { SealedSegment, SegmentContents } from '../model/segment.js';

export interface SegmentQueue {
  /** The next sealed segment that is not loaded, oldest first; waits until there is one. */
  next(signal: AbortSignal): Promise<SealedSegment>;
  /** Checks a segment that is not fresh, taking damaged lines out, and says what is inside; for a fresh one what was written. */
  inspect(segment: SealedSegment): Promise<{ segment: SealedSegment; contents: SegmentContents }>;
  /**
   * The store has confirmed all of it: keep it for the hold time, then delete it. Durable enough: a lost mark only means that
   * the segment is checked again.
   */
  markLoaded(segment: SealedSegment): Promise<void>;
  /** Loaded segments that are still kept, oldest first. */
  held(): readonly SealedSegment[];
  /** The store will not take it for its content: kept aside for the operator, never lost. */
  setAside(segment: SealedSegment, reason: string): Promise<void>;
}
