/**
 * The identity of a batch: a name that its client gives it, so that a request sent again is stored once. It is the batch's
 * own within its logstore, for `BATCH_MS`. docs/decisions/0011-batch-identity.md
 */

export const BATCH_HEADER = 'x-logboom-batch-id';

/** How long an identity is remembered. */
export const BATCH_MS = 24 * 3600 * 1000;

/** UUIDs, ULIDs, digests in hexadecimal or base64. Nothing of it needs to be escaped anywhere. */
const PATTERN = /^[A-Za-z0-9._~:+/=-]{1,64}$/;

export function isBatchId(text: string): boolean {
  return PATTERN.test(text);
}

export interface BatchKey {
  readonly logstoreId: number;
  readonly batch: string;
}

/** One that is on stable storage. */
export interface StoredBatch extends BatchKey {
  /** When it was received, in Unix milliseconds. */
  readonly timeMs: number;
}

export type ClaimAnswer =
  /** Nobody else stores it until this claim is settled. `forgotten` others had to go for it before their time. */
  | { readonly kind: 'yours'; readonly forgotten: number }
  /** It is on stable storage. */
  | { readonly kind: 'stored' }
  /** Another request with it is under way, or what became of one is not known yet. */
  | { readonly kind: 'busy' };

/** Numbered by who claims. */
export interface Claim extends BatchKey {
  readonly claim: number;
}

export interface Settlement {
  readonly claim: number;
  readonly isStored: boolean;
}

/** For whoever stores batches. */
export interface BatchClaims {
  /** Each that is answered `yours` has to be settled. */
  claim(key: BatchKey): Promise<{ readonly answer: ClaimAnswer; settle(isStored: boolean): void }>;
}

/** For a spool: what it has of identities has to outlast its segments. */
export interface BatchMemory {
  /** Takes in what a start has found in segments. */
  found(batches: readonly StoredBatch[]): Promise<void>;
  /** Resolves when all identities settled so far, and those found, are on stable storage outside of the spool. */
  keep(): Promise<void>;
}
