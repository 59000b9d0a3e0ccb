// Goal: when memory or disk is used up, what is too much is refused with 503 before it is read, all else goes on, and the
// service accepts again by itself.
import { afterEach, expect, test } from 'vitest';
import { counted } from '../support/logs.js';
import { readMetric } from '../support/metrics.js';
import { describeAnswer, openSocket, type RawAnswer, readAnswers, sendRaw } from '../support/raw-http.js';
import { removeData, type Service, startService } from '../support/service.js';
import { bodyOf, get, post } from './requests.js';

let service: Service;

async function start(...flags: string[]): Promise<void> {
  service = await startService({ flags });
}

afterEach(async ({ task }) => {
  expect(await service.stop()).toBe(0);
  if (task.result?.state === 'pass') await removeData(service.data);
});

const BUSY = '503 ServerBusy';
const LARGE_BYTES = 2_500_000;
const large = (n: string) => bodyOf(n).padEnd(LARGE_BYTES);

async function send(bytes: string | Buffer): Promise<RawAnswer> {
  const [answer] = await sendRaw(service.publicUrl, bytes);
  if (answer === undefined) throw new Error('no answer');
  return answer;
}

function expectBusy(answer: RawAnswer): void {
  expect(describeAnswer(answer)).toBe(BUSY);
  expect(answer.headers).toMatchObject({
    'retry-after': expect.stringMatching(/^\d+$/),
    'content-type': 'application/json',
    'x-log-requestid': expect.stringMatching(/^[0-9A-F]{24}$/),
    'access-control-allow-origin': '*',
  });
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function expectStored(...names: string[]): Promise<void> {
  const found = await service.logs('web', { count: names.length });
  expect(counted(found)).toEqual(counted(names.map((n) => ({ __topic__: '', __source__: '127.0.0.1', n }))));
}

test('a body beyond the budget for bodies is refused unread, small ones and GETs go on, and later it is taken', async () => {
  await start('--in-flight-bytes-max', '4MiB');
  const body = large('first');
  const slow = await openSocket(service.publicUrl);
  const slowAnswer = readAnswers(slow, 1);
  const bytes = post(body);
  // Enough to be no laggard.
  slow.write(bytes.subarray(0, 2_000_000));
  await until(async () => (await readMetric(service, 'logboom_in_flight_bytes')) >= LARGE_BYTES);

  expectBusy(await send(post('', { headers: [`Content-Length: ${LARGE_BYTES}`] })));
  expectBusy(await send(post('', { headers: [`Content-Length: ${LARGE_BYTES}`, 'Expect: 100-continue'] })));
  expectBusy(
    await send(post(`${LARGE_BYTES.toString(16)}\r\n${large('chunked')}`, { headers: ['Transfer-Encoding: chunked'] })),
  );
  expect((await send(post(bodyOf('small')))).status).toBe(200);
  expect((await send(get('get'))).status).toBe(200);

  slow.write(bytes.subarray(2_000_000));
  expect((await slowAnswer).map(({ status }) => status)).toEqual([200]);
  slow.destroy();
  expect((await send(post(large('second')))).status).toBe(200);
  expect(await readMetric(service, 'logboom_in_flight_bytes')).toBe(0);
  await expectStored('first', 'second', 'small', 'get');
});

test('who announces much and sends nothing loses the room to whoever needs it', async () => {
  await start('--in-flight-bytes-max', '4MiB');
  const silent = await openSocket(service.publicUrl);
  const silentAnswer = readAnswers(silent, 1);
  silent.write(post('', { headers: [`Content-Length: ${LARGE_BYTES}`] }));
  await until(async () => (await readMetric(service, 'logboom_in_flight_bytes')) >= LARGE_BYTES);

  await until(async () => (await send(post(large('good')))).status === 200);
  expect((await silentAnswer).map(describeAnswer)).toEqual(['408 RequestTimeout']);
  silent.destroy();
  expect(await readMetric(service, 'logboom_in_flight_bytes')).toBe(0);
  await expectStored('good');
});

test('the rest of a body that was refused stays with the client until it may try again', async () => {
  const bytes = 30_000_000;
  await start(...['--in-flight-bytes-max', '32MiB', '--body-bytes-max', '32MiB', '--request-timeout', '60s']);
  const holder = await openSocket(service.publicUrl);
  holder.write(post('', { headers: [`Content-Length: ${bytes}`] }));
  holder.write(Buffer.alloc(1_000_000, ' '));
  await until(async () => (await readMetric(service, 'logboom_in_flight_bytes')) >= bytes);

  const refused = await openSocket(service.publicUrl);
  const answer = readAnswers(refused, 1);
  const sent = new Promise<number>((resolve) => {
    refused.write(post(Buffer.alloc(bytes, ' ')), () => resolve(performance.now()));
  });
  expect((await answer).map(describeAnswer)).toEqual([BUSY]);
  const answeredMs = performance.now();
  // Far more than the system buffers. Then it is read to its end, and the connection goes on.
  expect((await sent) - answeredMs).toBeGreaterThan(500);
  refused.write(get('after'));
  expect((await readAnswers(refused, 1)).map(({ status }) => status)).toEqual([200]);
  refused.destroy();
  holder.destroy();
});

test('below the floor of free disk nothing is accepted, and readiness says why', async () => {
  await start('--spool-free-bytes-min', '1024TiB');
  expectBusy(await send(post(bodyOf('x'))));
  expectBusy(await send(get('x')));
  expectBusy(await send(get('x', (text) => text.replace('track', 'track.gif'))));
  // What is wrong with the request itself is said first.
  expect(describeAnswer(await send(get('x', (text) => text.replace('web', 'no-such'))))).toBe('404 LogStoreNotExist');
  expect((await send('OPTIONS /logstores/web/track HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')).status).toBe(200);

  const ready = await fetch(`${service.adminUrl}/readyz`);
  expect(ready.status).toBe(503);
  expect(await ready.text()).toContain('less than the floor');
  expect((await fetch(`${service.publicUrl}/healthz`)).status).toBe(200);
  expect(await service.logs('web')).toEqual([]);
});

test('at the limit of the spool nothing is accepted until the store has caught up; then it is, by itself', async () => {
  await start(
    ...['--body-bytes-max', '16KiB', '--spool-segment-bytes-max', '16KiB', '--spool-commit-bytes-max', '16KiB'],
    ...['--spool-bytes-max', '64KiB', '--spool-hold-bytes-max', '0B', '--spool-hold-age', '0'],
  );
  const acknowledged: string[] = [];
  let sent = 0;
  const sendOne = async () => {
    const n = `${sent++}`.padEnd(8000, '.');
    const answer = await send(post(bodyOf(n)));
    if (answer.status === 200) acknowledged.push(n);
    else expectBusy(answer);
    return answer.status;
  };
  let refused = 0;
  await until(async () => {
    const statuses = await Promise.all(Array.from({ length: 16 }, sendOne));
    refused += statuses.filter((status) => status === 503).length;
    return refused > 0;
  });
  await until(async () => (await fetch(`${service.adminUrl}/readyz`)).status === 200);
  expect(await sendOne()).toBe(200);
  await expectStored(...acknowledged);
});
