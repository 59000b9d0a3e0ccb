// Goal: nodes of one cluster are answered, and nobody else; what goes wrong there arrives here as what it was.
import * as http from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Listening, listenLocally } from '../../test/support/listening.js';
import { ManualClock } from '../../test/support/manual-clock.js';
import { testListener } from '../../test/support/test-listener.js';
import { ApiError } from '../errors.js';
import type { Cluster } from '../model/cluster.js';
import { systemClock } from '../platform/clock.js';
import { callNode } from './call-node.js';
import { isSigned, type NodeCall, signCall } from './call-signature.js';
import { nodeCallRoute } from './node-call-route.js';

const SECRET = 'a secret that all nodes have';
const asked = { clock: systemClock, msMax: 5000 };

let server: Listening;
let url: string;
let cluster: Cluster | null;
let performed: NodeCall[];

async function perform(call: NodeCall): Promise<unknown> {
  performed.push(call);
  if (call.name === 'refuse') throw new ApiError('ConsumerGroupNotExist');
  if (call.name === 'break') throw new Error('a bug');
  return call.name === 'nothing' ? undefined : { heard: call.argument };
}

beforeEach(async () => {
  cluster = { id: 'c', secret: SECRET };
  performed = [];
  const routes = [nodeCallRoute({ view: { cluster: () => cluster }, clock: systemClock, perform })];
  server = await listenLocally(testListener({ routes }));
  url = `http://127.0.0.1:${server.port}`;
});

afterEach(() => server.close());

test('arguments go there and values come back', async () => {
  const argument = { logstoreId: 3, holds: [1, 2], text: 'ü"\\\n\u{1f600}' };
  expect(await callNode({ url, secret: SECRET }, { to: 1, name: 'echo', argument }, asked)).toEqual({
    heard: argument,
  });
  expect(await callNode({ url, secret: SECRET }, { to: 1, name: 'nothing', argument: null }, asked)).toBeNull();
});

test('an error of ours arrives as one, a bug as an error, and a node out of reach is busy', async () => {
  const call = (name: string, at = url) =>
    callNode({ url: at, secret: SECRET }, { to: 1, name, argument: null }, asked);
  await expect(call('refuse')).rejects.toMatchObject({ code: 'ConsumerGroupNotExist' });
  await expect(call('break')).rejects.toThrow('a bug');
  await expect(call('echo', 'http://127.0.0.1:1')).rejects.toMatchObject({ code: 'ServerBusy' });
});

test('who has another secret is refused, and nothing is done', async () => {
  await expect(callNode({ url, secret: 'other' }, { to: 1, name: 'echo', argument: 1 }, asked)).rejects.toMatchObject({
    code: 'ServerBusy',
    cause: { message: expect.stringContaining('401') },
  });
  cluster = null;
  await expect(callNode({ url, secret: SECRET }, { to: 1, name: 'echo', argument: 1 }, asked)).rejects.toThrow(
    ApiError,
  );
  const unsigned = await fetch(`${url}/api/v1/node-calls/1/echo`, { method: 'POST', body: 'null' });
  expect(unsigned.status).toBe(401);
  expect(performed).toEqual([]);
});

test('a signature is good for one call, at its time', () => {
  const call = { to: 1, name: 'echo', argument: { a: 1 } };
  const clock = new ManualClock();
  const now = clock.wallMs();
  const signature = signCall(SECRET, call, now);
  expect(isSigned(SECRET, call, signature, now + 299_000)).toBe(true);
  expect(isSigned(SECRET, call, signature, now + 301_000)).toBe(false);
  expect(isSigned(SECRET, call, signature, now - 301_000)).toBe(false);
  expect(isSigned(SECRET, { ...call, name: 'other' }, signature, now)).toBe(false);
  expect(isSigned(SECRET, { ...call, to: 2 }, signature, now)).toBe(false);
  expect(isSigned(SECRET, { ...call, argument: { a: 2 } }, signature, now)).toBe(false);
  for (const hostile of ['', ' ', signature.slice(1), `${signature}0`, `9${signature}`, signature.replace(/.$/, 'g')]) {
    expect(isSigned(SECRET, call, hostile, now), hostile).toBe(false);
  }
});

const CHUNK = 'x'.repeat(1024 * 1024);

test.each([
  ['no JSON', 'hello'],
  ['no object', '5'],
  ['nothing', 'null'],
  ['an error that is none', '{"error":7}'],
  ['an endless answer', ''],
])('what answers with %s is no node', async (_what, text) => {
  let sent = 0;
  const stranger = http.createServer((_, response) => {
    if (text !== '') return void response.end(text);
    const pour = () => {
      sent++;
      response.write(CHUNK, () => response.destroyed || pour());
    };
    pour();
  });
  const place = await listenLocally(stranger);
  const address = { url: `http://127.0.0.1:${place.port}`, secret: SECRET };
  await expect(callNode(address, { to: 1, name: 'echo', argument: null }, asked)).rejects.toMatchObject({
    code: 'ServerBusy',
  });
  expect(sent).toBeLessThan(100);
  await place.close();
});

test('an error of a later version arrives with its message', async () => {
  const error = { message: 'something new', api: { error: 'SomethingNew', values: {} } };
  const place = await listenLocally(http.createServer((_, response) => response.end(JSON.stringify({ error }))));
  const address = { url: `http://127.0.0.1:${place.port}`, secret: SECRET };
  await expect(callNode(address, { to: 1, name: 'echo', argument: null }, asked)).rejects.toThrow('something new');
  await place.close();
});
