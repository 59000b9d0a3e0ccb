/**
 * Bounds the words of a search. A quoted text is one term of the search, however long, but each of its words costs the
 * store a pass over the text of every log.
 */
import { QueryRefused } from './query-refused.js';

export const QUERY_WORDS_MAX = 100;

export class WordBudget {
  #left = QUERY_WORDS_MAX;

  /** Throws QueryRefused. */
  spend(words: number): void {
    this.#left -= words;
    if (this.#left < 0) throw new QueryRefused(`a query may have ${QUERY_WORDS_MAX} words, not more`);
  }
}
