// Goal: every search means one tree, every mistake is named at its place, and nothing makes the parser work without bound.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyQuery } from '../../../test/support/query/any-query.js';
import type { Query, Scope } from './ast.js';
import { parseQuery, QUERY_DEPTH_MAX, QUERY_LENGTH_MAX, QUERY_WORDS_MAX } from './parse.js';
import { printQuery } from './print.js';
import { QuerySyntaxError } from './syntax-error.js';

const ANYWHERE: Scope = { kind: 'anywhere' };
const word = (text: string, prefix = false): Query => ({ kind: 'term', scope: ANYWHERE, text, prefix });
const field = (name: string, text: string, prefix = false): Query => ({
  kind: 'term',
  scope: { kind: 'field', name },
  text,
  prefix,
});
const and = (...operands: Query[]): Query => ({ kind: 'and', operands });
const or = (...operands: Query[]): Query => ({ kind: 'or', operands });
const not = (operand: Query): Query => ({ kind: 'not', operand });
const [a, b, c] = [word('a'), word('b'), word('c')];

describe('what a search means', () => {
  test.each<[string, Query]>([
    ['', { kind: 'all' }],
    [' \n\t ', { kind: 'all' }],
    ['*', { kind: 'all' }],
    ['a', a],
    ['a b', and(a, b)],
    ['a AND b', and(a, b)],
    ['a b and c', and(a, b, c)],
    ['a or b', or(a, b)],
    ['a or b and c', or(a, and(b, c))],
    ['(a Or b) c', and(or(a, b), c)],
    ['not a', not(a)],
    ['not a and b', and(not(a), b)],
    ['a not b', and(a, not(b))],
    ['a and not not b', and(a, not(not(b)))],
    ['NOT (a b)', not(and(a, b))],
    ['((a))', a],
    ['(a b) c', and(and(a, b), c)],
    ['"a b"', word('a b')],
    ['"a""b"', and(a, b)],
    ['a"b"', and(a, b)],
    ['"and"', word('and')],
    ['android', word('android')],
    ['status:200', field('status', '200')],
    ['status : 200', field('status', '200')],
    ['path:"/a b"', field('path', '/a b')],
    ['path:/a/b.html', field('path', '/a/b.html')],
    ['"my field":1', field('my field', '1')],
    ['"a:b":"c:d"', field('a:b', 'c:d')],
    ['path:*', field('path', '', true)],
    ['path:""', field('path', '')],
    ['path:"*"', field('path', '*')],
    ['foo*', word('foo', true)],
    ['path:/api/us*', field('path', '/api/us', true)],
    ['url:"https://x.com/a"*', field('url', 'https://x.com/a', true)],
    ['"foo" *', and(word('foo'), { kind: 'all' })],
    ['__topic__:web', { kind: 'term', scope: { kind: 'topic' }, text: 'web', prefix: false }],
    ['__source__:10.0.0.7', { kind: 'term', scope: { kind: 'source' }, text: '10.0.0.7', prefix: false }],
    ['__tag__:app:shop', { kind: 'term', scope: { kind: 'tag', name: 'app' }, text: 'shop', prefix: false }],
    ['"__tag__:app":shop', { kind: 'term', scope: { kind: 'tag', name: 'app' }, text: 'shop', prefix: false }],
    ['__tag__:"a b":x*', { kind: 'term', scope: { kind: 'tag', name: 'a b' }, text: 'x', prefix: true }],
    ['nginx\\"01\\"', word('nginx"01"')],
    ['"say \\"hi\\" \\\\ \\n"', word('say "hi" \\ \\n')],
    ['C\\temp', word('C\\temp')],
    ['支付 失败', and(word('支付'), word('失败'))],
    ['消息:支付　失败', and(field('消息', '支付'), word('失败'))],
    ["it's;{x:String}", field("it's;{x", 'String}')],
    ["it's;{a}#1;--/", word("it's;{a}#1;--/")],
    ['a\0b', word('a\0b')],
  ])('%j', (text, query) => {
    expect(parseQuery(text)).toEqual(query);
  });
});

