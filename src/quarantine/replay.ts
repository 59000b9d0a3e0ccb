/**
 * One replay: takes the quarantined logs of a frozen range, applies its rule and stores those that are good then, each once.
 *
 * That a log is settled is said by a mark in `NAME.replays`, and a mark is written when the log is durable in its logstore. Between
 * the two anything may crash. So what is about to be written is noted first, durably, and the groups carry keys: whoever finds
 * such a note waits until the store has everything that was written before, looks which of the groups are there, writes their
 * marks, and does the step again for the rest. docs/decisions/0013-replays.md
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Logstore } from '../model/catalog.js';
import type { CanonicalBody } from '../model/log-group.js';
import type { ShardPosition, ShardQuestion } from '../model/shard-position.js';
import type { Shards } from '../model/shards.js';
import type { Clock } from '../platform/clock.js';
import type { Log } from '../platform/diagnostics.js';
import type { KeptValue } from '../platform/kept-value.js';
import { findBounds, lastCertain } from '../query/frozen-range.js';
import { parsePlace, printPlace } from '../query/log-place.js';
import type { PlacedRow } from '../query/search.js';
import type { Spool } from '../spool/spool.js';
import { type QueryLimits, type Statement, type Store, StoreRefused } from '../store/store.js';
import { type QuarantinedRow, readRow, textOf } from './quarantined-row.js';
import type { ReplayState } from './replay-state.js';
import { intentOf, planStep, type Step, type StepDeps } from './replay-step.js';
import { type Place, placeOf, selectionOf } from './selection.js';
import { fenceBody, type Mark, type MarkRow, marksBody, nameOf, selectMarks } from './settled.js';
import { countAsked, selectReplayed, selectReplayTags } from './statements.js';

export interface ReplayDeps extends StepDeps {
  readonly store: Pick<Store, 'ask' | 'query' | 'table' | 'generation'>;
  readonly limits: QueryLimits;
  /** The shards that are written, and the one that this process writes. */
  readonly shards: Shards;
  readonly ownShard: number;
  readonly position: (question: ShardQuestion) => Promise<ShardPosition>;
  readonly spool: Pick<Spool, 'refusal' | 'append'>;
  readonly findLogstore: (id: number) => Logstore | undefined;
  /** Called for logs that were replayed. */
  readonly onReplayed: (logs: number) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Of a step: so much is in memory, and so much is done again after a crash. */
export const STEP_LOGS_MAX = 1000;
const STEP_LENGTH = 4 * 1024 * 1024;

/** How often it is looked whether the store has come so far. */
const LOOK_MS = 100;
/** What does not work is tried again until it does, or someone ends it: an unreachable store may take hours. */
const RETRY_MS_MIN = 200;
const RETRY_MS_MAX = 10_000;

export class Replay {
  readonly #deps: ReplayDeps;
  readonly #file: KeptValue<ReplayState>;
  #state: ReplayState;
  #isCancelled = false;
  /** Before the next attempt; short again once a step has succeeded. */
  #retryMs = RETRY_MS_MIN;
  /** How many logs the store is asked for at a time. */
  #stepLogs = STEP_LOGS_MAX;
  readonly #stopping = new AbortController();
  #ended: Promise<void> | null = null;

  constructor(deps: ReplayDeps, file: KeptValue<ReplayState>, state: ReplayState) {
    this.#deps = deps;
    this.#file = file;
    this.#state = state;
  }

  get state(): ReplayState {
    return this.#state;
  }

  /** Goes on where it stands. */
  begin(): void {
    this.#ended ??= this.#run();
  }

  /** Ends it where nothing is in doubt: at once, or when the store says what became of the last step. */
  cancel(): void {
    this.#isCancelled = true;
  }

