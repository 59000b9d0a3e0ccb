/** The watch as a worker has it: it looks at some of what arrives and tells the keeper every few seconds. */
import type { KeysReport } from '../model/keys-report.js';
import type { Log } from '../platform/diagnostics.js';
import { GONE } from './report.js';
import { Sampler } from './sampler.js';
import type { SchemaBook } from './schema-book.js';
import { Tally } from './tally.js';

/** Which keys logstores have, as this worker knows it. */
export interface CappedKeys {
  /** What is new since this was asked last. */
  take(): readonly KeysReport[];
  /** These are all the keys of a logstore, beside what was let in since the last `take`. */
  learn(logstoreId: number, keys: readonly string[]): void;
}

export interface WorkerWatchOptions {
  readonly keys: CappedKeys;
  readonly book: Pick<SchemaBook, 'reportSchema'>;
  /** Fields and tags that hold the version of an app, the best first. */
  readonly versionKeys: readonly string[];
  readonly log: Log;
}

const EVERY_MS = 5000;

export class WorkerWatch {
  readonly sampler: Sampler;
  readonly #options: WorkerWatchOptions;
  readonly #tally: Tally;
  readonly #timer: NodeJS.Timeout;
  /** By logstore: of which revision its keys are known here. */
  readonly #revisions = new Map<number, number>();
  /** Of the last answer. */
  openNotices = 0;

  constructor(options: WorkerWatchOptions) {
    this.#options = options;
    this.#tally = new Tally(options.versionKeys);
    this.sampler = new Sampler(this.#tally);
    this.#timer = setInterval(() => void this.report(), EVERY_MS);
    this.#timer.unref();
  }

  /** Tells what was seen so far. What cannot be told is forgotten: there is more where that came from. */
  async report(): Promise<void> {
    const { book, keys, log } = this.#options;
    try {
      const { openNotices, known } = await book.reportSchema({
        logstores: this.#tally.take(),
        keys: keys.take(),
        revisions: [...this.#revisions],
      });
      this.openNotices = openNotices;
      for (const { logstoreId, revision, keys: all } of known) {
        if (revision === GONE) this.#revisions.delete(logstoreId);
        else this.#revisions.set(logstoreId, revision);
        keys.learn(logstoreId, all);
      }
    } catch (error) {
      log.debug({ err: error }, 'the supervisor could not be told of the fields that were seen');
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.report();
  }
}
