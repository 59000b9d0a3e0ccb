/** What the nodes of a cluster keep together, in the store that all of them reach: rows of a key and a text. */

export interface SharedRow {
  /** What the row is about. */
  readonly key: string;
  /** Of the rows of a key the one with the highest counts; an integer. */
  readonly version: number;
  readonly text: string;
}

export interface SharedRows {
  /** Another text whenever a row has changed. */
  state(signal: AbortSignal): Promise<string>;
  /** All that count. */
  read(signal: AbortSignal): Promise<readonly SharedRow[]>;
  /** Resolves when all of them are durable and every node reads them. */
  write(rows: readonly SharedRow[], signal: AbortSignal): Promise<void>;
  /** Lets the store forget what does not count any more. It keeps files of before for some minutes. */
  forget(signal: AbortSignal): Promise<void>;
  /**
   * Does the work while no other node does any. A holder that dies, or takes longer than a lease lasts, loses it; the signal aborts
   * well before. Throws `LeaseTaken` when others hold it for too long.
   */
  alone<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>;
}

/** What they are about. */
export type SharedKind = 'catalog' | 'consumers' | 'deletions';

/** Others change what is shared, one after the other, for longer than one waits. */
export class LeaseTaken extends Error {
  override readonly name = 'LeaseTaken';
}
