/** What clients sent and what they were answered: their side of the promise, kept apart from the service and its disk. */

export type Outcome =
  /** Answered 200. */
  | 'acknowledged'
  /** Answered 503: nothing was promised. */
  | 'refused'
  /** Not answered at all, or not yet. */
  | 'unanswered';

/** One request. */
export interface Batch {
  /** Unique. */
  readonly id: string;
  /** Which sends one batch after the other. */
  readonly client: number;
  /** Its place in the ledger: grows with the time of sending. */
  readonly index: number;
  /** The stretch of the run it was sent in: a query can ask for the logs of one part. */
  readonly part: number;
  readonly logs: number;
  outcome: Outcome;
}

export class Ledger {
  readonly batches: Batch[] = [];
  /** Answers that are none of those a client may get, for people. */
  readonly oddAnswers: string[] = [];
  part = 1;
  #waiting: { readonly from: number; readonly resolve: () => void }[] = [];

  open(client: number, logs: number): Batch {
    const index = this.batches.length;
    const batch: Batch = { id: `${client}-${index}`, client, index, part: this.part, logs, outcome: 'unanswered' };
    this.batches.push(batch);
    return batch;
  }

  answered(batch: Batch, status: number, text: string): void {
    if (status === 200) {
      batch.outcome = 'acknowledged';
      for (const { from, resolve } of this.#waiting) if (from <= batch.index) resolve();
      this.#waiting = this.#waiting.filter(({ from }) => from > batch.index);
    } else if (status === 503) {
      batch.outcome = 'refused';
    } else {
      this.oddAnswers.push(`${batch.id}: ${status} ${text.slice(0, 200)}`);
    }
  }

  /** Resolves when a batch that is sent from now on is acknowledged. */
  nextAcknowledged(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push({ from: this.batches.length, resolve }));
  }

  get acknowledged(): { batches: number; logs: number } {
    const batches = this.batches.filter(({ outcome }) => outcome === 'acknowledged');
    return { batches: batches.length, logs: batches.reduce((total, { logs }) => total + logs, 0) };
  }
}
