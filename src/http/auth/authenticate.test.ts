// Goal: only who holds an enabled key gets in, with a request that is fresh and whole; everyone else hears the first reason.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type RawAnswer, sendRaw } from '../../../test/support/raw-http.js';
import { type Scheme, sign, type TestKey, type Unsigned } from '../../../test/support/sign.js';
import { testListener } from '../../../test/support/test-listener.js';
import { ApiError } from '../../errors.js';
import type { AccessKey } from '../../model/catalog.js';
import { sendJson } from '../answer.js';
import { createBodyReader } from '../body.js';
import { BufferPool } from '../buffer-pool.js';
import { createHostResolver } from '../host.js';
import { InFlight } from '../in-flight.js';
import type { Route } from '../route.js';
import { createAuthenticator } from './authenticate.js';
import { createGate } from './gate.js';

/** When the captured requests were recorded. */
const RECORDED_MS = Date.UTC(2026, 10, 22, 14, 35, 23);

const FULL: TestKey = { id: 'LTAIfixtureKeyId01', secret: 'fixtureSecret0123456789abcdef' };
const READER: TestKey = { id: 'LBreader', secret: 'reader-secret' };
const DISABLED: TestKey = { id: 'LBdisabled', secret: 'disabled-secret' };
const KEYS: AccessKey[] = [
  { ...FULL, roles: ['manage'], projects: null, isEnabled: true, createdAt: 0 },
  { ...READER, roles: ['read'], projects: ['demo-project'], isEnabled: true, createdAt: 0 },
  { ...DISABLED, roles: ['manage'], projects: null, isEnabled: false, createdAt: 0 },
];

let nowMs = RECORDED_MS;
let server: Server;
let url: string;

