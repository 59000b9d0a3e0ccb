/** A file is made of pieces, each of which stands by itself: behind any of them it can be broken off and continued. */
import type { Store } from '../../store/store.js';
import type { FreezeDeps } from '../frozen-range.js';
import type { LogPlace } from '../log-place.js';

export interface Piece {
  readonly bytes: Buffer;
  /** In this piece. */
  readonly logs: number;
  /** Of the last log so far; null before the first. */
  readonly place: LogPlace | null;
  /** Parquet: what the end of the file will say of this piece (parquet-file.ts), as base64; null in other formats. */
  readonly rowGroup: string | null;
}

/** Where a file goes on. */
export interface Continuation {
  readonly bytes: number;
  readonly place: LogPlace | null;
  /** Of all pieces before. */
  readonly rowGroups: readonly string[];
}

export const BEGINNING: Continuation = { bytes: 0, place: null, rowGroups: [] };

/** What makes pieces needs of those around it. */
export interface PieceDeps extends FreezeDeps {
  readonly store: Store;
}
