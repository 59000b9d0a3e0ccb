// Goal: a word is one substring search of a prepared text; labels and numbers are compared as what they are.
import { expect, test } from 'vitest';
import { compiled } from '../../../../test/support/query/searcher.js';
import type { IndexConfig } from '../../../model/index-config.js';

const DEFAULT = `',\\'";=()[]{}?@&<>/: \\n\\t\\r', '${'\\n'.repeat(22)}'`;
const everything =
  "arrayStringConcat(arrayConcat([topic, source], mapKeys(tags), mapValues(tags), mapKeys(fields), mapValues(fields)), '\\n')";
const haystack = (sql: string) => `concat('\\n', lowerUTF8(translate(${sql}, ${DEFAULT})), '\\n')`;

test.each<[string, IndexConfig | null, string, Record<string, string>]>([
  ['Foo', null, `(position(${haystack(everything)}, lowerUTF8({p0:String})) > 0)`, { p0: '\nFoo\n' }],
  [
    'path:/a/b',
    null,
    `(position(${haystack('fields[{p0:String}]')}, lowerUTF8({p1:String})) > 0 AND position(${haystack('fields[{p0:String}]')}, lowerUTF8({p2:String})) > 0)`,
    { p0: 'path', p1: '\na\n', p2: '\nb\n' },
  ],
  ['path:"/"', null, '(fields[{p0:String}] = {p1:String})', { p0: 'path', p1: '/' }],
  [
    'path:a',
    { keys: { path: { type: 'text', token: ['-', '-'], caseSensitive: true } } },
    "(position(concat('\\n', translate(fields[{p0:String}], {p1:String}, {p2:String}), '\\n'), {p3:String}) > 0)",
    { p0: 'path', p1: '-\n', p2: '\n\n', p3: '\na\n' },
  ],
  [
    'path:支',
    { keys: { path: { type: 'text', token: ['。'], chn: true } } },
    "(position(concat('\\n', lowerUTF8(translateUTF8(fields[{p0:String}], {p1:String}, {p2:String})), '\\n'), lowerUTF8({p3:String})) > 0)",
    { p0: 'path', p1: '。\n', p2: '\n\n', p3: '支' },
  ],
  [
    'status:200',
    { keys: { status: { type: 'long' } } },
    'ifNull(toInt64OrNull(fields[{p0:String}]) = toInt64({p1:String}), false)',
    { p0: 'status', p1: '200' },
  ],
  ['__topic__:web', null, '(topic = {p0:String})', { p0: 'web' }],
  ['__tag__:app:shop', null, '(tags[{p0:String}] = {p1:String})', { p0: 'app', p1: 'shop' }],
])('%s under %j', (text, index, sql, parameters) => {
  expect(compiled(text, index)).toEqual({ sql, parameters });
});

test.each(['status:ok', 'status:"1 2"', 'status:#"ok x"', 'status:2*'])('%s is no number', (text) => {
  expect(() => compiled(text, { keys: { status: { type: 'double' } } })).toThrow(
    /indexed as double is compared with numbers only/,
  );
});

test('a word of nothing but delimiters, with no field to compare it with, is refused', () => {
  expect(() => compiled('"/ :"')).toThrow(/no word to search for/);
  expect(() => compiled('-', { line: { token: ['-'] } })).toThrow(/no word to search for/);
});
