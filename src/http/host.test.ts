// Goal: the Host names the project by the documented rules, in their order, and odd ones are refused.
import { describe, expect, test } from 'vitest';
import { createHostResolver } from './host.js';

const NONE = new Map<string, { readonly project: string }>();

const resolve = createHostResolver({
  endpoints: ['log.example.com', 'sls.localhost'],
  domains: new Map([
    ['t.shop.com', 'shop'],
    ['x.log.example.com', 'special'],
  ]),
  registered: () => NONE,
});

describe('a host that names a project', () => {
  test.each([
    ['demo-project.log.example.com', 'demo-project'],
    ['demo-project.log.example.com:8080', 'demo-project'],
    ['Demo-Project.LOG.example.com', 'demo-project'],
    ['demo-project.sls.localhost:8080', 'demo-project'],
    ['t.shop.com', 'shop'],
    ['x.log.example.com', 'special'],
    ['my-project.cn-hangzhou.log.aliyuncs.com', 'my-project'],
    // Two labels before the endpoint name no project under it, so the last rule applies.
    ['a.b.log.example.com', 'a'],
  ])('%s', (host, name) => {
    expect(resolve(host)).toEqual({ kind: 'project', name });
  });
});

test.each(['log.example.com', 'localhost:8080', '127.0.0.1', '[::1]:8080', '192.0.2.1:80'])(
  'the service itself: %s',
  (host) => {
    expect(resolve(host)).toEqual({ kind: 'unnamed' });
  },
);

test('a bare name that is no endpoint names nothing', () => {
  expect(resolve('intranet')).toEqual({ kind: 'none' });
});

test.each([undefined, ''])('without a host: %j', (host) => {
  expect(() => resolve(host)).toThrow('Host does not exist in http header.');
});

test.each(['a b', 'a/b', 'a@b.c', '.a.b', 'a.b.', 'a.b:x', '[::1', 'ü.com', `${'a'.repeat(300)}.com`, 'a.b:999999'])(
  'an odd one is refused: %s',
  (host) => {
    expect(() => resolve(host)).toThrow(/^Host header .* is invalid\.$/);
  },
);

test('more hosts than are remembered still resolve', () => {
  for (let i = 0; i < 3000; i++) resolve(`p${i}.log.example.com`);
  expect(resolve('p1.log.example.com')).toEqual({ kind: 'project', name: 'p1' });
});

test('domains of the catalog count at once, and those of the settings before them', () => {
  let registered = NONE;
  const resolve = createHostResolver({
    endpoints: ['log.example.com'],
    domains: new Map([['t.shop.com', 'shop']]),
    registered: () => registered,
  });
  expect(resolve('t.news.com')).toEqual({ kind: 'project', name: 't' });
  registered = new Map([
    ['t.news.com', { project: 'news' }],
    ['t.shop.com', { project: 'news' }],
  ]);
  expect(resolve('t.news.com:8080')).toEqual({ kind: 'project', name: 'news' });
  expect(resolve('t.news.com')).toEqual({ kind: 'project', name: 'news' });
  expect(resolve('t.shop.com')).toEqual({ kind: 'project', name: 'shop' });
  registered = NONE;
  expect(resolve('t.news.com')).toEqual({ kind: 'project', name: 't' });
});
