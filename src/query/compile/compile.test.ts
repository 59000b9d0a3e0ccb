// Goal: a search becomes SQL in which nothing of the user's stands, and of bounded size.
import { describe, expect, test } from 'vitest';
import { compiled } from '../../../test/support/query/searcher.js';
import { QueryRefused } from './query-refused.js';
import { QUERY_WORDS_MAX } from './word-budget.js';

describe('and, or, not', () => {
  test.each<[string, string, Record<string, string>]>([
    ['*', 'true', {}],
    ['__topic__:a or __topic__:b', '((topic = {p0:String}) OR (topic = {p1:String}))', { p0: 'a', p1: 'b' }],
    [
      'not (__topic__:a or __topic__:b) __topic__:c',
      '(NOT ((topic = {p0:String}) OR (topic = {p1:String})) AND (topic = {p2:String}))',
      { p0: 'a', p1: 'b', p2: 'c' },
    ],
    ['not not *', 'NOT NOT true', {}],
  ])('%s', (text, sql, parameters) => {
    expect(compiled(text)).toEqual({ sql, parameters });
  });
});

describe('a field that the index leaves out', () => {
  const index = { keys: { status: { type: 'long' } } } as const;

  test.each(['path:x', 'path:*', 'path:""', 'path:#"a b"', 'path:x*', 'status.code:5', 'status:5 or path:x'])(
    '%s',
    (text) => {
      expect(() => compiled(text, index)).toThrow(
        /^key \((path|status\.code)\) is not config as key value config,if symbol : /,
      );
    },
  );

  test('a name of a thousand characters is not repeated in full', () => {
    expect(() => compiled(`${'x'.repeat(1000)}:1`, index)).toThrow(/^key \(x{128}…\) is not/);
  });

  test('topic, source and tags are in every index', () => {
    expect(compiled('__topic__:a __source__:b __tag__:c:d', index).sql).toContain('topic = ');
  });
});

describe('words are bounded over all terms', () => {
  const words = (count: number) => `f:"${'x '.repeat(count)}"`;

  test.each([
    [words(QUERY_WORDS_MAX), `${words(QUERY_WORDS_MAX)} g:y`],
    [`#"${'x '.repeat(QUERY_WORDS_MAX)}"`, `#"${'x '.repeat(QUERY_WORDS_MAX + 1)}"`],
    [`f:"${'x '.repeat(QUERY_WORDS_MAX)}"`, `f:"${'x '.repeat(QUERY_WORDS_MAX + 1)}"`],
  ])('%s', (most, tooMany) => {
    expect(compiled(most).sql).not.toBe('');
    expect(() => compiled(tooMany)).toThrow(QueryRefused);
  });
});
