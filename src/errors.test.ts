// Goal: the error table and its page say the same, both ways.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { API_ERRORS, ApiError, type ErrorName } from './errors.js';

const page = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8');
const documented = page
  .split('\n')
  .filter((line) => /^\| [A-Z]\w+ \|/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, name, status, code, message]) => ({ name, status: Number(status), code, message }));

test('docs/errors.md has exactly the rows of the table', () => {
  const rows = (Object.keys(API_ERRORS) as ErrorName[]).map((name) => {
    const { status, code } = new ApiError(name);
    return { name, status, code, message: API_ERRORS[name].message };
  });
  const byName = (a: { name?: string | undefined }, b: { name?: string | undefined }) =>
    String(a.name).localeCompare(String(b.name));
  expect(documented.toSorted(byName)).toEqual(rows.toSorted(byName));
});

test('an error fills its message', () => {
  const error = new ApiError('LogStoreNotExist', { logstore: 'shop' });
  expect(error).toMatchObject({ status: 404, code: 'LogStoreNotExist', message: 'logstore shop does not exist.' });
});
