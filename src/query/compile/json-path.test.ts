// Goal: a path is taken apart in every way that it can be meant, and its keys are parameters.
import { expect, test } from 'vitest';
import { compiled } from '../../../test/support/query/searcher.js';
import { splitPath } from './json-path.js';

test('the ways to take a name for a path', () => {
  expect(splitPath('a.b.c')).toEqual([
    { field: 'a', keys: ['b', 'c'] },
    { field: 'a.b', keys: ['c'] },
  ]);
  expect(['a', '', '.a', 'a.', 'a..b', 'a.'.repeat(30)].flatMap(splitPath)).toEqual([]);
});

test('without an index, a field of just that name comes first', () => {
  const { sql, parameters } = compiled('a.b:*');
  const leaf = "(JSONType(fields[{p1:String}], {p2:String}) IN ('String', 'Int64', 'UInt64', 'Double', 'Bool'))";
  expect(sql).toBe(`(mapContainsKey(fields, {p0:String}) OR ${leaf})`);
  expect(parameters).toEqual({ p0: 'a.b', p1: 'a', p2: 'b' });
});

test('under an index, the field with the longest name has the path', () => {
  const json = { type: 'json' } as const;
  expect(compiled('a.b.c:*', { keys: { a: json, 'a.b': json } }).parameters).toEqual({ p0: 'a.b', p1: 'c' });
  expect(compiled('a.b.c:*', { keys: { a: json, 'a.b': { type: 'text' } } }).parameters).toEqual({
    p0: 'a',
    p1: 'b',
    p2: 'c',
  });
  expect(compiled('a.b.c:*', { keys: { a: json, 'a.b.c': { type: 'text' } } }).parameters).toEqual({ p0: 'a.b.c' });
});

test('what a field of JSON does not index is refused', () => {
  const index = { keys: { a: { type: 'json', index_all: false, json_keys: { b: { type: 'text' } } } } } as const;
  expect(compiled('a.b:x', index).sql).toContain('JSONExtractString');
  expect(() => compiled('a.c:x', index)).toThrow(/^key \(a\.c\) is not config/);
});