describe('a mistake is named at its place', () => {
  test.each<[string, number, number, RegExp]>([
    ['a and', 1, 6, /expected a word.*but the query ends/],
    ['or a', 1, 1, /expected a word.*but there is "or"/],
    ['a or or b', 1, 6, /but there is "or"/],
    ['(a or b', 1, 8, /expected "\)", but the query ends/],
    ['a)', 1, 2, /but there is "\)"/],
    ['()', 1, 2, /but there is "\)"/],
    ['status:', 1, 8, /expected the value of the field, but the query ends/],
    ['status:(a)', 1, 8, /expected the value of the field, but there is "\("/],
    ['status:not', 1, 8, /expected the value of the field, but there is "not"/],
    [':a', 1, 1, /but there is ":"/],
    ['url:http://x', 1, 9, /":" too many.*double quotes/],
    ['(12:30:00)', 1, 7, /":" too many/],
    ['"":a', 1, 1, /field name cannot be empty/],
    ['a*:b', 1, 1, /field name cannot have a wildcard/],
    ['__tag__:a', 1, 10, /expected ":" and the value of the tag/],
    ['__tag__:a*:b', 1, 9, /name of a tag cannot have a wildcard/],
    ['a "b', 1, 3, /never closed/],
    ['a "b\\"', 1, 3, /never closed/],
    ['x *a', 1, 3, /only wildcard/],
    ['a*b', 1, 2, /only wildcard/],
    ['a?', 1, 2, /only wildcard/],
    ['a**', 1, 2, /only wildcard/],
    ['status > 100', 1, 8, /> has no meaning here/],
    ['status=200', 1, 7, /= has no meaning here/],
    ['a | select 1', 1, 3, /\| has no meaning here/],
    ['#"a b"', 1, 1, /# has no meaning here/],
    ['status in [1 2]', 1, 8, /reserved word/],
    ['a "/ :"', 1, 3, /no word to search for/],
    ['""', 1, 1, /no word to search for/],
    ['first\n  second and', 2, 13, /the query ends/],
    ['支付 😀 |', 1, 6, /\| has no meaning/],
  ])('%j', (text, line, column, problem) => {
    const error = mistakeIn(text);
    expect(error.message).toMatch(problem);
    expect([error.line, error.column]).toEqual([line, column]);
    expect(error.message).toContain(`line ${line}, column ${column}`);
  });
});

describe('nothing is without bound', () => {
  test('length', () => {
    expect(parseQuery('x'.repeat(QUERY_LENGTH_MAX)).kind).toBe('term');
    expect(mistakeIn('x'.repeat(QUERY_LENGTH_MAX + 1)).message).toMatch(/characters, not more/);
  });

  test('words, also within one term', () => {
    expect(parseQuery('x '.repeat(QUERY_WORDS_MAX)).kind).toBe('and');
    expect(mistakeIn('x '.repeat(QUERY_WORDS_MAX + 1)).message).toMatch(/words, not more/);
    expect(parseQuery(`f:"${'x '.repeat(QUERY_WORDS_MAX)}"`).kind).toBe('term');
    expect(mistakeIn(`f:"${'x '.repeat(QUERY_WORDS_MAX + 1)}"`).message).toMatch(/words, not more/);
    expect(mistakeIn('f:* '.repeat(QUERY_WORDS_MAX + 1)).message).toMatch(/words, not more/);
  });

  test('depth, of brackets and of not', () => {
    const nested = (depth: number) => `${'('.repeat(depth)}x${')'.repeat(depth)}`;
    expect(parseQuery(nested(QUERY_DEPTH_MAX)).kind).toBe('term');
    expect(mistakeIn(nested(QUERY_DEPTH_MAX + 1)).column).toBe(QUERY_DEPTH_MAX + 2);
    expect(mistakeIn('('.repeat(QUERY_LENGTH_MAX)).message).toMatch(/deep, not more/);
    expect(mistakeIn(`${'not '.repeat(4000)}x`).message).toMatch(/deep, not more/);
  });
});

test('what is printed means the same', () => {
  fc.assert(
    fc.property(anyQuery, (query) => {
      expect(parseQuery(printQuery(query))).toEqual(query);
    }),
    { numRuns: 1000 },
  );
});

test('any text is parsed or refused with its place, and no other error', () => {
  const pieces = [
    'a',
    'b*',
    '"',
    '\\',
    ':',
    '(',
    ')',
    'and',
    'or',
    'not',
    ' ',
    '__tag__',
    '*',
    '?',
    '|',
    '=',
    '\0',
    '支',
  ];
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary' })), { maxLength: 30 }),
      (parts) => {
        const text = parts.join('');
        try {
          parseQuery(text);
        } catch (error) {
          expect(error).toBeInstanceOf(QuerySyntaxError);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

function mistakeIn(text: string): QuerySyntaxError {
  try {
    parseQuery(text);
  } catch (error) {
    if (error instanceof QuerySyntaxError) return error;
    throw error;
  }
  throw new Error(`${text} was parsed`);
}
