/**
 * Counts of the most frequent of very many texts, in fixed room. Misra and Gries, "Finding repeated elements" (1982): a text
 * that finds no room takes one from each that has. Whoever comes often enough is there in the end, however many others come
 * once; what is taken away is counted as `other`, so that the sum stays true.
 */

export class TopCounts {
  readonly #textsMax: number;
  readonly #counts: Map<string, number>;
  other = 0;

  /** With `counts` of an earlier one, which are at most as many. */
  constructor(textsMax: number, counts: Iterable<readonly [text: string, count: number]> = []) {
    this.#textsMax = textsMax;
    this.#counts = new Map(counts);
  }

  add(text: string, count = 1): void {
    const known = this.#counts.get(text);
    if (known !== undefined) this.#counts.set(text, known + count);
    else if (this.#counts.size < this.#textsMax) this.#counts.set(text, count);
    else this.#makeRoom(text, count);
  }

  has(text: string): boolean {
    return this.#counts.has(text);
  }

  entries(): readonly (readonly [text: string, count: number])[] {
    return [...this.#counts];
  }

  /** The texts, the most frequent first. */
  ranked(): readonly (readonly [text: string, count: number])[] {
    return this.entries().toSorted(([, a], [, b]) => b - a);
  }

  /** Makes all counts smaller, so that what comes weighs more than what has been. Those below `least` are forgotten. */
  fade(factor: number, least: number): void {
    this.other *= factor;
    for (const [text, count] of this.#counts) {
      if (count * factor < least) this.#counts.delete(text);
      else this.#counts.set(text, count * factor);
    }
  }

  #makeRoom(text: string, count: number): void {
    const taken = Math.min(count, ...this.#counts.values());
    this.other += taken * (1 + this.#counts.size);
    for (const [known, left] of this.#counts) {
      if (left <= taken) this.#counts.delete(known);
      else this.#counts.set(known, left - taken);
    }
    if (count > taken) this.#counts.set(text, count - taken);
  }
}
