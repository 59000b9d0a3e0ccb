/**
 * Carries deletions out, one after the other, step by step. One worker of one node does it for all. Each step can be repeated,
 * and is noted when it is done, so that whoever comes after a crash goes on where this one was.
 *
 * The order of steps is what keeps logs from coming back. As long as the spool has a segment, the loader may load it again: when
 * it is not sure, it counts the rows of the segment and inserts what is missing, deleted ones too. So nothing is deleted before
 * the spool has let go of every segment that was begun before the deletion. What may come back from then on is what was
 * acknowledged later, which is not meant.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { CatalogView } from '../../catalog/catalog.js';
import { nodeOfShard } from '../../model/cluster.js';
import type { Shards } from '../../model/shards.js';
import type { Passage, PassageQuestion } from '../../model/spool-passage.js';
import type { Clock } from '../../platform/clock.js';
import type { Log } from '../../platform/diagnostics.js';
import { type Erasure, LISTED_PART_ROWS_MAX } from '../../store/erasure.js';
import { type QueryLimits, type Store, StoreRefused } from '../../store/store.js';
import { QueryRefused } from '../compile/query-refused.js';
import { isTimeOver } from '../inquiry.js';
import { parseQuery } from '../search/parse.js';
import { QuerySyntaxError } from '../search/syntax-error.js';
import { nanosecondsOfSeconds, type Selection, type TimeRange } from '../selection.js';
import type { DeletionStep, Deletions, KeptDeletion } from './deletions.js';
import { selectNames, selectSpan } from './statements.js';

export interface DeletionRunnerDeps {
  readonly deletions: Deletions;
  readonly store: Pick<Store, 'table' | 'ask'>;
  readonly erasure: Erasure;
  readonly view: Pick<CatalogView, 'logstoreById' | 'nodes'>;
  readonly limits: QueryLimits;
  readonly shards: Shards;
  /** Whether it is this node that carries them out, of several. */
  readonly isKeeper: () => boolean;
  readonly passage: (question: PassageQuestion) => Promise<Passage>;
  readonly clock: Clock;
  readonly log: Log;
  /** How often it is looked whether there is something to do, or can be done by now. */
  readonly everyMs?: number;
}

const EVERY_MS = 1000;

/** A search that cannot be run over so little time never will be. */
const SPAN_NS_MIN = 1_000_000_000n;

/** In the store's own words there may be the search. */
const NO_ANSWER = 'The store or a worker does not answer now, or refuses; the log of the service tells more.';

/** Nobody can tell now what is in a spool. */
class OutOfReach extends Error {}

/** The deletion cannot be carried out, and never will be. */
class Hopeless extends Error {}

export class DeletionRunner {
  readonly #deps: DeletionRunnerDeps;
  readonly #closing = new AbortController();
  readonly #ended: Promise<void>;
  /** Unix seconds; of the deletion at hand. */
  #createdAt: number | null = null;

  constructor(deps: DeletionRunnerDeps) {
    this.#deps = deps;
    this.#ended = this.#run();
  }

  /** Of the oldest deletion that is not finished; 0 if there is none. */
  get ageSeconds(): number {
    return this.#createdAt === null ? 0 : Math.max(0, this.#deps.clock.wallMs() / 1000 - this.#createdAt);
  }

  /** Resolves when the step under way has been broken off. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { deletions, isKeeper, log, everyMs = EVERY_MS } = this.#deps;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        const deletion = isKeeper() ? await deletions.nextDeletion(null) : null;
        this.#createdAt = deletion?.createdAt ?? null;
        const hasStepped = deletion !== null && (await this.#advance(deletion));
        if (hasStepped) continue;
      } catch (error) {
        log.debug({ err: error }, 'deletions: not possible now');
      }
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Takes the next step; false if it is not possible yet. */
  async #advance(deletion: KeptDeletion): Promise<boolean> {
    try {
      const change = await this.#stepOf(deletion);
      if (change === null) return false;
      await this.#note(deletion, { problem: null, ...change });
      return true;
    } catch (error) {
      if (this.#closing.signal.aborted) return false;
      if (error instanceof Hopeless) {
        this.#deps.log.error({ deletion: deletion.id, reason: error.message }, 'a deletion has failed');
        await this.#note(deletion, { state: 'failed', problem: error.message });
        return true;
      }
      const problem = error instanceof OutOfReach ? error.message : NO_ANSWER;
      if (deletion.problem !== problem) this.#deps.log.warn({ err: error, deletion: deletion.id }, 'a deletion waits');
      await this.#tell(deletion, problem);
      return false;
    }
  }

