/** From a log group in memory to the answer: every kind of write ends here. */
import { ApiError } from '../errors.js';
import type { KeptAddress } from '../guard/kept-address.js';
import { sendError } from '../http/answer.js';
import type { InFlight } from '../http/in-flight.js';
import type { Exchange } from '../http/route.js';
import { BATCH_HEADER, type BatchClaims, isBatchId } from '../model/batch.js';
import type { Logstore } from '../model/catalog.js';
import type { CanonicalBody } from '../model/log-group.js';
import { ownerName } from '../model/quarantine.js';
import type { Clock } from '../platform/clock.js';
import type { Log } from '../platform/diagnostics.js';
import type { StoredGroup } from '../platform/metrics.js';
import { appendOnce, type OnceOutcome } from '../spool/append-once.js';
import type { Spool } from '../spool/spool.js';

export interface GroupCap {
  /** The body, or a copy in which keys that the logstore has no room for are moved. */
  apply(logstore: Logstore, body: CanonicalBody): CanonicalBody;
}

export interface GroupSampler {
  /** Returns at once, and has copied what it wants of the body. `nowMs` is monotonic. */
  offer(logstoreId: number, headers: Exchange['request']['headers'], body: CanonicalBody, nowMs: number): void;
}

export interface GroupStoreDeps {
  readonly spool: Pick<Spool, 'refusal' | 'append'>;
  readonly inFlight: InFlight;
  readonly clientAddress: (request: Exchange['request']) => string;
  readonly keptAddress: KeptAddress;
  readonly keyCap: GroupCap;
  /** Looks at some of the groups. */
  readonly sampler: GroupSampler;
  readonly clock: Clock;
  readonly log: Log;
  /** Called for each group that is on stable storage. */
  readonly onStored: (group: StoredGroup) => void;
  readonly batches: BatchClaims;
  /** Called for each request whose batch has an identity; `forgotten` others had to go for it. */
  readonly onBatch: (outcome: OnceOutcome['kind'] | 'failed', forgotten: number) => void;
}

/** A log group, and where it goes. */
export interface Part {
  readonly logstore: Logstore;
  readonly body: CanonicalBody;
}

export const BATCH_DOC = 'An identity of the batch: sent again within 24 hours, it is stored once.';

/** Answers; `headers` are names and values, in turn. */
export type Send = (exchange: Exchange, headers?: readonly string[]) => void;

/** What a group is charged at least of the memory for requests in flight: the request itself costs something too. */
const GROUP_BYTES_MIN = 2048;

export class GroupStore {
  readonly #deps: GroupStoreDeps;

  constructor(deps: GroupStoreDeps) {
    this.#deps = deps;
  }

  /** To be asked before a body is read: throws ServerBusy while nothing is accepted, and for an identity that is none. */
  admit({ request: { headers } }: Exchange): void {
    const reason = this.#deps.spool.refusal();
    if (reason !== null) throw new ApiError('ServerBusy', {}, { cause: reason });
    const batch = headers[BATCH_HEADER];
    if (batch !== undefined && !isBatchId(String(batch))) {
      const fault = { detail: `${String(batch).length} characters`, field: BATCH_HEADER };
      throw new ApiError('InvalidBatchId', {}, { fault });
    }
  }

