/**
 * What spares the store reading: conditions that follow from the exact ones and stand beside them. The store's indexes know
 * words as they are cut by ASCII punctuation and blanks; where an index of ours has other ends of words, they do not help.
 */

import type { CompileContext } from './compile.js';
import type { FullText } from './full-text.js';
import type { TextValue } from './target.js';
import type { Unit, WordRules } from './word-rules.js';

/** Each looks up every column. Of a search with more words, the others are found in what these leave. */
const FULL_TEXT_HINTS_MAX = 4;

export class Hints {
  readonly #context: CompileContext;
  #left = FULL_TEXT_HINTS_MAX;

  constructor(context: CompileContext) {
    this.#context = context;
  }

  /** Conditions that every log meets of which `target` has all the units. */
  of(units: readonly Unit[], target: FullText | TextValue): string[] {
    if (!endsWordsAsStore(target.rules)) return [];
    const words = units.flatMap(([first, ...others]) =>
      first.kind === 'text' && others.length === 0 ? [first.text] : [],
    );
    const conditions = target.kind === 'text' ? words.map((word) => target.mayHave?.(word)) : [this.#somewhere(words)];
    return conditions.filter((condition) => typeof condition === 'string');
  }

  /** One word is enough; the longest one is likely to be the rarest. */
  #somewhere(words: readonly string[]): string | null {
    const { table, within, bind } = this.#context;
    const [word] = words.toSorted((a, b) => b.length - a.length);
    if (within === undefined || word === undefined || this.#left === 0) return null;
    const condition = table.mayHave(word, within, bind);
    if (condition !== null) this.#left -= 1;
    return condition;
  }
}

function endsWordsAsStore({ delimiters, chn }: WordRules): boolean {
  return !chn && /^[\0-\x7f]*$/.test(delimiters) && !/[A-Za-z0-9]/.test(delimiters);
}