  #stepOf(deletion: KeptDeletion): Promise<DeletionStep['change'] | null> {
    switch (deletion.state) {
      case 'waiting':
        return this.#awaitSpool(deletion);
      case 'choosing':
        return this.#choose(deletion);
      case 'deleting':
        return this.#delete(deletion);
      case 'purging':
        return this.#purge(deletion);
      case 'done':
      case 'cancelled':
      case 'failed':
        throw new Error(`deletion ${deletion.id} is finished`);
    }
  }

  async #awaitSpool(deletion: KeptDeletion): Promise<DeletionStep['change'] | null> {
    const { shards, erasure } = this.#deps;
    for (const { shard, segment } of deletion.shards.filter(({ shard }) => shards.all.includes(shard))) {
      const { oldest } = await this.#passage({ shard, upTo: segment });
      if (oldest === null || oldest > segment) continue;
      await this.#tell(deletion, `${this.#placeOf(shard)} still has segment ${oldest} of up to ${segment}.`);
      return null;
    }
    await erasure.settleInserts(this.#closing.signal);
    return { state: 'choosing' };
  }

  async #passage(question: PassageQuestion): Promise<Passage> {
    try {
      return await this.#deps.passage(question);
    } catch (cause) {
      throw new OutOfReach(`The worker of ${this.#placeOf(question.shard)} does not answer.`, { cause });
    }
  }

  /** Of a spool, or a file in it, as operators find it. */
  #placeOf(shard: number, file = ''): string {
    const node = nodeOfShard(this.#deps.view.nodes(), shard);
    return `spool/${shard}${file}${node === undefined ? '' : ` of node ${node.name}`}`;
  }

  async #choose(deletion: KeptDeletion): Promise<DeletionStep['change']> {
    const { erasure } = this.#deps;
    const { signal } = this.#closing;
    const selection = this.#selectionOf(deletion);
    await erasure.beginList(deletion.id, signal);
    const span = await this.#spanOf(selection);
    if (span.fromNs < span.toNs) await this.#list(deletion, { ...selection, ...span });
    const days = (await erasure.listedDays(deletion.id, signal)) ?? [];
    // From here on the list says which logs are meant.
    return { state: 'deleting', days, logs: days.reduce((sum, { rows }) => sum + rows, 0), query: null, index: null };
  }

  #selectionOf({ logstoreId, index, query, from, to }: KeptDeletion): Selection {
    const logstore = this.#deps.view.logstoreById(logstoreId);
    if (logstore === undefined) throw new Hopeless('The logstore was deleted, and all its logs with it.');
    return {
      logstoreId,
      index: index === undefined ? (logstore.index?.config ?? null) : index,
      query: hopefully(() => parseQuery(query ?? '')),
      fromNs: nanosecondsOfSeconds(from),
      toNs: nanosecondsOfSeconds(to),
    };
  }

  async #spanOf(selection: Selection): Promise<TimeRange> {
    const { store, limits } = this.#deps;
    const answer = await store.ask<{ fromNs: string; toNs: string }>(
      selectSpan(selection),
      limits,
      this.#closing.signal,
    );
    const { fromNs = '0', toNs = '0' } = answer.rows[0] ?? {};
    const [begin, end] = [BigInt(fromNs), BigInt(toNs)];
    return {
      fromNs: begin > selection.fromNs ? begin : selection.fromNs,
      toNs: end < selection.toNs ? end : selection.toNs,
    };
  }

  /** All at once or, where that takes longer than a query may, in halves. */
  async #list({ id, shards: frozen }: KeptDeletion, selection: Selection): Promise<void> {
    const { store, erasure, limits, shards } = this.#deps;
    const later = shards.all.filter((shard) => !frozen.some((one) => one.shard === shard));
    const { signal } = this.#closing;
    const ranges: TimeRange[] = [selection];
    for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
      const table = await store.table(signal);
      const part = { ...selection, ...range };
      const statement = hopefully(() => selectNames(table, part, { frozen, later }));
      try {
        await erasure.addToList(id, statement, limits, signal);
      } catch (error) {
        if (!(error instanceof StoreRefused)) throw error;
        const { fromNs, toNs } = range;
        if (!isTimeOver(error) || toNs - fromNs <= SPAN_NS_MIN) throw refusal(error);
        const middleNs = (fromNs + toNs) / 2n;
        ranges.push({ fromNs: middleNs, toNs }, { fromNs, toNs: middleNs });
      }
    }
  }

  /** A day. */
  async #delete(deletion: KeptDeletion): Promise<DeletionStep['change']> {
    const { id, logstoreId, days, doneDays, logs, deletedLogs } = deletion;
    const { erasure } = this.#deps;
    const { signal } = this.#closing;
    const next = days[doneDays];
    if (next === undefined) return { state: 'purging' };
    // Nobody changes it any more: it is as long as it was, or was lost with the store.
    const listed = (await erasure.listedDays(id, signal))?.reduce((sum, { rows }) => sum + rows, 0);
    if (listed !== logs) throw new Hopeless('The store has lost the list of logs to delete; begin it anew.');
    const parts = Math.ceil(next.rows / LISTED_PART_ROWS_MAX);
    for (let part = 0; part < parts; part += 1) {
      const onTrouble = (reason: string) => this.#tellOfStore(deletion, reason);
      await erasure.eraseListed(id, { logstoreId, day: next.day, part, parts }, onTrouble, signal);
    }
    return { doneDays: doneDays + 1, deletedLogs: deletedLogs + next.rows };
  }

  async #purge({ id, days, shards, logs, logstore }: KeptDeletion): Promise<DeletionStep['change']> {
    const { erasure, log, shards: spools } = this.#deps;
    const { signal } = this.#closing;
    await erasure.dropOldParts(
      days.map(({ day }) => day),
      signal,
    );
    await erasure.dropList(id, signal);
    const parts = await erasure.detachedParts(signal);
    const unsearched = parts.map((name) => `store: detached part ${name}`);
    for (const { shard } of shards.filter(({ shard }) => spools.all.includes(shard))) {
      const { asides } = await this.#passage({ shard, upTo: null });
      unsearched.push(...asides.map((name) => this.#placeOf(shard, `/${name}`)));
    }
    log.info({ deletion: id, logstore, logs, unsearched: unsearched.length }, 'logs are deleted for good');
    return { state: 'done', unsearched };
  }

  async #note({ id, state }: KeptDeletion, change: DeletionStep['change']): Promise<void> {
    await this.#deps.deletions.stepDeletion({ id, state, change });
  }

  async #tell(deletion: KeptDeletion, problem: string): Promise<void> {
    if (deletion.problem !== problem) await this.#note(deletion, { problem });
  }

  /** Of what goes on: told once, and without waiting for it. */
  #tellOfStore(deletion: KeptDeletion, reason: string): void {
    this.#deps.log.warn({ deletion: deletion.id, reason }, 'the store cannot delete logs now; it goes on trying');
    this.#tell(deletion, 'The store cannot write its files anew now; is its disk full?').catch(() => undefined);
  }
}

/** What is wrong with the search itself stays wrong. */
function hopefully<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof QuerySyntaxError || error instanceof QueryRefused)
      throw new Hopeless('The search is refused.');
    throw error;
  }
}

function refusal({ exceeded, code }: StoreRefused): Hopeless {
  const why = exceeded === null ? `the store refused it with code ${code}` : `it takes too much ${exceeded}`;
  return new Hopeless(`The search cannot be run: ${why}.`);
}
