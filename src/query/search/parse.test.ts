// Goal: every search means one tree, every mistake is named at its place, and nothing makes the parser work without bound.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyQuery } from '../../../test/support/query/any-query.js';
import type { Bound, Piece, Query, Scope, Test } from './ast.js';
import { parseQuery, QUERY_DEPTH_MAX, QUERY_LENGTH_MAX, QUERY_TERMS_MAX } from './parse.js';
import { WILDCARD_LENGTH_MAX } from './parse-term.js';
import { printQuery } from './print.js';
import { QuerySyntaxError } from './syntax-error.js';

const ANYWHERE: Scope = { kind: 'anywhere' };
const TOPIC: Scope = { kind: 'topic' };
const SOURCE: Scope = { kind: 'source' };
const tagged = (name: string): Scope => ({ kind: 'tag', name });
const named = (name: string): Scope => ({ kind: 'field', name });

const ANY: Piece = { kind: 'any' };
const ONE: Piece = { kind: 'one' };
const literal = (text: string): Piece => ({ kind: 'text', text });

const words = (text: string): Test => ({ kind: 'words', text });
const phrase = (text: string): Test => ({ kind: 'phrase', text });
const wildcard = (...pieces: Piece[]): Test => ({ kind: 'wildcard', pieces });
const range = (low: Bound | null, high: Bound | null): Test => ({ kind: 'range', range: { low, high } });
const from = (number: string): Bound => ({ number, isIncluded: true });
const beyond = (number: string): Bound => ({ number, isIncluded: false });

const term = (scope: Scope, test: Test): Query => ({ kind: 'term', scope, test });
const word = (text: string): Query => term(ANYWHERE, words(text));
const field = (name: string, text: string): Query => term(named(name), words(text));
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
    ['path:*', term(named('path'), { kind: 'present' })],
    ['path:""', term(named('path'), { kind: 'empty' })],
    ['path:"*"', field('path', '*')],
    ['foo*', term(ANYWHERE, wildcard(literal('foo'), ANY))],
    ['fo?o**b', term(ANYWHERE, wildcard(literal('fo'), ONE, literal('o'), ANY, literal('b')))],
    ['path:/api/us*', term(named('path'), wildcard(literal('/api/us'), ANY))],
    ['url:"https://x.com/a"*', term(named('url'), wildcard(literal('https://x.com/a'), ANY))],
    ['a\\\\*', term(ANYWHERE, wildcard(literal('a\\'), ANY))],
    ['"foo" *', and(word('foo'), { kind: 'all' })],
    ['#"a b"', term(ANYWHERE, phrase('a b'))],
    ['msg:#"a \\"b"', term(named('msg'), phrase('a "b'))],
    ['not msg : #"a b" c#', and(not(term(named('msg'), phrase('a b'))), word('c#'))],
    ['__topic__:web', term(TOPIC, words('web'))],
    ['__source__:10.0.0.7', term(SOURCE, words('10.0.0.7'))],
    ['source:10.*', term(SOURCE, wildcard(literal('10.'), ANY))],
    ['"source":x', field('source', 'x')],
    ['__tag__:app:shop', term(tagged('app'), words('shop'))],
    ['"__tag__:app":shop', term(tagged('app'), words('shop'))],
    ['__tag__:"a b":x*', term(tagged('a b'), wildcard(literal('x'), ANY))],
    ['__tag__:__client_ip__:192.0.2.1', term(tagged('__client_ip__'), words('192.0.2.1'))],
    ['price > 50', term(named('price'), range(beyond('50'), null))],
    ['price>=50', term(named('price'), range(from('50'), null))],
    ['price<-1.5e3', term(named('price'), range(null, beyond('-1.5e3')))],
    ['price <= .5', term(named('price'), range(null, from('.5')))],
    ['price=007', term(named('price'), range(from('007'), from('007')))],
    ['price in [1 5]', term(named('price'), range(from('1'), from('5')))],
    ['price in (1 5] a', and(term(named('price'), range(beyond('1'), from('5'))), a)],
    ['"my price"in[ 1 5 )', term(named('my price'), range(from('1'), beyond('5')))],
    ['info.usedTime > 60', term(named('info.usedTime'), range(beyond('60'), null))],
    ['__tag__:n > 1', term(tagged('n'), range(beyond('1'), null))],
    ['In', word('In')],
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
    ['x *a', 1, 3, /wildcard cannot be the first character/],
    ['f:?a', 1, 3, /wildcard cannot be the first character/],
    ['#"a b"*', 1, 7, /phrase cannot have a wildcard/],
    ['#"a b', 1, 1, /never closed/],
    ['#"a":b', 1, 1, /field name cannot be a phrase/],
    ['status > x', 1, 10, /expected a number after ">", but there is a word that is none/],
    ['status >= "5"', 1, 11, /expected a number after ">="/],
    ['status >', 1, 9, /expected a number after ">", but the query ends/],
    ['status > 5*', 1, 10, /expected a number/],
    ['status > 1e999', 1, 10, /a word that is none/],
    ['status > NaN', 1, 10, /a word that is none/],
    ['status > Infinity', 1, 10, /a word that is none/],
    ['status > 0x10', 1, 10, /a word that is none/],
    ['status > > 5', 1, 10, /there is ">"/],
    ['> 5', 1, 1, /expected a word.*but there is ">"/],
    ['status in', 1, 10, /expected "\[" or "\(" after "in"/],
    ['status in 5', 1, 11, /expected "\[" or "\(" after "in"/],
    ['status in [1]', 1, 13, /expected a blank and the upper bound, a number, but there is "\]"/],
    ['status in [1,5]', 1, 12, /expected the lower bound/],
    ['status in [1 5', 1, 15, /expected "\]" or "\)"/],
    ['path:/cart?step=1', 1, 16, /a value that holds a "=" goes in double quotes/],
    ['in', 1, 1, /there is "in", which stands in double quotes/],
    ['a | select 1', 1, 3, /\| has no meaning here/],
    ['[1 5]', 1, 1, /but there is "\["/],
    ['""', 1, 1, /no word to search for/],
    ['#""', 1, 1, /no word to search for/],
    ['a \ud83d', 1, 3, /half of a character/],
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

  test('terms', () => {
    expect(parseQuery('x '.repeat(QUERY_TERMS_MAX)).kind).toBe('and');
    expect(mistakeIn('x '.repeat(QUERY_TERMS_MAX + 1)).column).toBe(2 * QUERY_TERMS_MAX + 1);
    expect(mistakeIn('f:* '.repeat(QUERY_TERMS_MAX + 1)).message).toMatch(/terms, not more/);
  });

  test('a value with wildcards', () => {
    expect(parseQuery(`${'x'.repeat(WILDCARD_LENGTH_MAX - 1)}*`).kind).toBe('term');
    expect(mistakeIn(`f:${'x*'.repeat(WILDCARD_LENGTH_MAX)}`).message).toMatch(/wildcards may have/);
    expect(mistakeIn(`a ${'x'.repeat(WILDCARD_LENGTH_MAX)}?`).column).toBe(3);
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
    fc.property(anyQuery(), (query) => {
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
    '>',
    '#',
    '[',
    ']',
    'in',
    '1',
    '\ud800',
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
