/**
 * Some refusals of each kind, the newest ones. A kind - one reason at one logstore - has places of its own, so that a flood of
 * one does not push out the others, and takes so many a second only, so that a flood costs no more than counting it.
 */
import type { RefusalInfo } from '../api/refusals.js';

/** Of one kind. */
const KEPT_MAX = 32;
const KEPT_A_SECOND = 8;
/** Reasons times logstores. The one that was quiet the longest gives way. */
const KINDS_MAX = 256;

interface Kind {
  /** Newest last. */
  readonly refusals: RefusalInfo[];
  second: number;
  keptInSecond: number;
}

export class RefusalSamples {
  /** In the order in which something was last kept. */
  readonly #kinds = new Map<string, Kind>();

  /** `describe` is called only for what is kept. */
  offer(kindName: string, timeMs: number, describe: () => RefusalInfo): void {
    const kind = this.#kinds.get(kindName) ?? { refusals: [], second: 0, keptInSecond: 0 };
    const second = Math.floor(timeMs / 1000);
    if (kind.second !== second) {
      kind.second = second;
      kind.keptInSecond = 0;
    }
    if (++kind.keptInSecond > KEPT_A_SECOND) return;
    kind.refusals.push(describe());
    if (kind.refusals.length > KEPT_MAX) kind.refusals.shift();
    this.#kinds.delete(kindName);
    this.#kinds.set(kindName, kind);
    if (this.#kinds.size > KINDS_MAX) this.#forgetQuietest();
  }

  all(): RefusalInfo[] {
    return [...this.#kinds.values()].flatMap(({ refusals }) => refusals);
  }

  #forgetQuietest(): void {
    for (const quietest of this.#kinds.keys()) {
      this.#kinds.delete(quietest);
      return;
    }
  }
}
