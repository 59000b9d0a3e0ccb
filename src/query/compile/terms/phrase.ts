/** `#"a b"`, `field:#"a b"`: the words of a text, one directly behind the other. */
import { Haystack } from '../haystack.js';
import type { Target } from '../target.js';
import type { TermContext } from '../term.js';
import { splitWords } from '../word-rules.js';
import { wordsCondition } from './words.js';

/** Without a field, the words must stand in one key or one value; that they are somewhere is faster to find out. */
export function phraseCondition(text: string, target: Target, context: TermContext): string {
  const { bind, budget, hints } = context;
  if (target.kind !== 'fullText' && target.kind !== 'text') return wordsCondition(text, target, context);
  const words = splitWords(text, target.rules);
  if (words.length < 2) return wordsCondition(text, target, context);

  budget.spend(words.length);
  const hinted = hints
    .of(words, target)
    .map((hint) => `${hint} AND `)
    .join('');
  if (target.kind === 'text') return `(${hinted}${new Haystack(target.value, target.rules, bind).hasSequence(words)})`;
  const somewhere = new Haystack(target.joined, target.rules, bind).hasSequence(words);
  const inOne = new Haystack('text', target.rules, bind).hasSequence(words);
  return `(${hinted}${somewhere} AND arrayExists(text -> ${inOne}, ${target.each}))`;
}
