/** Random searches and random logs that have something to do with each other. */
import fc from 'fast-check';
import type { Query, Scope } from '../../../src/query/search/ast.js';
import { splitWords } from '../../../src/query/search/words.js';
import type { SampleLog } from './evaluate.js';

/** Few, so that searches meet logs; some differ in case alone, some are words of others. */
const WORDS = [
  'a',
  'B',
  'b',
  'ab',
  'abc',
  'error',
  'Error',
  'x.y-z_',
  '支付',
  'ÄÖ',
  'äö',
  'and',
  '10.0.0.7',
  '%',
  "O'",
  '\\',
  '{x:String}',
];
const BETWEEN = [' ', '/', ':', ', ', '"', '\n', '?', '*', '\\"', '--', '\0'];
const NAMES = ['path', 'Path', 'status', '7', 'a', '支付', 'my field', 'it\'s "x"', '__proto__'];

export const anyName = fc.constantFrom(...NAMES);

/** Words in a row, with delimiters and what looks like them at either end and between. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...WORDS) },
  {
    weight: 3,
    arbitrary: fc.array(fc.constantFrom(...WORDS, ...BETWEEN), { maxLength: 6 }).map((pieces) => pieces.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
);

const anyScope: fc.Arbitrary<Scope> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Scope>({ kind: 'anywhere' }) },
  { weight: 3, arbitrary: anyName.map((name): Scope => ({ kind: 'field', name })) },
  { weight: 1, arbitrary: fc.constantFrom<Scope>({ kind: 'topic' }, { kind: 'source' }) },
  { weight: 1, arbitrary: anyName.map((name): Scope => ({ kind: 'tag', name })) },
);

const anyTerm: fc.Arbitrary<Query> = fc
  .record({ kind: fc.constant('term' as const), scope: anyScope, text: anyText, prefix: fc.boolean() })
  .filter(({ scope, text }) => scope.kind !== 'anywhere' || splitWords(text).length > 0);

/** Any tree that the parser can return. */
export const anyQuery: fc.Arbitrary<Query> = fc.letrec<{ query: Query; operands: Query[] }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 4, arbitrary: anyTerm },
    { weight: 1, arbitrary: fc.constant<Query>({ kind: 'all' }) },
    { weight: 2, arbitrary: tie('operands').map((operands): Query => ({ kind: 'and', operands })) },
    { weight: 2, arbitrary: tie('operands').map((operands): Query => ({ kind: 'or', operands })) },
    { weight: 2, arbitrary: tie('query').map((operand): Query => ({ kind: 'not', operand })) },
  ),
  operands: fc.array(tie('query'), { minLength: 2, maxLength: 4 }),
})).query;

export const anyLog: fc.Arbitrary<SampleLog> = fc.record({
  topic: anyText,
  source: anyText,
  tags: fc.uniqueArray(fc.tuple(anyName, anyText), { maxLength: 2, selector: ([name]) => name }),
  fields: fc.uniqueArray(fc.tuple(anyName, anyText), { maxLength: 4, selector: ([name]) => name }),
});
