/**
 * Takes some of the log groups that arrive, at a bounded rate, and looks at them when the answer is on its way.
 *
 * A request that is not taken costs a comparison or two. One that is costs a copy of its body; it is read in a turn of the event
 * loop of its own.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { CanonicalBody } from '../model/log-group.js';
import { ORIGIN_LENGTH_MAX, originTextOf } from '../model/origin.js';
import { readGroup, textOfBody } from './read-group.js';
import type { Tally } from './tally.js';

/** Groups are taken by such a time: of each logstore one, of all so many. */
const TICK_MS = 250;
const GROUPS_PER_TICK = 3;
/** Bytes a tick, on the average: reading JSON takes some 5 ms for a MiB. */
const BYTES_PER_TICK = 128 * 1024;
/** Larger groups are not looked at: that would hold up other requests. Bodies of tracked requests are smaller, unless configured. */
const BYTES_MAX = 4 * 1024 * 1024;
/** Of one group. */
const LOGS_MAX = 20;

export class Sampler {
  readonly #tally: Tally;
  #tick = 0;
  #groupsLeft = 0;
  /** May be negative: then nothing is taken until it was made up for. */
  #bytesLeft = 0;
  readonly #taken = new Set<number>();

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  /** To be called before the body is used for something else. `nowMs` is monotonic. */
  offer(logstoreId: number, headers: IncomingHttpHeaders, body: CanonicalBody, nowMs: number): void {
    const tick = Math.floor(nowMs / TICK_MS);
    if (tick > this.#tick) this.#begin(tick);
    if (this.#groupsLeft === 0 || this.#bytesLeft <= 0 || this.#taken.has(logstoreId)) return;
    const length = body.end - body.start;
    if (length > BYTES_MAX || body.logCount === 0) return;
    this.#taken.add(logstoreId);
    this.#groupsLeft--;
    this.#bytesLeft -= length;
    const text = textOfBody(body);
    const origin = originOf(headers);
    setImmediate(() => this.#tally.add(logstoreId, readGroup(text, LOGS_MAX), origin));
  }

  #begin(tick: number): void {
    const passed = tick - this.#tick;
    this.#tick = tick;
    this.#groupsLeft = GROUPS_PER_TICK;
    this.#bytesLeft = Math.min(BYTES_PER_TICK, this.#bytesLeft + passed * BYTES_PER_TICK);
    this.#taken.clear();
  }
}

/** Empty if the request names no page. */
function originOf({ origin, referer }: IncomingHttpHeaders): string {
  const text = origin ?? (referer === undefined ? undefined : originTextOf(referer)) ?? '';
  return text.slice(0, ORIGIN_LENGTH_MAX);
}
