// Goal: numbers are compared as what the index says they are; where it has none, the words of the comparison are searched.
import { describe, expect, test } from 'vitest';
import { compiled } from '../../../../test/support/query/searcher.js';

const long = { keys: { n: { type: 'long' } } } as const;

describe('the SQL of a range', () => {
  const double = 'toFloat64OrNull(fields[{p0:String}])';
  test.each([
    ['n > 5', `ifNull(${double} > toFloat64({p1:String}) AND isFinite(${double}), false)`, { p0: 'n', p1: '5' }],
    [
      'n <= -1e3',
      `ifNull(${double} <= toFloat64({p1:String}) AND isFinite(${double}), false)`,
      { p0: 'n', p1: '-1e3' },
    ],
    [
      'n in [1 5)',
      `ifNull(${double} >= toFloat64({p1:String}) AND ${double} < toFloat64({p2:String}) AND isFinite(${double}), false)`,
      { p0: 'n', p1: '1', p2: '5' },
    ],
    ['n = 5', `ifNull(${double} = toFloat64({p1:String}) AND isFinite(${double}), false)`, { p0: 'n', p1: '5' }],
  ])('%s', (text, sql, parameters) => {
    expect(compiled(text)).toEqual({ sql, parameters });
  });
});

test.each([
  ['9223372036854775807', 'toInt64'],
  ['+5', 'toInt64'],
  ['9223372036854775808', 'toFloat64'],
  ['1.5', 'toFloat64'],
  ['1e3', 'toFloat64'],
])('a long is compared with %s by %s', (number, conversion) => {
  expect(compiled(`n >= ${number}`, long).sql).toBe(
    `ifNull(toInt64OrNull(fields[{p0:String}]) >= ${conversion}({p1:String}), false)`,
  );
});

test('a field that the index has as text, or not at all, has the words of the comparison searched', () => {
  const { parameters } = compiled('owner_id>100', { line: { token: [' '] } });
  expect(Object.values(parameters)).toEqual(expect.arrayContaining(['\nowner_id\n', '\n>\n', '\n100\n']));
  expect(compiled('other in (1 5]', long)).toEqual(compiled('"other in (1 5]"', long));
});

test('a tag is compared too', () => {
  expect(compiled('__tag__:n > 5').sql).toContain('toFloat64OrNull(tags[{p0:String}])');
});