  /**
   * The body is copied before this returns; `send` answers when it is on stable storage. If it cannot get there the request is
   * refused, and `onRefused` hears of it.
   */
  store(
    exchange: Exchange,
    logstore: Logstore,
    received: CanonicalBody,
    send: Send,
    onRefused?: (error: ApiError) => void,
  ): void {
    if (received.logCount === 0) {
      send(exchange);
      return;
    }
    const part = this.#cap({ logstore, body: received });
    this.#sample(exchange, part);
    this.#append(exchange, part, (failure, outcome) => {
      if (failure === null) send(exchange, outcome && OUTCOME_HEADERS[outcome]);
      else this.#refuse(exchange, failure, onRefused);
    });
  }

  /** The same for one request that writes to several logstores: it is answered when all of it is on stable storage. */
  storeAll(exchange: Exchange, parts: readonly Part[], send: Send, onRefused: (error: ApiError) => void): void {
    let open = parts.length;
    let failed: Error | null = null;
    let whole: Outcome;
    for (const received of parts) {
      const part = this.#cap(received);
      // What the fields of a quarantine are is known.
      if (ownerName(part.logstore.name) === undefined) this.#sample(exchange, part);
      this.#append(exchange, part, (failure, outcome) => {
        failed ??= failure;
        if (whole !== 'stored') whole = outcome;
        if (--open > 0) return;
        if (failed === null) send(exchange, whole && OUTCOME_HEADERS[whole]);
        else this.#refuse(exchange, failed, onRefused);
      });
    }
  }

  #cap({ logstore, body }: Part): Part {
    return { logstore, body: this.#deps.keyCap.apply(logstore, body) };
  }

  #sample({ request, startedMs }: Exchange, { logstore, body }: Part): void {
    this.#deps.sampler.offer(logstore.id, request.headers, body, startedMs);
  }

  #append(exchange: Exchange, { logstore, body }: Part, done: (failure: Error | null, outcome: Outcome) => void): void {
    const { spool, inFlight, clientAddress, keptAddress, clock, onStored } = this.#deps;
    const bytes = body.end - body.start;
    const charge = Math.max(bytes, GROUP_BYTES_MIN);
    inFlight.takeAnyway(charge);
    const clientSkewMs = body.clientTimeMs === undefined ? undefined : clock.wallMs() - body.clientTimeMs;
    const group = {
      logstoreId: logstore.id,
      ttlDays: logstore.ttlDays,
      address: keptAddress(logstore.writeRules.clientAddress, clientAddress(exchange.request)),
      appendMeta: logstore.appendMeta,
      body,
    };
    const finish = (failure: Error | null, outcome?: Outcome) => {
      inFlight.giveBack(charge);
      done(failure, outcome);
      if (failure !== null || outcome === 'known') return;
      onStored({ logs: body.logCount, bytes, ms: clock.monotonicMs() - exchange.startedMs, clientSkewMs });
    };
    const batch = exchange.request.headers[BATCH_HEADER];
    if (batch === undefined) spool.append(group, finish);
    else this.#appendOnce({ ...group, batch: String(batch) }).then((outcome) => finish(null, outcome), finish);
  }

  async #appendOnce(group: Parameters<typeof appendOnce>[0]): Promise<'stored' | 'known'> {
    const { spool, batches, onBatch } = this.#deps;
    const { bytes, start, end } = group.body;
    // The claim takes a moment, and the memory is not ours for so long.
    const body = { ...group.body, bytes: Buffer.from(bytes.subarray(start, end)), start: 0, end: end - start };
    const outcome = await appendOnce({ ...group, body }, spool, batches).catch((error: unknown) => {
      onBatch('failed', 0);
      throw error;
    });
    onBatch(outcome.kind, outcome.kind === 'stored' ? outcome.forgotten : 0);
    if (outcome.kind === 'busy') throw new Error('another request with this identity is under way');
    return outcome.kind;
  }

  #refuse(exchange: Exchange, cause: Error, onRefused: ((error: ApiError) => void) | undefined): void {
    const error = new ApiError('ServerBusy', {}, { cause });
    onRefused?.(error);
    sendError(exchange, error, this.#deps.log);
  }
}

/** Of a batch with an identity; undefined for others. */
type Outcome = 'stored' | 'known' | undefined;

/** What became of it, readable for pages of other origins, too. */
const OUTCOME_HEADERS = {
  stored: ['x-logboom-batch', 'stored', 'Access-Control-Expose-Headers', 'x-logboom-batch'],
  known: ['x-logboom-batch', 'known', 'Access-Control-Expose-Headers', 'x-logboom-batch'],
} as const;
