// Goal: a path finds its one route or the right refusal, whatever a stranger puts into it.
import { describe, expect, test } from 'vitest';
import type { Route } from './route.js';
import { createRouter } from './router.js';

const route = (method: Route['method'], path: string): Route => ({ method, path, doc: null, handle() {} });
const track = route('POST', '/logstores/:logstore/track');
const list = route('GET', '/logstores');
const read = route('GET', '/logstores/:logstore');
const root = route('GET', '/');
const search = { ...route('GET', '/logstores/:logstore'), type: 'log' };
const router = createRouter([track, list, read, search, root]);
const find = (method: string, path: string, query = '') => router(method, path, query);

describe('a path finds its route', () => {
  test.each([
    ['POST', '/logstores/web/track', track, { logstore: 'web' }],
    ['GET', '/logstores', list, {}],
    ['GET', '/logstores/web', read, { logstore: 'web' }],
    ['HEAD', '/logstores/web', read, { logstore: 'web' }],
    ['GET', '/logstores/a%2Fb%20c', read, { logstore: 'a/b c' }],
    ['GET', '/logstores/__proto__', read, { logstore: '__proto__' }],
    ['GET', '/', root, {}],
  ])('%s %s', (method, path, expected, params) => {
    expect(find(method, path)).toEqual({ kind: 'route', route: expected, params });
  });
});

describe('other paths have none', () => {
  test.each([
    '',
    '/logstores/',
    '/logstores//track',
    '/logstores/web/track/',
    '/logstores/web/Track',
    '/logstores/%E0%A4%A/track',
    '/logstores/web/track/../track',
    '//logstores',
    '*',
  ])('%j', (path) => {
    expect(find('POST', path).kind).toBe('noPath');
  });
});

test.each([
  ['', read],
  ['type=', read],
  ['type=other', read],
  ['a=b&type=log', search],
  ['type=%6Cog', search],
])('the type in %j decides between two routes of one path', (query, expected) => {
  expect(find('GET', '/logstores/web', query)).toMatchObject({ route: expected });
});

test('a known path with a wrong method says which ones it has', () => {
  expect(find('DELETE', '/logstores/web/track')).toEqual({ kind: 'noMethod', allowed: ['POST'] });
});

test('two routes for one path are refused', () => {
  expect(() => createRouter([list, list])).toThrow('two routes for GET /logstores');
  expect(() => createRouter([search, read, search])).toThrow('two routes for GET /logstores/:logstore');
});