  /** For the end of the process: it goes on with the next one. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
    await this.#file.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await this.#work();
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (this.#isCancelled && this.#state.intent === null) await this.#end('cancelled', null).catch(() => undefined);
        else await this.#suffer(error);
        if (this.#state.state !== 'running') return;
        await sleep(this.#retryMs, undefined, { signal }).catch(() => undefined);
        this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS_MAX);
      }
    }
  }

  /** What the store refuses for good ends the replay, unless something is in doubt. */
  async #suffer(error: unknown): Promise<void> {
    const trouble = error instanceof Error ? error.message : String(error);
    this.#deps.log.warn({ err: error, replay: this.#state.id }, 'a replay is held up');
    const isForGood = error instanceof StoreRefused || error instanceof QuarantineGone;
    const isInDoubt = this.#state.intent !== null && !(error instanceof QuarantineGone);
    if (!isForGood || isInDoubt) this.#state = { ...this.#state, trouble };
    else await this.#end('failed', trouble).catch(() => undefined);
  }

  async #work(): Promise<void> {
    await this.#settleDoubts();
    await this.#freeze();
    for (;;) {
      if (this.#isCancelled) return this.#end('cancelled', null);
      const rows = await this.#readRows();
      const last = rows.at(-1);
      if (last === undefined) return this.#end('done', null);
      const marks = await this.#readMarks(rows);
      const { owner } = this.#place();
      await this.#perform(planStep(this.#deps, { ...this.#state, owner }, rows, marks));
      await this.#save({ place: printPlace(last.place), trouble: null, intent: null });
      this.#retryMs = RETRY_MS_MIN;
    }
  }

  /** Behind this, every mark is in the store that was ever written, and it is known what became of the last step. */
  async #settleDoubts(): Promise<void> {
    await this.#fence();
    const { intent, logstoreId, id } = this.#state;
    if (intent === null) return;
    const keys = intent.groups.map(({ key }) => key);
    const statement = selectReplayTags({ logstoreId, shard: this.#deps.ownShard }, intent.fromSeq, keys);
    const found = new Set((await this.#askForSure<{ key: string }>(statement)).map(({ key }) => key));
    const marks = intent.groups
      .filter(({ key }) => found.has(key))
      .flatMap(({ logs }) => logs.flatMap((name) => parsePlace(name) ?? []))
      .map((place): Mark => ({ place, replay: id, outcome: 'stored' }));
    if (marks.length > 0) {
      await this.#append(this.#place().settled, marksBody(marks));
      await this.#fence();
    }
    await this.#save({ intent: null });
  }

  /** Writes something, and waits until the store has it: then it has what was written before. */
  async #fence(): Promise<void> {
    const { position, ownShard, clock } = this.#deps;
    const { settled } = this.#place();
    await this.#append(settled, fenceBody(this.#state.id, clock.wallMs()));
    const question = { logstoreId: settled.id, shard: ownShard };
    const { next } = await position(question);
    while ((await position(question)).loaded < next) await this.#pause();
  }

  async #freeze(): Promise<void> {
    if (this.#state.bounds !== null) return;
    const { signal } = this.#stopping;
    const { store, limits } = this.#deps;
    const selection = this.#selection();
    const bounds = await findBounds({ store, limits, signal }, selection.logstoreId, selection);
    // Who sees a log and starts a replay means that log, too, though its neighbours may still be on their way.
    for (const { shard, lastSeq } of bounds) {
      while ((await lastCertain(this.#deps, selection.logstoreId, shard)) < lastSeq) await this.#pause();
    }
    const asked = { selection, settledId: this.#state.settledId, state: 'all' } as const;
    const statement = countAsked(await store.table(signal), asked, bounds);
    const { rows } = await store.ask<{ logs: string }>(statement, limits, signal);
    await this.#save({ bounds, total: Number(rows[0]?.logs ?? 0) });
  }

  async #readRows(): Promise<readonly QuarantinedRow[]> {
    const { store, limits } = this.#deps;
    const { signal } = this.#stopping;
    const { bounds, place } = this.#state;
    const after = place === null ? null : parsePlace(place);
    const table = await store.table(signal);
    for (;;) {
      const limit = Math.min(this.#stepLogs, limits.rowsMax);
      const statement = selectReplayed(table, this.#selection(), bounds ?? [], { after, limit });
      try {
        const rows = await firstOf(store.query<PlacedRow>(statement, limits, signal));
        if (rows.length === limit) this.#stepLogs = Math.min(limit * 2, STEP_LOGS_MAX);
        return rows;
      } catch (error) {
        // The store has all of them in memory to sort them, and each may be megabytes.
        const isTooMuch = error instanceof StoreRefused && error.exceeded === 'memory';
        if (!isTooMuch || limit === 1) throw error;
        this.#stepLogs = Math.ceil(limit / 4);
      }
    }
  }

  /** Of the rows that are settled. */
  async #readMarks(rows: readonly QuarantinedRow[]): Promise<Map<string, Omit<MarkRow, 'log'>>> {
    const times = rows.map(({ place }) => place.timeNs);
    const range = { fromNs: times[0] ?? 0n, toNs: (times.at(-1) ?? 0n) + 1n };
    const names = rows.map(({ place }) => nameOf(place));
    const table = await this.#deps.store.table(this.#stopping.signal);
    const marks = await this.#askForSure<MarkRow>(selectMarks(table, this.#state.settledId, range, names));
    return new Map(marks.map(({ log, ...mark }) => [log, mark]));
  }

  async #perform({ groups, marks, counts }: Step): Promise<void> {
    const { position, ownShard, spool, onReplayed } = this.#deps;
    const { owner, settled } = this.#place();
    const refusal = spool.refusal();
    if (refusal !== null) throw new Error(refusal);
    if (groups.length > 0) {
      const { next } = await position({ logstoreId: owner.id, shard: ownShard });
      await this.#save({ intent: intentOf(groups, next) });
      const written = await Promise.allSettled(groups.map(({ body }) => this.#append(owner, body)));
      for (const one of written) if (one.status === 'rejected') throw one.reason;
    }
    if (marks.length > 0) await this.#append(settled, marksBody(marks));
    onReplayed(groups.reduce((sum, { rows }) => sum + rows.length, 0));
    const { stored, dropped, stillBad, settledBefore } = this.#state.counts;
    this.#state = {
      ...this.#state,
      counts: {
        stored: stored + counts.stored,
        dropped: dropped + counts.dropped,
        stillBad: stillBad + counts.stillBad,
        settledBefore: settledBefore + counts.settledBefore,
      },
    };
  }

  /** Throws what kept the group from being durable; it may be there all the same. */
  #append({ id, ttlDays }: Logstore, body: CanonicalBody): Promise<void> {
    // Address and tags of its receipt came with the log.
    const group = { logstoreId: id, ttlDays, address: '', appendMeta: false, body };
    return new Promise((resolve, reject) => {
      this.#deps.spool.append(group, (failure) => (failure === null ? resolve() : reject(failure)));
    });
  }

  /** A store that was restarted may have forgotten what it is about to get again: only one that has it all is believed. */
  async #askForSure<Row>(statement: Statement): Promise<readonly Row[]> {
    const { store, limits, position, ownShard } = this.#deps;
    const { signal } = this.#stopping;
    for (;;) {
      const { storeRun } = await position({ logstoreId: this.#state.settledId, shard: ownShard });
      const { rows } = await store.ask<Row>(statement, limits, signal);
      if (storeRun === null || storeRun === (await store.generation(signal))) return rows;
      await this.#pause();
    }
  }

  #selection() {
    return selectionOf(this.#state, this.#place());
  }

  /** Throws QuarantineGone. */
  #place(): Place {
    const { logstoreId, logsId, settledId } = this.#state;
    const owner = this.#deps.findLogstore(logstoreId);
    const place = owner === undefined ? null : placeOf(owner);
    if (place?.logs.id !== logsId || place.settled.id !== settledId) throw new QuarantineGone();
    return place;
  }

  async #pause(): Promise<void> {
    if (this.#isCancelled && this.#state.intent === null) throw new Error('the replay is cancelled');
    await sleep(LOOK_MS, undefined, { signal: this.#stopping.signal });
  }

  async #save(change: Partial<ReplayState>): Promise<void> {
    this.#state = { ...this.#state, ...change };
    await this.#file.save(() => this.#state);
  }

  async #end(state: ReplayState['state'], trouble: string | null): Promise<void> {
    await this.#save({ state, trouble, endedAt: this.#deps.clock.wallMs() / 1000 });
  }
}

/** As many as a step may have of them. */
async function firstOf(found: AsyncIterable<PlacedRow>): Promise<QuarantinedRow[]> {
  const rows: QuarantinedRow[] = [];
  let length = 0;
  for await (const row of found) {
    const read = readRow(row);
    rows.push(read);
    length += textOf(read).length;
    if (length >= STEP_LENGTH) break;
  }
  return rows;
}

class QuarantineGone extends Error {
  override readonly name = 'QuarantineGone';

  constructor() {
    super('the logstore was deleted, or its quarantine was discarded');
  }
}
