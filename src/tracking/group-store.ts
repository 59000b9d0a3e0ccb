/** From a log group in memory to the answer: every kind of write ends here. */
import { ApiError } from '../errors.js';
import type { KeptAddress } from '../guard/kept-address.js';
import { sendError } from '../http/answer.js';
import type { InFlight } from '../http/in-flight.js';
import type { Exchange } from '../http/route.js';
import type { Logstore } from '../model/catalog.js';
import type { CanonicalBody } from '../model/log-group.js';
import { ownerName } from '../model/quarantine.js';
import type { Clock } from '../platform/clock.js';
import type { Log } from '../platform/diagnostics.js';
import type { StoredGroup } from '../platform/metrics.js';
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
}

/** A log group, and where it goes. */
export interface Part {
  readonly logstore: Logstore;
  readonly body: CanonicalBody;
}

/** What a group is charged at least of the memory for requests in flight: the request itself costs something too. */
const GROUP_BYTES_MIN = 2048;

export class GroupStore {
  readonly #deps: GroupStoreDeps;

  constructor(deps: GroupStoreDeps) {
    this.#deps = deps;
  }

  /** Throws ServerBusy while nothing is accepted. To be asked before a body is read. */
  refuseIfBusy(): void {
    const reason = this.#deps.spool.refusal();
    if (reason !== null) throw new ApiError('ServerBusy', {}, { cause: reason });
  }

  /**
   * The body is copied before this returns; `send` answers when it is on stable storage. If it cannot get there the request is
   * refused, and `onRefused` hears of it.
   */
  store(
    exchange: Exchange,
    logstore: Logstore,
    received: CanonicalBody,
    send: (exchange: Exchange) => void,
    onRefused?: (error: ApiError) => void,
  ): void {
    if (received.logCount === 0) {
      send(exchange);
      return;
    }
    const part = this.#cap({ logstore, body: received });
    this.#sample(exchange, part);
    this.#append(exchange, part, (failure) => {
      if (failure === null) send(exchange);
      else this.#refuse(exchange, failure, onRefused);
    });
  }

  /** The same for one request that writes to several logstores: it is answered when all of it is on stable storage. */
  storeAll(
    exchange: Exchange,
    parts: readonly Part[],
    send: (exchange: Exchange) => void,
    onRefused: (error: ApiError) => void,
  ): void {
    let open = parts.length;
    let failed: Error | null = null;
    for (const received of parts) {
      const part = this.#cap(received);
      // What the fields of a quarantine are is known.
      if (ownerName(part.logstore.name) === undefined) this.#sample(exchange, part);
      this.#append(exchange, part, (failure) => {
        failed ??= failure;
        if (--open > 0) return;
        if (failed === null) send(exchange);
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

  #append(exchange: Exchange, { logstore, body }: Part, done: (failure: Error | null) => void): void {
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
    spool.append(group, (failure) => {
      inFlight.giveBack(charge);
      done(failure);
      if (failure !== null) return;
      onStored({ logs: body.logCount, bytes, ms: clock.monotonicMs() - exchange.startedMs, clientSkewMs });
    });
  }

  #refuse(exchange: Exchange, cause: Error, onRefused: ((error: ApiError) => void) | undefined): void {
    const error = new ApiError('ServerBusy', {}, { cause });
    onRefused?.(error);
    sendError(exchange, error, this.#deps.log);
  }
}
