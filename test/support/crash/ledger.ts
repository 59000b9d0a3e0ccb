/** What clients sent and what they were answered: their side of the promise, kept apart from the service and its disk. */

export type Outcome =
  /** Answered 200. */
  | 'acknowledged'
  /** Answered 503 ServerBusy, with a time to come back: nothing was promised. */
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

export interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

export class Ledger {
  readonly batches: Batch[] = [];
  /** Answers that are none of those a client may get, for people. */
  readonly oddAnswers: string[] = [];
  part = 1;
  #clients = 0;
  #waiting: { readonly from: number; readonly resolve: () => void }[] = [];

  /** A number for a client that nobody else has. */
  admit(): number {
    return ++this.#clients;
  }

  open(client: number, logs: number): Batch {
    const index = this.batches.length;
    const batch: Batch = { id: `${client}-${index}`, client, index, part: this.part, logs, outcome: 'unanswered' };
    this.batches.push(batch);
    return batch;
  }

  answered(batch: Batch, { status, retryAfter, text }: Answer): void {
    if (status === 200) {
      batch.outcome = 'acknowledged';
      for (const { from, resolve } of this.#waiting) if (from <= batch.index) resolve();
      this.#waiting = this.#waiting.filter(({ from }) => from > batch.index);
    } else if (status === 503 && text.includes('"ServerBusy"') && retryAfter !== undefined) {
      batch.outcome = 'refused';
    } else {
      this.oddAnswers.push(`${batch.id}: ${status} ${text.slice(0, 200)}`);
    }
  }

  /** Resolves when a batch that is sent from now on is acknowledged. */
  nextAcknowledged(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push({ from: this.batches.length, resolve }));
  }

  get refused(): number {
    return this.batches.filter(({ outcome }) => outcome === 'refused').length;
  }

  get acknowledged(): { batches: number; logs: number } {
    const batches = this.batches.filter(({ outcome }) => outcome === 'acknowledged');
    return { batches: batches.length, logs: batches.reduce((total, { logs }) => total + logs, 0) };
  }
}
