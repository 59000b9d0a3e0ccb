// Goal: an answer can say what was searched for, and where.
import { expect, test } from 'vitest';
import { listTerms } from './list-terms.js';
import { parseQuery } from './parse.js';

test.each<[string, [term: string, key: string][]]>([
  ['', []],
  ['error', [['error', '']]],
  [
    '"a \\"b" or (c and d)',
    [
      ['a "b', ''],
      ['c', ''],
      ['d', ''],
    ],
  ],
  [
    'path:/cart __topic__:web',
    [
      ['/cart', 'path'],
      ['web', '__topic__'],
    ],
  ],
  [
    'source:x __tag__:app:shop',
    [
      ['x', '__source__'],
      ['shop', '__tag__:app'],
    ],
  ],
  [
    '#"a b" f:err*r?',
    [
      ['a b', ''],
      ['err*r?', 'f'],
    ],
  ],
  [
    'n > 5 n in (1 2]',
    [
      ['> 5', 'n'],
      ['in (1 2]', 'n'],
    ],
  ],
  ['not error b', [['b', '']]],
  ['f:* f:""', []],
])('%s', (text, terms) => {
  expect(listTerms(parseQuery(text)).map(({ term, key }) => [term, key])).toEqual(terms);
});
