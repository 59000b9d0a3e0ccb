/** Deletions as the workers ask for them. One process keeps them, so that they outlast all others. Everything is plain JSON. */
import type { Deletion } from '../../api/deletions.js';
import type { IndexConfig } from '../../model/index-config.js';
import type { ListedDay } from '../../store/erasure.js';

export interface KeptDeletion extends Deletion {
  readonly logstoreId: number;
  /**
   * Of the logstore, as it was when it was asked for: the search means what it meant then, in the preview above all. Undefined in
   * what earlier versions wrote.
   */
  readonly index?: IndexConfig | null | undefined;
  /** The moment at which it was frozen, as the shards had come: what is meant has been acknowledged before. */
  readonly shards: readonly FrozenShard[];
  /** The logs that are meant, and how many days of them are done; empty until they are known. */
  readonly days: readonly ListedDay[];
  readonly doneDays: number;
}

export interface FrozenShard {
  /** From 1 on. */
  readonly shard: number;
  /** Log groups of the logstore below this number are meant. */
  readonly next: number;
  /** They are in segments of the spool up to this one. */
  readonly segment: number;
}

export type NewDeletion = Pick<
  KeptDeletion,
  'project' | 'logstore' | 'logstoreId' | 'index' | 'query' | 'from' | 'to' | 'reference' | 'accessKeyId' | 'shards'
>;

export interface DeletionName {
  readonly logstoreId: number;
  readonly id: string;
}

export interface DeletionStep {
  readonly id: string;
  /** What it must be in: otherwise nothing is changed, and the answer is false. */
  readonly state: KeptDeletion['state'];
  readonly change: Partial<
    Pick<
      KeptDeletion,
      'state' | 'query' | 'index' | 'logs' | 'deletedLogs' | 'days' | 'doneDays' | 'problem' | 'unsearched'
    >
  >;
}

/** What changes is on stable storage when they resolve; else ServerBusy. */
export interface Deletions {
  /** Throws DeletionsTooMany. */
  createDeletion(deletion: NewDeletion): Promise<KeptDeletion>;
  /** Newest first. */
  listDeletions(place: { readonly logstoreId: number }): Promise<readonly KeptDeletion[]>;
  /** Throws DeletionNotExist and DeletionHasBegun. */
  cancelDeletion(name: DeletionName): Promise<KeptDeletion>;
  /** The oldest one that is not finished. */
  nextDeletion(nothing: null): Promise<KeptDeletion | null>;
  /** Notes how far one has come. */
  stepDeletion(step: DeletionStep): Promise<boolean>;
}

export function isFinished({ state }: Pick<Deletion, 'state'>): boolean {
  return state === 'done' || state === 'cancelled' || state === 'failed';
}
