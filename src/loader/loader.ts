/**
 * Brings sealed segments into the store, one after the other, oldest first.
 *
 * The order of steps is what makes each log one row: insert, wait for the store's confirmation, only then mark the segment
 * loaded. A crash in between means that the segment is looked at again, and only what is missing is inserted. The other order
 * would lose logs that were answered with 200.
 *
 * An unreachable store is waited for, for ever: the spool outlasts it. A loaded segment is kept for a while, because the store's
 * own files may lose their last writes in a crash; when the store was restarted all kept ones are verified.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SealedSegment, SegmentContents } from '../model/segment.js';
import type { Clock } from '../platform/clock.js';
import { openDeadline } from '../platform/deadline.js';
import type { Log } from '../platform/diagnostics.js';
import { type SegmentLoad, type Store, StoreRefused, StoreUnavailable } from '../store/store.js';
import { loadRest, RowsMissing } from './load-segment.js';
import type { SegmentQueue } from './segment-queue.js';
import { hasAllTogether, Verification } from './verification.js';

export interface LoaderOptions {
  readonly segments: SegmentQueue;
  readonly store: Store;
  readonly catalog: { deadLogstores(): readonly number[] };
  readonly clock: Clock;
  readonly log: Log;
  /** First and longest wait between attempts; it doubles from one to the other. */
  readonly retryMsMin?: number;
  readonly retryMsMax?: number;
  /** How often a store is asked, with nothing to load, whether it was restarted. */
  readonly watchMs?: number;
}

export interface LoaderStatus {
  readonly loadedSegments: number;
  readonly loadedLogs: number;
  readonly setAsideSegments: number;
  /** Loaded segments that were counted again after the store was restarted, and those of them that missed rows. */
  readonly verifiedSegments: number;
  readonly repairedSegments: number;
  /** Age of the oldest log that was sealed and is not loaded; 0 if there is none. */
  readonly lagMs: number;
  /** What stopped the latest attempt; undefined once one has succeeded. */
  readonly lastError: string | undefined;
}

/**
 * Content that is refused so often, over some two minutes, will not be taken. Not sooner: queries that need much memory may
 * leave too little even for small steps, but not for so long.
 */
const REFUSALS_MAX = 20;

const DEFAULTS = { retryMsMin: 100, retryMsMax: 10_000, watchMs: 1000 };

/** A segment that failed twice is loaded in small steps: perhaps one block of all of it does not fit into memory. */
const WHOLE_ATTEMPTS_MAX = 2;

export function openLoader(options: LoaderOptions): Loader {
  return new Loader(options);
}

export class Loader {
  readonly #options: LoaderOptions & typeof DEFAULTS;
  /** No new attempt may begin. */
  readonly #closing = new AbortController();
  /** Attempts under way must end. */
  readonly #ending = new AbortController();
  readonly #ended: Promise<void>;
  /** The first segment of which an attempt may be under way. */
  #atHand: number | null = null;
  /** The store that all held segments were verified against. */
  #generation: string | undefined;
  /** Under way. */
  #verification: Verification | undefined;
  #oldestMs: number | undefined;
  #counts = { loadedSegments: 0, loadedLogs: 0, setAsideSegments: 0, verifiedSegments: 0, repairedSegments: 0 };
  #lastError: string | undefined;

  constructor(options: LoaderOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#ended = this.#run();
  }

  status(): LoaderStatus {
    const lagMs = this.#oldestMs === undefined ? 0 : Math.max(0, this.#options.clock.wallMs() - this.#oldestMs);
    return { ...this.#counts, lagMs, lastError: this.#lastError };
  }

  /** The first of the segments that are being verified, which may be gone from the spool meanwhile; null between two looks. */
  get atHand(): number | null {
    return this.#atHand;
  }

  /** The run of the store that has all that was confirmed, as far as is known; null if any other has it as well. */
  get trustedRun(): string | null {
    return this.#options.segments.held().length === 0 ? null : (this.#generation ?? '');
  }

  /** Begins nothing new, and resolves when the attempt under way has ended; after `msMax` it is given up. */
  async close(msMax: number): Promise<void> {
    this.#closing.abort();
    const timer = setTimeout(() => this.#ending.abort(), msMax);
    await this.#ended;
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    const { segments } = this.#options;
    while (!this.#closing.signal.aborted) {
      const taken = await this.#retrying('the next segment cannot be taken', () => this.#takeSegment());
      const inspected = taken && (await this.#retrying('a segment cannot be read', () => segments.inspect(taken)));
      this.#oldestMs = inspected?.contents.firstTimeMs || undefined;
      // With nothing to load it can wait: something may come meanwhile, and the lag begins with that.
      const attemptsMax = inspected === undefined ? 1 : Number.POSITIVE_INFINITY;
      await this.#retrying('held segments cannot be verified', () => this.#verifyHeld(), attemptsMax);
      if (inspected !== undefined) await this.#load(inspected.segment, inspected.contents);
      this.#oldestMs = undefined;
    }
  }

  /** Undefined if none has come for a while. */
  async #takeSegment(): Promise<SealedSegment | undefined> {
    const patience = openDeadline(this.#verification === undefined ? this.#options.watchMs : 0, this.#closing.signal);
    try {
      return await this.#options.segments.next(patience.signal);
    } catch (error) {
      if (patience.signal.aborted) return undefined;
      throw error;
    } finally {
      patience.close();
    }
  }

  async #load(segment: SealedSegment, contents: SegmentContents): Promise<void> {
    const { segments, store, log } = this.#options;
    let isFirst = true;
    let wholeAttempts = 0;
    let refusals = 0;
    await this.#retrying('a segment cannot be loaded', async () => {
      try {
        // Nobody else can have begun to load what this process has just written.
        const isDoubtful = !(segment.fresh && isFirst);
        isFirst = false;
        await this.#attempt(segment, contents, { isDoubtful, isWholeAllowed: wholeAttempts < WHOLE_ATTEMPTS_MAX });
      } catch (error) {
        // An engine of ours may have died of it; of servers nobody knows why they went away.
        if (!store.remembersTokens || (error instanceof StoreUnavailable && error.lacksMemory)) wholeAttempts++;
        if (!isForGood(error) || ++refusals < REFUSALS_MAX) throw error;
        log.error({ err: error, segment: segment.number, path: segment.path }, 'a segment is set aside');
        await segments.setAside(segment, error.message);
        this.#counts.setAsideSegments++;
        return;
      }
      await segments.markLoaded(segment);
      this.#counts.loadedSegments++;
      this.#counts.loadedLogs += contents.logCount;
    });
  }

