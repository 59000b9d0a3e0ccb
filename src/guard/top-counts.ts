/**
 * Counts of the most frequent of very many texts, in fixed room. Misra and Gries, "Finding repeated elements" (1982): a text
 * that finds no room takes one from each that has. Whoever comes often enough is there in the end, however many others come
 * once; what is taken away is counted as `other`, so that the sum stays true.
 */

export class TopCounts {
  readonly #textsMax: number;
  readonly #counts = new Map<string, number>();
  other = 0;

  constructor(textsMax: number) {
    this.#textsMax = textsMax;
  }

  add(text: string): void {
    const count = this.#counts.get(text);
    if (count !== undefined) this.#counts.set(text, count + 1);
    else if (this.#counts.size < this.#textsMax) this.#counts.set(text, 1);
    else this.#makeRoom();
  }

  entries(): readonly (readonly [text: string, count: number])[] {
    return [...this.#counts];
  }

  #makeRoom(): void {
    this.other += 1 + this.#counts.size;
    for (const [text, count] of this.#counts) {
      if (count === 1) this.#counts.delete(text);
      else this.#counts.set(text, count - 1);
    }
  }
}
