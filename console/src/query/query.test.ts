// Goal: a value that is clicked becomes a query the service takes, and means that value, whatever characters it has.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseQuery } from '../../../src/query/search/parse.js';
import { hasField, hasValue } from './condition.js';
import { exclude, include, splitQuery } from './edit-query.js';

describe('a field and its value', () => {
  test.each([
    ['status', '404', 'status:404'],
    ['my field', 'a b', '"my field":"a b"'],
    ['ua', 'Mozilla/5.0 (Linux)', 'ua:"Mozilla/5.0 (Linux)"'],
    ['referrer', '', 'referrer:""'],
    ['not', 'or', '"not":"or"'],
    ['__tag__:app', 'My Shop', '__tag__:app:"My Shop"'],
    ['__tag__:a b', 'x', '__tag__:"a b":x'],
    ['q', 'say "hi" \\ | drop', 'q:"say \\"hi\\" \\\\ | drop"'],
    ['event', '支付', 'event:支付'],
    ['release', 'shop-2.*', 'release:"shop-2.*"'],
  ])('%s = %s', (name, value, printed) => {
    expect(hasValue(name, value)).toBe(printed);
  });

  test('is a query for the service, whatever they are', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(name, fc.string({ unit: 'grapheme', maxLength: 6000 }), (field, value) => {
        expect(() => parseQuery(hasValue(field, value))).not.toThrow();
        expect(() => parseQuery(exclude('a or b', hasField(field)))).not.toThrow();
      }),
    );
  });

  test('of a long value the beginning is searched for', () => {
    const value = Array.from({ length: 5000 }, (_, i) => `word${i}`).join(' ');
    const query = hasValue('stack', value);
    expect(query).toMatch(/ word39"$/);
    expect(() => parseQuery(query)).not.toThrow();
  });
});

describe('a query is narrowed', () => {
  test.each([
    ['', 'a:1', 'a:1'],
    ['*', 'a:1', 'a:1'],
    ['b', 'a:1', 'b and a:1'],
    ['b or c', 'a:1', '(b or c) and a:1'],
    ['b and a:1', 'a:1', 'b and a:1'],
    ['b | select count(*)', 'a:1', 'b and a:1 | select count(*)'],
    ['"x | y" | select 1', 'a:1', '"x | y" and a:1 | select 1'],
    [' | select 1', 'a:1', 'a:1 | select 1'],
  ])('%j by %s', (query, condition, narrowed) => {
    expect(include(query, condition)).toBe(narrowed);
  });

  test('by what it shall not have', () => {
    expect(exclude('b or c', 'a:1')).toBe('(b or c) and not a:1');
    expect(exclude('', 'a:1')).toBe('not a:1');
  });
});

test.each([
  ['a | b', 'a ', '| b'],
  ['"a|b"', '"a|b"', ''],
  ['a\\| | b', 'a\\| ', '| b'],
])('%j is divided', (query, search, rest) => {
  expect(splitQuery(query)).toEqual({ search, rest });
});
