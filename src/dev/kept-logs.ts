/** Where the emulator keeps logs: in memory, the newest of them, in the order of their requests. Takes the place of a spool. */
import type { CatalogView } from '../catalog/catalog.js';
import type { CanonicalBody } from '../model/log-group.js';
import type { Clock } from '../platform/clock.js';
import type { SpoolGroup } from '../spool/group.js';
import type { Spool } from '../spool/spool.js';

/** A log as users get it: strings by key, `__time__`, `__topic__` and `__source__` first. */
export type DevLog = Readonly<Record<string, string>>;

export interface KeptLog {
  readonly project: string;
  readonly logstore: string;
  readonly log: DevLog;
}

export interface LogFilter {
  readonly project?: string | undefined;
  readonly logstore?: string | undefined;
  /** What a log must have, key by key. */
  readonly match?: DevLog | undefined;
}

/** Older ones are forgotten: an emulator that is never reset must not grow. */
export const LOGS_MAX = 100_000;

const LOG_TAG = '__tag__:';

export class KeptLogs implements Pick<Spool, 'refusal' | 'append'> {
  readonly #catalog: Pick<CatalogView, 'logstoreById'>;
  readonly #clock: Clock;
  readonly #onLog: (log: KeptLog) => void;
  #logs: KeptLog[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(catalog: Pick<CatalogView, 'logstoreById'>, clock: Clock, onLog: (log: KeptLog) => void) {
    this.#catalog = catalog;
    this.#clock = clock;
    this.#onLog = onLog;
  }

  refusal(): null {
    return null;
  }

  append(group: SpoolGroup, done: (failure: null) => void): void {
    const { project = '', name: logstore = '' } = this.#catalog.logstoreById(group.logstoreId) ?? {};
    for (const log of decodeLogs(group.body, group.address, Math.floor(this.#clock.wallMs() / 1000))) {
      const kept = { project, logstore, log };
      this.#logs.push(kept);
      this.#onLog(kept);
    }
    // Cut in large steps: each cut copies what is left.
    if (this.#logs.length > LOGS_MAX * 1.1) this.#logs = this.#logs.slice(-LOGS_MAX);
    done(null);
    for (const look of [...this.#waiting]) look();
  }

  find({ project, logstore, match = {} }: LogFilter): DevLog[] {
    const wanted = Object.entries(match);
    return this.#logs
      .filter((kept) => (project ?? kept.project) === kept.project && (logstore ?? kept.logstore) === kept.logstore)
      .map(({ log }) => log)
      .filter((log) => wanted.every(([key, value]) => log[key] === value));
  }

  /** As `find`, as soon as there are `count`, or when `signal` aborts, with what there is then. */
  async wait(filter: LogFilter, count: number, signal: AbortSignal): Promise<DevLog[]> {
    let found = this.find(filter);
    while (found.length < count && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const look = () => {
          this.#waiting.delete(look);
          signal.removeEventListener('abort', look);
          resolve();
        };
        this.#waiting.add(look);
        signal.addEventListener('abort', look);
      });
      found = this.find(filter);
    }
    return found;
  }

  reset(): void {
    this.#logs = [];
  }
}

interface CanonicalGroup {
  readonly __logs__: readonly DevLog[];
  readonly __topic__?: string;
  readonly __source__?: string;
  readonly __tags__?: DevLog;
}

/** Its shape was checked by the scanner that made it canonical. */
function decodeLogs({ bytes, start, end, times }: CanonicalBody, address: string, nowSeconds: number): DevLog[] {
  const group = JSON.parse(`{${bytes.toString('utf8', start, end)}`) as CanonicalGroup;
  const seconds = times?.text.split(',').map((nanos) => nanos.slice(0, -9)) ?? [];
  const tags = Object.entries(group.__tags__ ?? {}).map(([name, value]) => [LOG_TAG + name, value] as const);
  return group.__logs__.map((log, i) =>
    Object.fromEntries([
      ['__time__', seconds[i] ?? String(nowSeconds)],
      ['__topic__', group.__topic__ ?? ''],
      ['__source__', group.__source__ || address],
      ...tags,
      ...Object.entries(log),
    ]),
  );
}
