// Goal: words without a field are looked for in what the full-text index includes.
import { expect, test } from 'vitest';
import { compiled } from '../../../test/support/query/searcher.js';
import type { IndexConfig } from '../../model/index-config.js';

const line = { token: [' '] };

test.each<[IndexConfig, string, string[]]>([
  [
    { line: { ...line, include_keys: ['f', '__topic__'] } },
    'arrayConcat([topic], arrayFilter(name -> name IN ({p0:String}, {p1:String}), mapKeys(fields)), arrayFilter((value, name) -> name IN ({p0:String}, {p1:String}), mapValues(fields), mapKeys(fields)))',
    ['f', '__topic__'],
  ],
  [
    { line: { ...line, exclude_keys: ['__tag__:t', '__source__'] } },
    'arrayConcat([topic], arrayFilter(name -> name NOT IN ({p0:String}), mapKeys(tags)), arrayFilter((value, name) -> name NOT IN ({p0:String}), mapValues(tags), mapKeys(tags)), arrayFilter(name -> name NOT IN ({p1:String}), mapKeys(fields)), arrayFilter((value, name) -> name NOT IN ({p1:String}), mapValues(fields), mapKeys(fields)))',
    ['t', '__source__'],
  ],
  [
    { keys: { f: { type: 'text' } } },
    'arrayConcat(emptyArrayString(), arrayFilter(name -> name IN ({p0:String}), mapKeys(fields)), arrayFilter((value, name) -> name IN ({p0:String}), mapValues(fields), mapKeys(fields)))',
    ['f'],
  ],
])('%j', (index, texts, names) => {
  const { sql, parameters } = compiled('x', index);
  expect(sql).toContain(`arrayStringConcat(${texts}, '\\n')`);
  expect(Object.values(parameters).slice(0, names.length)).toEqual(names);
});

test('an empty list includes everything', () => {
  expect(compiled('x', { line: { ...line, include_keys: [], exclude_keys: [] } })).toEqual(compiled('x', { line }));
});
