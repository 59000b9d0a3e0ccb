// Goal: a path alias is a path as browsers send it, and never one of ours.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pathAliasTrouble } from './path-alias.js';

const { paths } = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));

test.each(['/collect', '/a/b.gif', '/a/', '/~x/@y=(1)', `/${'x'.repeat(199)}`])('%s can be one', (path) => {
  expect(pathAliasTrouble(path)).toBeNull();
});

test.each([
  ...['', '/', 'collect', '//collect', '/a//b', '/a b', '/a?b', '/a#b', '/%61', '/é', '/a\n', '/a"b', '/a\\b'],
  ...['/.', '/a/..', '/../b', '/a/./b', `/${'x'.repeat(200)}`, '/logstores', '/logstores/web/track', '/console/x'],
])('%j cannot', (path) => {
  expect(pathAliasTrouble(path)).not.toBeNull();
});

test('no path of ours can', () => {
  expect(Object.keys(paths).length).toBeGreaterThan(30);
  for (const path of Object.keys(paths)) {
    expect(pathAliasTrouble(path.replaceAll(/[{}]/g, '')), path).not.toBeNull();
  }
});
