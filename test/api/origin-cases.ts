/** Writing from web pages to a logstore that says which: case by case. */
import type { ApiCase } from './case.js';

const SOURCE = 'docs/security.md, origins';
const DENIED = ['Unauthorized', 'Access denied by project policy.'] as const;
const PLAIN = { __topic__: '', __source__: '127.0.0.1' };

/** What the logstore `web` is told before. */
export const ORIGINS = {
  mode: 'enforce',
  allowed: ['https://shop.example.com', 'https://*.shop.example.com', 'http://localhost:*'],
  withoutOrigin: 'refuse',
};

let count = 0;

/** By POST with these headers and by GET, to be stored or not. */
function both(name: string, headers: Readonly<Record<string, string>>, isAllowed: boolean): ApiCase[] {
  const [posted, got] = [`p${++count}`, `g${count}`];
  const requests = [
    {
      n: posted,
      method: 'POST',
      path: '/logstores/{logstore}/track?APIVersion=0.6.0',
      body: `{"__logs__":[{"n":"${posted}"}]}`,
    },
    { n: got, method: 'GET', path: `/logstores/{logstore}/track?APIVersion=0.6.0&n=${got}` },
  ];
  return requests.map(({ n, ...request }) => ({
    name: `${request.method}: ${name}`,
    source: SOURCE,
    request: { ...request, headers },
    expect: isAllowed ? { status: 200 } : { status: 401, error: DENIED },
    stored: isAllowed ? [{ ...PLAIN, n }] : [],
  }));
}

export const ORIGIN_CASES: readonly ApiCase[] = [
  ...both('a listed origin', { origin: 'https://shop.example.com' }, true),
  ...both('one below a listed host', { origin: 'https://m.shop.example.com' }, true),
  ...both('any port of localhost', { origin: 'http://localhost:5173' }, true),
  ...both('another origin', { origin: 'https://evil.test' }, false),
  ...both('a name that ends alike', { origin: 'https://notshop.example.com' }, false),
  ...both('another scheme', { origin: 'http://shop.example.com' }, false),
  ...both('a sandboxed frame', { origin: 'null' }, false),
  ...both('no origin at all', { origin: 'https://shop.example.com@evil.test' }, false),
  ...both('two origins', { origin: 'https://shop.example.com, https://evil.test' }, false),
  ...both('the page in Referer', { referer: 'https://shop.example.com/cart?item=1' }, true),
  ...both('another page in Referer', { referer: 'https://evil.test/https://shop.example.com/' }, false),
  ...both('Origin before Referer', { origin: 'https://evil.test', referer: 'https://shop.example.com/' }, false),
  ...both('neither', {}, false),
  {
    name: 'the origin is checked before the encoding of the body',
    source: SOURCE,
    request: {
      method: 'POST',
      path: '/logstores/{logstore}/track?APIVersion=0.6.0',
      headers: { origin: 'https://evil.test', 'x-log-compresstype': 'rar' },
      body: 'x',
    },
    expect: { status: 401, error: DENIED },
  },
  {
    name: 'and behind the switch',
    source: SOURCE,
    request: {
      method: 'GET',
      path: '/logstores/closed/track?APIVersion=0.6.0&a=b',
      headers: { origin: 'https://evil.test' },
    },
    expect: {
      status: 401,
      error: ['Unauthorized', 'The logstore closed does not allow anonymous write by web tracking api.'],
    },
  },
  {
    name: 'a preflight is answered to every page: it tells a stranger nothing',
    source: SOURCE,
    request: { method: 'OPTIONS', path: '/logstores/{logstore}/track', headers: { origin: 'https://evil.test' } },
    expect: { status: 200 },
  },
];
