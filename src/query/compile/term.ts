/** One term as SQL, always in brackets or a call. What each test means under each kind of target: terms/ */
import type { Term } from '../search/ast.js';
import { keyOf } from '../search/list-terms.js';
import type { CompileContext } from './compile.js';
import type { Hints } from './hints.js';
import { fieldNotIndexed } from './query-refused.js';
import { resolveScope } from './target.js';
import { phraseCondition } from './terms/phrase.js';
import { emptyCondition, presentCondition } from './terms/presence.js';
import { comparedWordsCondition, rangeCondition } from './terms/range.js';
import { wildcardCondition } from './terms/wildcard.js';
import { wordsCondition } from './terms/words.js';
import type { WordBudget } from './word-budget.js';

/** What a term needs besides itself and its target. */
export interface TermContext extends CompileContext {
  readonly budget: WordBudget;
  readonly hints: Hints;
}

/** Throws QueryRefused. */
export function termCondition(term: Term, context: TermContext): string {
  const { scope, test } = term;
  const target = resolveScope(scope, context);
  if (target === null) {
    if (test.kind === 'range') return comparedWordsCondition(term, context);
    throw fieldNotIndexed(keyOf(scope));
  }
  switch (test.kind) {
    case 'words':
      return wordsCondition(test.text, target, context);
    case 'phrase':
      return phraseCondition(test.text, target, context);
    case 'wildcard':
      return wildcardCondition(test.pieces, target, context);
    case 'present':
      return presentCondition(target);
    case 'empty':
      return emptyCondition(target);
    case 'range':
      return rangeCondition(term, test.range, target, context);
  }
}
