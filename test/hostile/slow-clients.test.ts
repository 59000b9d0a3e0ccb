// Goal: clients that are slow, silent, many or gone cost a connection for a while, and nobody else anything.
import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { counted } from '../support/logs.js';
import { readMetric } from '../support/metrics.js';
import { describeAnswer, openSocket, readAnswers, sendRaw } from '../support/raw-http.js';
import { removeData, type Service, startService } from '../support/service.js';
import { bodyOf, get, post } from './requests.js';

const CONNECTIONS_MAX = 60;
/** Node looks for overdue requests once a second. */
const TIMEOUT_MS_MAX = 5000;

let service: Service;

beforeAll(async () => {
  const timeouts = ['--headers-timeout', '300ms', '--request-timeout', '600ms', '--keep-alive-timeout', '30s'];
  service = await startService({ flags: [...timeouts, '--connections-max', String(CONNECTIONS_MAX)] });
});

afterAll(async () => {
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
});

const BODY_TO_COME = ['Content-Length: 3000000'];
const acknowledged: string[] = [];

async function sendGood(n: string): Promise<void> {
  const [answer] = await sendRaw(service.publicUrl, post(bodyOf(n)));
  expect(answer?.status).toBe(200);
  acknowledged.push(n);
}

const successCount = () => readMetric(service, 'logboom_http_requests_total', 'listener="public",status="200"');
const inFlightBytes = () => readMetric(service, 'logboom_in_flight_bytes');

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS_MAX;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Writes a piece every 50 ms until the other side has ended the connection. */
function trickle(socket: Socket, bytes: Buffer | string): void {
  let at = 0;
  const timer = setInterval(() => {
    if (socket.readableEnded || socket.destroyed || at >= bytes.length) clearInterval(timer);
    else socket.write(bytes.slice(at, at + 1));
    at++;
  }, 50);
}

test.concurrent.each([
  ['says nothing at all', '', ['408 RequestTimeout']],
  ['stops in the middle of its headers', 'POST /logstores/web/track?APIVer', ['408 RequestTimeout']],
  ['stops behind its headers', post('', { headers: BODY_TO_COME }), ['408 RequestTimeout']],
  ['stops in the middle of its body', post('{"__logs__":[', { headers: BODY_TO_COME }), ['408 RequestTimeout']],
  [
    'stops in the middle of a chunk',
    post('ff\r\n{', { headers: ['Transfer-Encoding: chunked'] }),
    ['408 RequestTimeout'],
  ],
  [
    'is told to continue and does not',
    post('', { headers: [...BODY_TO_COME, 'Expect: 100-continue'] }),
    ['100', '408 RequestTimeout'],
  ],
  ['stops behind a good request', `${get('good')}POST /logst`, ['200', '408 RequestTimeout']],
  [
    'is refused and goes on sending nothing',
    post('{', { path: '/no-such', headers: BODY_TO_COME }),
    // No second answer, which a client would take for that of its next request.
    ['404 NotFound'],
  ],
])('a client that %s is answered and cut off', async (_what, bytes, expected) => {
  const answers = await sendRaw(service.publicUrl, bytes, { answers: Number.POSITIVE_INFINITY });
  expect(answers.map(describeAnswer)).toEqual(expected);
  for (const { status, headers } of answers) if (status > 100) expect(headers).toHaveProperty('x-log-requestid');
  if (expected[0] === '200') acknowledged.push('good');
});

test.concurrent.each([
  ['headers', get('too-slow')],
  ['body', post(bodyOf('too-slow'), { headers: [`Content-Length: ${bodyOf('too-slow').length}`] })],
])('a byte now and then does not keep slow %s alive', async (_what, bytes) => {
  const socket = await openSocket(service.publicUrl);
  const answers = readAnswers(socket, Number.POSITIVE_INFINITY);
  trickle(socket, bytes);
  expect((await answers).map(describeAnswer)).toEqual(['408 RequestTimeout']);
  socket.destroy();
});

test('clients that vanish in the middle of their bodies leave nothing behind, not even in the budget for bodies', async () => {
  const before = await inFlightBytes();
  const successesBefore = await successCount();
  const sockets = await Promise.all(Array.from({ length: 20 }, () => openSocket(service.publicUrl)));
  for (const socket of sockets) socket.write(post('{"__logs__":[{"n":"vanished"}', { headers: BODY_TO_COME }));
  await until(async () => (await inFlightBytes()) >= before + 20 * 3_000_000);
  for (const [i, socket] of sockets.entries()) {
    if (i % 2 === 0) socket.resetAndDestroy();
    else socket.destroy();
  }
  await until(async () => (await inFlightBytes()) === before);
  expect(await successCount()).toBe(successesBefore);
  await sendGood('after the vanished');
});

test('clients that do not wait for their answers are stored all the same, or not at all', async () => {
  const sockets = await Promise.all(Array.from({ length: 20 }, () => openSocket(service.publicUrl)));
  for (const socket of sockets) socket.write(post(bodyOf('impatient')), () => socket.destroy());
  await sendGood('after the impatient');
});

test('connections beyond the limit are closed at once, and the others go on', async () => {
  // Those of the tests before are gone as soon as the server has seen it.
  let sockets: Socket[] = [];
  await until(async () => {
    for (const socket of sockets) socket.destroy();
    sockets = await Promise.all(Array.from({ length: CONNECTIONS_MAX }, () => openSocket(service.publicUrl)));
    const answers = await Promise.all(
      sockets.map((socket) => {
        const answer = readAnswers(socket, 1, true);
        socket.write(get('x', (text) => text.replace('GET', 'HEAD')));
        return answer;
      }),
    );
    return answers.every(([answer]) => answer?.status === 200);
  });

  const oneTooMany = await openSocket(service.publicUrl);
  expect(await readAnswers(oneTooMany, Number.POSITIVE_INFINITY)).toEqual([]);
  const [first] = sockets;
  if (first === undefined) throw new Error('no connection');
  const answer = readAnswers(first, 1);
  first.write(get('within-the-limit'));
  expect((await answer).map(describeAnswer)).toEqual(['200']);
  acknowledged.push('within-the-limit');

  for (const socket of sockets) socket.destroy();
  await until(
    async () =>
      (
        await sendRaw(
          service.publicUrl,
          get('x', (text) => text.replace('GET', 'HEAD')),
          { isHead: true },
        )
      ).length === 1,
  );
  await sendGood('after the many');
});

test('what is found is what was acknowledged', async () => {
  const found = await service.logs('web', { count: acknowledged.length });
  // Of a request without an answer nothing is known, but that it is stored whole or not.
  const known = found.filter(({ n }) => n !== 'impatient');
  expect(found.length - known.length).toBeLessThanOrEqual(20);
  expect(counted(known)).toEqual(counted(acknowledged.map((n) => ({ __topic__: '', __source__: '127.0.0.1', n }))));
});
