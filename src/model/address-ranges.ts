/** A set of IP addresses and networks. A look-up is a binary search, and takes no memory. */
import { isV4, readAddress } from './ip-address.js';

const WORDS = 4;

export class AddressRanges {
  /** First and last address of each range, both included, as words; in order, and no two overlap. */
  readonly #firsts: Uint32Array;
  readonly #lasts: Uint32Array;
  readonly #count: number;

  /** `networks` are addresses and networks as the configuration has them: `203.0.113.7`, `2001:db8::/32`. */
  constructor(networks: readonly string[]) {
    const ranges = merge(networks.map(rangeOf).sort((a, b) => compare(a.first, 0, b.first, 0)));
    this.#count = ranges.length;
    this.#firsts = new Uint32Array(WORDS * ranges.length);
    this.#lasts = new Uint32Array(WORDS * ranges.length);
    ranges.forEach(({ first, last }, index) => {
      this.#firsts.set(first, WORDS * index);
      this.#lasts.set(last, WORDS * index);
    });
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** `address` is what readAddress makes of one. */
  has(address: Uint32Array): boolean {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(this.#lasts, WORDS * middle, address, 0) < 0) low = middle + 1;
      else high = middle;
    }
    return low < this.#count && compare(this.#firsts, WORDS * low, address, 0) <= 0;
  }
}

interface Range {
  readonly first: Uint32Array;
  readonly last: Uint32Array;
}

function rangeOf(network: string): Range {
  const [text = '', prefix] = network.split('/');
  const first = new Uint32Array(WORDS);
  if (!readAddress(text, first)) throw new Error(`no network: ${network}`);
  const all = 32 * WORDS;
  const bits = prefix === undefined ? all : Number(prefix) + (isV4(first) && !text.includes(':') ? all - 32 : 0);
  const last = first.slice();
  for (let word = 0; word < WORDS; word++) {
    const kept = Math.min(Math.max(bits - 32 * word, 0), 32);
    // Shifts take their distance modulo 32.
    const rest = kept === 32 ? 0 : 0xffffffff >>> kept;
    first[word] = (first[word] as number) & ~rest;
    last[word] = (last[word] as number) | rest;
  }
  return { first, last };
}

/** `sorted` is by first address. */
function merge(sorted: readonly Range[]): Range[] {
  const merged: Range[] = [];
  for (const range of sorted) {
    const before = merged.at(-1);
    if (before === undefined || compare(before.last, 0, range.first, 0) < 0) merged.push(range);
    else if (compare(before.last, 0, range.last, 0) < 0) before.last.set(range.last);
  }
  return merged;
}

function compare(a: Uint32Array, aFrom: number, b: Uint32Array, bFrom: number): number {
  for (let word = 0; word < WORDS; word++) {
    const difference = (a[aFrom + word] as number) - (b[bFrom + word] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
