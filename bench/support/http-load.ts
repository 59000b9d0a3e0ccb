/**
 * An HTTP load generator that costs little enough to drive a server from one core: raw sockets, requests built ahead,
 * answers recognised by their fixed length. For benchmarks of our own routes only; it is no HTTP client.
 *
 * Closed loop: every connection sends its next request when the last one is answered. Open loop: requests are due at a
 * fixed rate whether or not earlier ones are answered, and latency counts from when a request was due, so that a stall
 * is seen by all requests that it would have met (no coordinated omission).
 */
import { connect, type Socket } from 'node:net';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';

export interface LoadOptions {
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  readonly durationMs: number;
  /** Raw requests, taken in turn. */
  readonly requests: readonly Buffer[];
  /** Requests a second over all connections; undefined is a closed loop. */
  readonly rate?: number | undefined;
  /** Ends an open loop before its time. */
  readonly signal?: AbortSignal;
}

export interface LoadResult {
  /** Answers of 200 within the time. */
  readonly ok: number;
  /** Other answers, and requests that were not answered at all. */
  readonly other: number;
  readonly seconds: number;
  /** Milliseconds, sorted. */
  readonly latencies: Float64Array;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const OK = Buffer.from('HTTP/1.1 200');
const LENGTH = /content-length: (\d+)/i;
const CLOSE = /connection: close/i;
/** Nearer than this to the next request, waiting for it is left to the loop: timers are late by a millisecond or two. */
const TIMER_MS = 2;
/** What is not answered by then is not waited for. */
const LAST_ANSWERS_MS = 10_000;

export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { connections, durationMs, rate, signal } = options;
  const run = new Run(options);
  const clients = await Promise.all(Array.from({ length: connections }, () => Client.open(run)));
  run.startedMs = performance.now();
  if (rate === undefined) for (const client of clients) client.send(performance.now());
  else await paced(run, clients, rate, durationMs, signal);
  if (rate === undefined) await sleep(durationMs);
  run.endedMs = performance.now();
  await Promise.race([
    Promise.all(clients.map((client) => client.idle())),
    sleep(LAST_ANSWERS_MS, undefined, { ref: false }),
  ]);
  for (const client of clients) client.close();
  return run.result();
}

/** Sends what is due, in small steps; a connection with an unanswered request queues the next one behind it. */
async function paced(
  run: Run,
  clients: readonly Client[],
  rate: number,
  durationMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  let sent = 0;
  for (;;) {
    const elapsedMs = performance.now() - run.startedMs;
    if (elapsedMs >= durationMs || signal?.aborted) return;
    const due = Math.floor((elapsedMs / 1000) * rate) + 1; // the first one at once
    for (; sent < due; sent++) {
      (clients[sent % clients.length] as Client).send(run.startedMs + (sent / rate) * 1000);
    }
    const earlyMs = run.startedMs + (sent / rate) * 1000 - performance.now();
    await (earlyMs > TIMER_MS ? sleep(earlyMs - TIMER_MS) : setImmediate());
  }
}

class Run {
  readonly options: LoadOptions;
  readonly #latencies: number[] = [];
  startedMs = 0;
  endedMs = Number.POSITIVE_INFINITY;
  #ok = 0;
  #other = 0;
  #next = 0;

  constructor(options: LoadOptions) {
    this.options = options;
  }

  get isOver(): boolean {
    return this.endedMs !== Number.POSITIVE_INFINITY;
  }

  nextRequest(): Buffer {
    const request = this.options.requests[this.#next] as Buffer;
    this.#next = (this.#next + 1) % this.options.requests.length;
    return request;
  }

  record(isOk: boolean, sinceMs: number): void {
    const isPaced = this.options.rate !== undefined;
    // In a closed loop, what comes after the end is not counted; in an open one every request that was due is.
    if (this.isOver && !isPaced) return;
    if (isOk) this.#ok++;
    else this.#other++;
    this.#latencies.push(performance.now() - sinceMs);
  }

  result(): LoadResult {
    const seconds = (this.endedMs - this.startedMs) / 1000;
    return { ok: this.#ok, other: this.#other, seconds, latencies: Float64Array.from(this.#latencies).sort() };
  }
}

/** One connection at a time; after the server has closed it, another one. */
class Client {
  readonly #run: Run;
  #socket: Socket;
  /** When the unanswered requests were due, in their order. Only the first of them is sent. */
  readonly #pending: number[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #onIdle: (() => void) | null = null;

  static async open(run: Run): Promise<Client> {
    const client = new Client(run);
    await new Promise((resolve, reject) => client.#socket.once('connect', resolve).once('error', reject));
    return client;
  }

  private constructor(run: Run) {
    this.#run = run;
    this.#socket = this.#connect();
  }

  send(dueMs: number): void {
    this.#pending.push(dueMs);
    // One at a time: pipelining is not what browsers do.
    if (this.#pending.length === 1) this.#socket.write(this.#run.nextRequest());
  }

  idle(): Promise<void> {
    if (this.#pending.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** What is not answered yet counts as not answered with 200. */
  close(): void {
    this.#disconnect();
    for (const dueMs of this.#pending.splice(0)) this.#run.record(false, dueMs);
  }

  #disconnect(): void {
    this.#socket.removeAllListeners('close').destroy();
  }

  #connect(): Socket {
    const { host, port } = this.#run.options;
    let isOpen = false;
    const socket = connect({ host, port, noDelay: true });
    socket.on('connect', () => {
      isOpen = true;
    });
    socket.on('data', (data) => this.#receive(data));
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => this.#lost(isOpen));
    return socket;
  }

  #receive(data: Buffer): void {
    this.#rest = this.#rest.length === 0 ? data : Buffer.concat([this.#rest, data]);
    for (;;) {
      const headEnd = this.#rest.indexOf(HEAD_END);
      if (headEnd === -1) return;
      const head = this.#rest.toString('latin1', 0, headEnd);
      const end = headEnd + HEAD_END.length + Number(LENGTH.exec(head)?.[1] ?? 0);
      if (this.#rest.length < end) return;
      const isOk = this.#rest.subarray(0, OK.length).equals(OK);
      this.#rest = this.#rest.subarray(end);
      this.#run.record(isOk, this.#pending.shift() as number);
      if (CLOSE.test(head)) {
        this.#reconnect();
        return;
      }
      this.#sendNext();
    }
  }

  #sendNext(): void {
    if (this.#pending.length > 0) this.#socket.write(this.#run.nextRequest());
    else if (this.#run.isOver || this.#run.options.rate !== undefined) this.#onIdle?.();
    else this.send(performance.now());
  }

  #reconnect(): void {
    this.#disconnect();
    this.#rest = Buffer.alloc(0);
    this.#socket = this.#connect();
    this.#sendNext();
  }

  /** What had been sent will not be answered. What could not even be sent will not fare better on another connection. */
  #lost(wasOpen: boolean): void {
    for (const dueMs of this.#pending.splice(0, wasOpen ? 1 : this.#pending.length)) this.#run.record(false, dueMs);
    if (wasOpen) this.#reconnect();
    else this.#onIdle?.();
  }
}
