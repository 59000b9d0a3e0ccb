// Goal: the beginning of a word is a substring search, any other wildcard an expression of which the user wrote no sign.
import { expect, test } from 'vitest';
import { compiled } from '../../../../test/support/query/searcher.js';

test.each<[search: string, condition: RegExp, parameter: string]>([
  ['f:ab*', /^\(position\(.*, lowerUTF8\(\{p1:String\}\)\) > 0\)$/, '\nab'],
  ['f:a*b', /^\(match\(.*, lowerUTF8\(\{p1:String\}\)\)\)$/, '\na[^\n]*b\n'],
  ['f:a?', /^\(match\(/, '\na[^\n]\n'],
  ['f:a.+*$?', /^\(match\(/, '\na\\.\\+[^\n]*\\$[^\n]\n'],
  ['f:a_\0b*c', /^\(match\(/, '\na_\\x00b[^\n]*c\n'],
  ['f:a/*', /^\(position\(.* > 0\)$/, '\na\n'],
  ['f:/*', /^\(startsWith\(fields\[\{p0:String\}\], \{p1:String\}\)\)$/, '/'],
  ['f:/*/*', /^\(fields\[\{p0:String\}\] LIKE \{p1:String\}\)$/, '/%/%'],
  ['__tag__:f:a*', /^\(startsWith\(tags\[\{p0:String\}\], \{p1:String\}\)\)$/, 'a'],
  ['__tag__:f:a%_\\?*c', /LIKE \{p1:String\}\)$/, 'a\\%\\_\\\\_%c'],
])('%j', (search, condition, parameter) => {
  const { sql, parameters } = compiled(search);
  expect(sql).toMatch(condition);
  expect(parameters).toEqual({ p0: 'f', p1: parameter });
});
