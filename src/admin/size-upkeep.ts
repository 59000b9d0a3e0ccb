/**
 * Keeps logs within the bytes that they may take: each logstore within its own limit, and all together within that of the store.
 * The oldest go first. Looks now and then; between two looks a limit may be exceeded.
 */
import type { CatalogView } from '../catalog/catalog.js';
import type { Clock } from '../platform/clock.js';
import type { Log } from '../platform/diagnostics.js';
import { dayOf } from '../store/day-partition.js';
import type { Store } from '../store/store.js';
import type { StoredHour } from '../store/stored-sizes.js';
import { chooseCut, sumBytes } from './choose-cut.js';
import { Rounds } from './rounds.js';

export interface SizeUpkeepDeps {
  readonly store: Pick<Store, 'sizes'>;
  readonly view: Pick<CatalogView, 'projects' | 'logstores'>;
  /** Of all logs together; 0 for no limit. */
  readonly storeBytesMax: () => number;
  /** Of the nodes of a cluster one does it for all. */
  readonly isKeeper: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

interface SizeLimit {
  /** Null for all of them together. */
  readonly logstoreId: number | null;
  readonly name: string;
  readonly bytesMax: number;
}

const EVERY_MS = 10 * 60 * 1000;

/** When something was cut, or some change of the table is not finished yet. */
const AGAIN_MS = 60_000;

/** Logs of the last hour stay, whatever the limit: they are what somebody is looking at just now. */
const FLOOR_SECONDS = 3600;

/** Of a logstore in one round: each is a change of its own for the engine, which refuses inserts when there are too many. */
const DAYS_MAX = 50;

export class SizeUpkeep {
  readonly #deps: SizeUpkeepDeps;
  readonly #rounds: Rounds;
  readonly #closing = new AbortController();
  /** The limits as they were when it was last told to look. */
  #known = '';
  /** What was deleted since the start. */
  cutBytes = 0;
  /** How many limits cannot be kept to, since the logs of the last hour alone take more. */
  unreachable = 0;

  constructor(deps: SizeUpkeepDeps) {
    this.#deps = deps;
    this.#rounds = new Rounds({ name: 'upkeep of sizes', log: deps.log, work: () => this.#compare() });
  }

  /** Looks now if the limits have changed: looking costs counting all logs. */
  begin(): void {
    const limits = JSON.stringify(this.#limits());
    if (limits !== this.#known) this.#rounds.begin();
    this.#known = limits;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#rounds.close();
  }

  /** The whole store last: what others have freed by then counts. */
  #limits(): SizeLimit[] {
    const { view, storeBytesMax } = this.#deps;
    const logstores = view.projects().flatMap((project) => view.logstores(project.name));
    return [
      ...logstores.map(({ id, project, name, maxBytes }) => ({
        logstoreId: id,
        name: `${project}/${name}`,
        bytesMax: maxBytes,
      })),
      { logstoreId: null, name: 'all logs', bytesMax: storeBytesMax() },
    ].filter(({ bytesMax }) => bytesMax > 0);
  }

  async #compare(): Promise<number> {
    const { store, isKeeper } = this.#deps;
    const { signal } = this.#closing;
    const limits = isKeeper() ? this.#limits() : [];
    const days = limits.length === 0 ? [] : [...(await store.sizes.days(signal)).values()];
    const total = days.reduce((sum, bytes) => sum + bytes, 0);
    if (limits.every(({ bytesMax }) => total <= bytesMax)) {
      this.unreachable = 0;
      return EVERY_MS;
    }
    // What was cut last may still be there, and would be counted again.
    if (await store.sizes.isChanging(signal)) return AGAIN_MS;
    const all = await store.sizes.hours(signal);
    let hours = all;
    let unreachable = 0;
    for (const limit of limits) {
      const { left, isReached } = await this.#keep(limit, hours);
      hours = left;
      unreachable += Number(!isReached);
    }
    this.unreachable = unreachable;
    return hours.length < all.length ? AGAIN_MS : EVERY_MS;
  }

  /** Deletes what is too much of `hours`, and gives those that are left. */
  async #keep(
    limit: SizeLimit,
    hours: readonly StoredHour[],
  ): Promise<{ left: readonly StoredHour[]; isReached: boolean }> {
    const { clock, log } = this.#deps;
    const { logstoreId, name, bytesMax } = limit;
    const isMeant = (one: StoredHour) => logstoreId === null || one.logstoreId === logstoreId;
    const floor = Math.floor(clock.wallMs() / 1000) - FLOOR_SECONDS;
    const cut = chooseCut(hours.filter(isMeant), bytesMax, floor);
    if (cut === null) return { left: hours, isReached: true };
    const { before, isEnough } = cut;
    if (!isEnough)
      log.warn({ of: name, bytesMax }, 'upkeep: logs of the last hour alone take more than their limit; they stay');
    if (before === null) return { left: hours, isReached: isEnough };

    const doomed = hours.filter((one) => isMeant(one) && one.hour < before);
    const days = [...new Set(doomed.map(({ hour }) => dayOf(hour)))].slice(0, DAYS_MAX);
    for (const day of days) await this.#delete(day, before, logstoreId);
    const gone = new Set(doomed.filter(({ hour }) => days.includes(dayOf(hour))));
    const bytes = Math.round(sumBytes([...gone]));
    this.cutBytes += bytes;
    const until = new Date(before * 1000).toISOString();
    log.info({ of: name, bytesMax, bytes, until }, 'upkeep: the oldest logs are deleted, for they took too much');
    return { left: hours.filter((one) => !gone.has(one)), isReached: isEnough };
  }

  /** A day goes as a whole only where every logstore's logs of it do: others may come meanwhile. */
  async #delete(day: string, before: number, logstoreId: number | null): Promise<void> {
    const { sizes } = this.#deps.store;
    const { signal } = this.#closing;
    if (logstoreId === null && day < dayOf(before)) await sizes.dropDay(day, signal);
    else await sizes.deleteBefore(day, before, logstoreId, signal);
  }
}