beforeAll(async () => {
  const clock = { wallMs: () => nowMs, monotonicMs: () => performance.now() };
  const gate = createGate({
    resolveHost: createHostResolver({
      endpoints: ['sls.localhost'],
      domains: new Map(),
      registered: () => new Map(),
    }),
    defaultProject: 'default',
    authenticate: createAuthenticator({ findKey: (id) => KEYS.find((key) => key.id === id), clock }),
  });
  const bodies = createBodyReader(new BufferPool(0), new InFlight(1e6), () => new ApiError('PostBodyTooLarge'));
  const write: Route['handle'] = async (exchange) => {
    const { key, project, checkBody } = gate(exchange, 'log:PostLogStoreLogs');
    const body = await bodies.read(exchange, 1e6);
    checkBody(body.bytes);
    sendJson(exchange, 200, { key: key.id, project, bytes: body.bytes.length });
  };
  const read: Route['handle'] = (exchange) => {
    const { key, project, namesProject } = gate(exchange, 'log:GetLogStore');
    sendJson(exchange, 200, { key: key.id, project, namesProject });
  };
  server = testListener({
    routes: [
      { method: 'POST', path: '/logstores/:logstore', doc: null, handle: write },
      { method: 'POST', path: '/logstores/:logstore/shards/lb', doc: null, handle: write },
      { method: 'GET', path: '/logstores/:logstore', doc: null, handle: read },
    ],
    crossOrigin: true,
    clock,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  nowMs = RECORDED_MS;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function send(bytes: string | Buffer): Promise<RawAnswer> {
  const [answer] = await sendRaw(url, bytes);
  return answer as RawAnswer;
}

const textOf = ({ body }: RawAnswer) => JSON.parse(body.toString()) as Record<string, unknown>;

/** A request with its headers on the wire; those that are undefined are left out. */
function write(request: Unsigned, headers: Record<string, string | undefined>): string {
  const length = request.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(request.body)) };
  const lines = Object.entries({ ...headers, ...length }).filter(([, value]) => value !== undefined);
  const head = [`${request.method} ${request.path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`)];
  return `${head.join('\r\n')}\r\n\r\n${request.body?.toString() ?? ''}`;
}

const HOST = 'demo-project.sls.localhost:8080';
const GET: Unsigned = { method: 'GET', path: '/logstores/web', host: HOST };
const POST: Unsigned = {
  method: 'POST',
  path: '/logstores/web/shards/lb',
  host: HOST,
  headers: { 'content-type': 'application/json', 'x-log-bodyrawsize': '14' },
  body: '{"__logs__":[]}',
};

/** Signs, changes headers afterwards, sends. */
function sendSigned(request: Unsigned, scheme: Scheme, changes: Record<string, string | undefined> = {}, key = FULL) {
  return send(write(request, { ...sign(request, key, scheme, new Date(nowMs)), ...changes }));
}

describe('what real clients sent is let in, and nothing else about it', () => {
  test.each([
    ['@alicloud/log 1.2.6, PutLogs', 'putlogs-v1-signed.bin'],
    ['@alicloud/log 1.2.6, GetLogs', 'getlogs-v1-signed.http'],
    ['@alicloud/sls20201230 5.9.0, PutLogs with lz4', 'putlogs-v4-signed.bin'],
    ['@aliyun-sls/web-sts-plugin 0.3.9', 'web-sts-plugin-signed.http'],
  ])('%s', async (_what, file) => {
    const bytes = readFileSync(new URL(`../../../test/wire/requests/${file}`, import.meta.url));
    const answer = await send(bytes);
    expect(textOf(answer)).toMatchObject({ key: FULL.id, project: 'demo-project' });

    const altered = bytes.toString('latin1').replace('x-log-apiversion: 0.6.0', 'x-log-apiversion: 0.4.0');
    expect(textOf(await send(Buffer.from(altered, 'latin1')))).toMatchObject({ errorCode: 'SignatureNotMatch' });
    if (!file.startsWith('getlogs')) {
      bytes[bytes.length - 8] = 0x7f;
      expect((await send(bytes)).status).toBeGreaterThanOrEqual(400);
    }
    nowMs += 16 * 60_000;
    expect(textOf(await send(bytes))).toMatchObject({ errorCode: 'RequestTimeExpired' });
  });
});

describe.each<Scheme>(['hmac-sha1', 'hmac-sha256', 'v4'])('%s', (scheme) => {
  test('lets a signed request in', async () => {
    expect(textOf(await sendSigned(GET, scheme))).toEqual({
      key: FULL.id,
      project: 'demo-project',
      namesProject: true,
    });
    expect((await sendSigned(POST, scheme)).status).toBe(200);
    const query = { ...GET, path: '/logstores/web?type=log&query=a%20b*%7Cselect%201%20%22%E5%BC%A0%22&from=1&topic=' };
    expect((await sendSigned(query, scheme)).status).toBe(200);
    const token = { ...POST, headers: { ...POST.headers, 'x-acs-security-token': 'STS.any' } };
    expect((await sendSigned(token, scheme)).status).toBe(200);
  });

  test('is good for 15 minutes either way', async () => {
    for (const seconds of [900, -900, 901, -901]) {
      const headers = sign(GET, FULL, scheme, new Date(RECORDED_MS + seconds * 1000));
      const answer = await send(write(GET, headers));
      expect(answer.status).toBe(Math.abs(seconds) > 900 ? 400 : 200);
      if (answer.status === 400) {
        expect(textOf(answer)).toEqual({
          errorCode: 'RequestTimeExpired',
          errorMessage:
            `Request time ${headers['date'] ?? headers['x-log-date']} has been expired ` +
            'while server time is Sun, 22 Nov 2026 14:35:23 GMT.',
        });
      }
    }
  });

  test('of a body that was changed on its way is refused', async () => {
    const signed = sign(POST, FULL, scheme, new Date(nowMs));
    const answer = await send(write({ ...POST, body: '{"__logs__":[ ]}' }, signed));
    expect(textOf(answer)).toMatchObject(
      scheme === 'v4'
        ? { errorCode: 'SignatureNotMatch' }
        : { errorCode: 'ParameterInvalid', errorMessage: 'Content-MD5 does not match the request body.' },
    );
  });

  test('tells a wrong secret', async () => {
    const answer = await sendSigned(GET, scheme, {}, { ...FULL, secret: 'not-the-secret' });
    expect(answer.status).toBe(401);
    expect(textOf(answer)['errorCode']).toBe('SignatureNotMatch');
    expect(textOf(answer)['errorMessage']).toMatch(/^Signature \S+ not matched\.$/);
  });
});

describe('a request that cannot be checked is told why', () => {
  const date = 'Sun, 22 Nov 2026 14:35:23 GMT';
  test.each<[string, Record<string, string | undefined>, number, string, string]>([
    ['no Host', { host: undefined }, 400, 'MissingHost', 'Host does not exist in http header.'],
    [
      'no version',
      { 'x-log-apiversion': undefined },
      400,
      'MissingAPIVersion',
      'x-log-apiversion does not exist in http header.',
    ],
    [
      'another version',
      { 'x-log-apiversion': '1.0' },
      400,
      'InvalidAPIVersion',
      'x-log-apiversion 1.0 is unsupported.',
    ],
    [
      'no Authorization',
      { authorization: undefined },
      400,
      'MissAccessKeyId',
      'x-log-accesskeyid does not exist in header.',
    ],
    [
      'an Authorization without an id',
      { authorization: 'LOG :c2ln' },
      400,
      'MissAccessKeyId',
      'x-log-accesskeyid does not exist in header.',
    ],
    [
      'an Authorization of another kind',
      { authorization: 'Basic YTpi' },
      400,
      'ParameterInvalid',
      'Http extend authorization : Basic YTpi pair is invalid.',
    ],
    [
      'no method',
      { 'x-log-signaturemethod': undefined },
      400,
      'MissingSignatureMethod',
      'x-log-signaturemethod does not exist in http header.',
    ],
    [
      'another method',
      { 'x-log-signaturemethod': 'hmac-md5' },
      400,
      'InvalidSignatureMethod',
      'signature method hmac-md5 is unsupported.',
    ],
    ['no date', { date: undefined }, 400, 'MissingDate', 'Date does not exist in http header.'],
    [
      'a date of another form',
      { date: '2026-11-22T14:35:23Z' },
      400,
      'InvalidDateFormat',
      'Date 2026-11-22T14:35:23Z must follow RFC822.',
    ],
    [
      'a day that is not there',
      { date: 'Sun, 31 Nov 2026 14:35:23 GMT' },
      400,
      'InvalidDateFormat',
      'Date Sun, 31 Nov 2026 14:35:23 GMT must follow RFC822.',
    ],
    ['an unknown key', { authorization: 'LOG LBnobody:c2ln' }, 401, 'Unauthorized', 'AccessKeyId not found: LBnobody'],
    [
      'a disabled key',
      { authorization: 'LOG LBdisabled:c2ln' },
      401,
      'Unauthorized',
      'AccessKeyId is disabled: LBdisabled',
    ],
    [
      'another signature',
      { authorization: `LOG ${FULL.id}:c2ln` },
      401,
      'SignatureNotMatch',
      'Signature c2ln not matched.',
    ],
    [
      'an unknown key that is late: the date comes first',
      { authorization: 'LOG LBnobody:c2ln', date: 'Sun, 22 Nov 2026 13:35:23 GMT' },
      400,
      'RequestTimeExpired',
      `Request time Sun, 22 Nov 2026 13:35:23 GMT has been expired while server time is ${date}.`,
    ],
  ])('%s', async (_what, changes, status, errorCode, errorMessage) => {
    const answer = await sendSigned(GET, 'hmac-sha1', changes);
    expect(textOf(answer)).toEqual({ errorCode, errorMessage });
    expect(answer.status).toBe(status);
  });

  test.each([
    ['no date', undefined, 'MissingDate'],
    ['a date of v1', date, 'InvalidDateFormat'],
    ['a month that is not there', '20261322T143523Z', 'InvalidDateFormat'],
  ])('v4 with %s', async (_what, value, errorCode) => {
    expect(textOf(await sendSigned(GET, 'v4', { 'x-log-date': value }))).toMatchObject({ errorCode });
  });

  test('a day in v4 that is not that of the date', async () => {
    const headers = sign(GET, FULL, 'v4', new Date(nowMs));
    const authorization = headers['authorization']?.replace('/20261122/', '/20261121/');
    expect(textOf(await send(write(GET, { ...headers, authorization })))).toMatchObject({
      errorCode: 'SignatureNotMatch',
    });
  });
});

describe('dates as SDKs write them', () => {
  test.each(['Tue, 22 Nov 2026 14:35:23 GMT', 'Sun, 22 Nov 2026 14:35:23 +0000'])('%s', async (date) => {
    expect((await sendSigned({ ...GET, headers: { date } }, 'hmac-sha1')).status).toBe(200);
  });

  test('a day of one digit', async () => {
    nowMs = Date.UTC(2026, 10, 3, 14, 35, 23);
    const date = 'Tue, 3 Nov 2026 14:35:23 GMT';
    expect((await sendSigned({ ...GET, headers: { date } }, 'hmac-sha1')).status).toBe(200);
  });

  test('x-log-date goes before Date', async () => {
    const answer = await sendSigned(GET, 'hmac-sha1', {
      date: 'Sun, 22 Nov 2020 14:35:23 GMT',
      'x-log-date': 'Sun, 22 Nov 2026 14:35:23 GMT',
    });
    expect(answer.status).toBe(200);
  });
});

describe('who has a key has no more than it is for', () => {
  const denied = (action: string, project: string) => ({
    errorCode: 'Unauthorized',
    errorMessage: `denied by sts or ram, action: ${action}, resource: acs:log:local:0:project/${project}/logstore/web`,
  });

  test('a role', async () => {
    expect((await sendSigned(GET, 'v4', {}, READER)).status).toBe(200);
    const answer = await sendSigned(POST, 'v4', {}, READER);
    expect(answer.status).toBe(401);
    expect(textOf(answer)).toEqual(denied('log:PostLogStoreLogs', 'demo-project'));
  });

  test('projects', async () => {
    const other = { ...GET, host: 'other.sls.localhost' };
    expect(textOf(await sendSigned(other, 'hmac-sha1', {}, READER))).toEqual(denied('log:GetLogStore', 'other'));
    expect(textOf(await sendSigned(other, 'hmac-sha1'))).toMatchObject({ project: 'other' });
  });
});

test('a request to the service itself names its project otherwise, or means the default one', async () => {
  const bare = { ...GET, host: '127.0.0.1:8080' };
  expect(textOf(await sendSigned(bare, 'v4'))).toMatchObject({ project: 'default', namesProject: false });
  const header = { ...bare, headers: { 'x-log-project': 'shop' } };
  expect(textOf(await sendSigned(header, 'v4'))).toMatchObject({ project: 'shop', namesProject: true });
  const parameter = { ...bare, path: '/logstores/web?project=shop' };
  expect(textOf(await sendSigned(parameter, 'v4'))).toMatchObject({ project: 'shop', namesProject: true });
});
