// Goal: having a field and having an empty one are told apart from lacking it.
import { expect, test } from 'vitest';
import { compiled } from '../../../../test/support/query/searcher.js';

test.each([
  ['path:*', 'mapContainsKey(fields, {p0:String})'],
  ['path:""', "(mapContainsKey(fields, {p0:String}) AND fields[{p0:String}] = '')"],
  ['not path:""', "NOT (mapContainsKey(fields, {p0:String}) AND fields[{p0:String}] = '')"],
  ['__tag__:path:*', 'mapContainsKey(tags, {p0:String})'],
])('%s', (text, sql) => {
  expect(compiled(text)).toEqual({ sql, parameters: { p0: 'path' } });
});

test('topic and source are always there', () => {
  expect(compiled('__topic__:*').sql).toBe('true');
  expect(compiled('__source__:""').sql).toBe("(source = '')");
});