  async #attempt(
    segment: SealedSegment,
    contents: SegmentContents,
    { isDoubtful, isWholeAllowed }: { readonly isDoubtful: boolean; readonly isWholeAllowed: boolean },
  ): Promise<void> {
    const { store, catalog } = this.#options;
    const load: SegmentLoad = { segment, contents, deadLogstores: catalog.deadLogstores() };
    if (isDoubtful) await loadRest(store, load, { isWholeAllowed }, this.#ending.signal);
    else await store.insertSegment(load, this.#ending.signal);
  }

  /**
   * Counts some held segments, and loads what they miss, if the store is another one than at the last time; the next call goes
   * on with others.
   */
  async #verifyHeld(): Promise<void> {
    const { segments, store } = this.#options;
    if (this.#generation !== undefined && segments.held().length === 0) return;
    const generation = await store.generation(this.#ending.signal);
    if (generation === this.#generation) return;
    if (this.#verification?.generation !== generation) {
      this.#verification = new Verification(generation, segments.held());
    }
    const verification = this.#verification;
    const some = verification.next();
    this.#atHand = some.length === 0 ? null : Math.min(...some.map(({ number }) => number));
    await this.#verifyTogether(some).finally(() => {
      this.#atHand = null;
    });
    verification.done(some);
    if (!verification.isOver) return;
    this.#generation = generation;
    this.#verification = undefined;
  }

  async #verifyTogether(some: readonly SealedSegment[]): Promise<void> {
    const { segments, store, catalog } = this.#options;
    const held = new Set(segments.held());
    const loads: SegmentLoad[] = [];
    for (const segment of some) {
      // Held for long enough meanwhile.
      if (!held.has(segment)) continue;
      loads.push({ ...(await segments.inspect(segment)), deadLogstores: catalog.deadLogstores() });
    }
    if (await hasAllTogether(store, loads, this.#ending.signal)) this.#counts.verifiedSegments += loads.length;
    else for (const { segment } of loads) await this.#verify(segment);
  }

  async #verify(held: SealedSegment): Promise<void> {
    const { segments, store, catalog, log } = this.#options;
    const { segment, contents } = await segments.inspect(held);
    const load: SegmentLoad = { segment, contents, deadLogstores: catalog.deadLogstores() };
    try {
      // To repeat the whole is dear, but where tokens are safe it does not need every server to be there.
      const isWholeAllowed = store.remembersTokens;
      const isRepaired = await loadRest(store, load, { isWholeAllowed }, this.#ending.signal);
      this.#counts.verifiedSegments++;
      if (!isRepaired) return;
      this.#counts.repairedSegments++;
      log.warn({ segment: segment.number }, 'the store had lost logs of a segment: they are loaded again');
    } catch (error) {
      if (!isForGood(error)) throw error;
      // It was in the store before, so others need not wait behind it.
      log.error({ err: error, segment: segment.number, path: segment.path }, 'a loaded segment cannot be verified');
    }
  }

  /** Repeats `work` until it succeeds; undefined if the loader closes before, or after so many attempts. */
  async #retrying<T>(
    problem: string,
    work: () => Promise<T>,
    attemptsMax = Number.POSITIVE_INFINITY,
  ): Promise<T | undefined> {
    const { retryMsMin, retryMsMax, log } = this.#options;
    let delayMs = retryMsMin;
    for (let attempt = 1; attempt <= attemptsMax && !this.#closing.signal.aborted; attempt++) {
      try {
        const result = await work();
        this.#lastError = undefined;
        return result;
      } catch (error) {
        if (this.#ending.signal.aborted) return undefined;
        this.#lastError = error instanceof Error ? error.message : String(error);
        log.warn({ err: error, retryInMs: delayMs }, `loader: ${problem}`);
        await sleep(delayMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
        delayMs = Math.min(delayMs * 2, retryMsMax);
      }
    }
    return undefined;
  }
}

/** Trying again will not help. */
function isForGood(error: unknown): error is StoreRefused | RowsMissing {
  return error instanceof StoreRefused || error instanceof RowsMissing;
}
