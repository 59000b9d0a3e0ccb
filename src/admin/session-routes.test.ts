// Goal: one who has a key gets a session and can use it from our own pages alone; one who guesses gets slower.
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { testListener } from '../../test/support/test-listener.js';
import { sendEmpty } from '../http/answer.js';
import type { AccessKey } from '../model/catalog.js';
import { createAuthorizer } from './authorize.js';
import { SESSION_SECONDS } from './session.js';
import { sessionRoutes } from './session-routes.js';

const KEY: AccessKey = {
  id: 'LBreader',
  secret: 'the secret',
  roles: ['read', 'manage'],
  projects: null,
  isEnabled: true,
  createdAt: 0,
};

let key: AccessKey | undefined;
let nowMs: number;
let server: ReturnType<typeof testListener>;
let base: string;

beforeEach(async () => {
  key = KEY;
  nowMs = 1_795_046_385_000;
  const clock = { wallMs: () => nowMs, monotonicMs: () => nowMs };
  const view = { accessKey: (id: string) => (id === key?.id ? key : undefined) };
  const authorize = createAuthorizer(view, clock);
  server = testListener({
    routes: [
      ...sessionRoutes({ view, clock, clientAddress: () => '192.0.2.1' }),
      {
        method: 'POST',
        path: '/change',
        doc: null,
        handle(exchange) {
          authorize(exchange, 'manage');
          sendEmpty(exchange);
        },
      },
    ],
    clock,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => server.close());

const signIn = (secret = KEY.secret, headers = {}) =>
  fetch(`${base}/api/v1/session`, { method: 'POST', headers, body: JSON.stringify({ id: KEY.id, secret }) });

async function cookieOf(response: Response): Promise<string> {
  expect(response.status, await response.clone().text()).toBe(200);
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

const ask = (method: string, path: string, headers: Record<string, string>) => fetch(base + path, { method, headers });

const codeOf = async (response: Response) => [response.status, (await response.json()).errorMessage];

test('a session tells who it is, lasts its time, and is taken away', async () => {
  const answer = await signIn();
  expect(await answer.clone().json()).toEqual({ id: 'LBreader', roles: ['read', 'manage'], projects: null });
  const cookie = await cookieOf(answer);
  const who = await ask('GET', '/api/v1/session', { cookie: `theme=dark; ${cookie}` });
  expect(await who.json()).toMatchObject({ id: 'LBreader' });
  nowMs += SESSION_SECONDS * 1000;
  expect(await codeOf(await ask('GET', '/api/v1/session', { cookie }))).toEqual([
    401,
    'The session is over. Please sign in again.',
  ]);
  const out = await ask('DELETE', '/api/v1/session', { cookie });
  expect(out.headers.getSetCookie()[0]).toMatch(/^logboom_session=; Path=\/; Max-Age=0;/);
});

test('its cookie is kept from scripts, from other sites, and from plain connections where there is another', async () => {
  const attributes = (response: Response) => response.headers.getSetCookie()[0]?.split('; ').slice(1);
  const plain = ['Path=/', `Max-Age=${SESSION_SECONDS}`, 'HttpOnly', 'SameSite=Strict'];
  expect(attributes(await signIn())).toEqual(plain);
  expect(attributes(await signIn(KEY.secret, { 'x-forwarded-proto': 'https' }))).toEqual([...plain, 'Secure']);
});

test('a request that changes something needs the header that other sites cannot send', async () => {
  const cookie = await cookieOf(await signIn());
  expect((await ask('POST', '/change', { cookie, 'x-logboom-console': '1' })).status).toBe(200);
  const [status, message] = await codeOf(await ask('POST', '/change', { cookie }));
  expect([status, message]).toEqual([401, expect.stringContaining('x-logboom-console')]);
});

test('who has a key for one project alone, or for writing, is told so', async () => {
  key = { ...KEY, roles: ['write'], projects: ['shop'] };
  const cookie = await cookieOf(await signIn());
  const who = await ask('GET', '/api/v1/session', { cookie });
  expect(await who.json()).toEqual({ id: 'LBreader', roles: ['write'], projects: ['shop'] });
});

test('a key that is disabled or deleted ends its sessions', async () => {
  const cookie = await cookieOf(await signIn());
  key = { ...KEY, isEnabled: false };
  expect(await codeOf(await ask('GET', '/api/v1/session', { cookie }))).toEqual([
    401,
    'AccessKeyId is disabled: LBreader',
  ]);
  key = undefined;
  expect((await ask('GET', '/api/v1/session', { cookie })).status).toBe(401);
});

describe('who guesses', () => {
  test('waits after five failures, longer each time, and is let in when the wait is over', async () => {
    for (let i = 0; i < 5; i += 1) expect((await signIn('wrong')).status).toBe(401);
    const refused = await signIn();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
    nowMs += 1000;
    expect((await signIn('wrong')).status).toBe(401);
    expect((await signIn()).headers.get('retry-after')).toBe('2');
    nowMs += 2000;
    expect((await signIn()).status).toBe(200);
    expect((await signIn('wrong')).status).toBe(401);
    expect((await signIn()).status).toBe(200);
  });
});

test('a body that is no sign-in is refused', async () => {
  const response = await fetch(`${base}/api/v1/session`, { method: 'POST', body: '{"id":7}' });
  expect((await response.json()).errorCode).toBe('ParameterInvalid');
});
