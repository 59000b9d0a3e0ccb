// Goal: search and analytics are told apart wherever the bar stands, and a bar in quotes is text.
import { expect, test } from 'vitest';
import { splitQuery } from './split-query.js';

test.each([
  ['error', 'error', null],
  ['', '', null],
  ['* | SELECT 1', '* ', ' SELECT 1'],
  ['|SELECT 1', '', 'SELECT 1'],
  ['a:"x|y" b | SELECT \'|\'', 'a:"x|y" b ', " SELECT '|'"],
  ['a:"x\\"|y" | s', 'a:"x\\"|y" ', ' s'],
  ['a\\"b | s', 'a\\"b ', ' s'],
  ['"never closed | s', '"never closed | s', null],
  ['a\\', 'a\\', null],
])('%s', (text, search, analytics) => {
  const split = splitQuery(text);
  expect([split.search, split.analytics?.text ?? null]).toEqual([search, analytics]);
  if (split.analytics !== null) expect(text.slice(split.analytics.at)).toBe(analytics);
});

test('a long hostile text is split in one pass', () => {
  const text = `${'\\'.repeat(50_001)}${'"'.repeat(50_001)}`;
  expect(splitQuery(text).analytics).toBe(null);
});
