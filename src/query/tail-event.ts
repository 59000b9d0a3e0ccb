/** What a tail tells, and how far it has come with it. */
import type { PlacedRow } from './search.js';
import type { Cursor } from './tail-cursor.js';

export type TailEvent = { readonly cursor: Cursor } & (
  | { readonly kind: 'log'; readonly row: PlacedRow }
  /** So many log groups are stored and still to be looked through. Told once a second at most. */
  | { readonly kind: 'behind'; readonly logGroups: number }
  /** So many logs that match were left out of those since the last event of this kind. */
  | { readonly kind: 'leftOut'; readonly logs: number }
  /** Nobody says how far these shards have come: their logs come later. Told when others are missing than before, or none. */
  | { readonly kind: 'missing'; readonly shards: readonly number[] }
  /** What comes before the cursor has been looked through. */
  | { readonly kind: 'lookedThrough' }
  /** Everything that is stored has been looked through. */
  | { readonly kind: 'caughtUp' }
);
