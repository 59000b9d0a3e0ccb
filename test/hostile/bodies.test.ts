// Goal: no body stops the service from answering others, makes it grow, or is stored as anything but what was sent.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { counted } from '../support/logs.js';
import { readMetric } from '../support/metrics.js';
import { describeAnswer, openSocket, readAnswers, sendRaw } from '../support/raw-http.js';
import { removeData, type Service, startService } from '../support/service.js';
import { BODY_CASES, DEAR_CASES, TINY_WITH_LARGE_CLAIM } from './body-cases.js';
import { bodyOf, get, post } from './requests.js';

/** Everyone else waits as long as the worker thinks about one body: processor time, as other tests take the rest. */
const BODY_CPU_SECONDS_MAX = 0.25;
/** The same by the clock, with all of them at once: 0.1 s, but other tests may leave a tenth of the machine. */
const STALL_SECONDS_MAX = 3;
const RSS_BYTES_MAX = 300 * 1024 * 1024;
/** Bodies in flight, 64 MiB; buffers kept for the next ones; what the scanner keeps; what is not collected yet. */
const RSS_GROWTH_BYTES_MAX = 160 * 1024 * 1024;
const CLAIMS = 2000;

let service: Service;

beforeAll(async () => {
  service = await startService();
});

afterAll(async () => {
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
});

const cpuSeconds = () => readMetric(service, 'process_cpu_seconds_total');
/** The longest that the worker has not looked at its sockets since it was asked last. */
const worstStall = () => readMetric(service, 'nodejs_eventloop_lag_max_seconds');
const residentBytes = () => readMetric(service, 'process_resident_memory_bytes');

async function send(request: Buffer): Promise<string> {
  const [answer] = await sendRaw(service.publicUrl, request);
  return answer === undefined ? 'none' : describeAnswer(answer);
}

test.each(BODY_CASES)('$name: $answer', async ({ request, answer }) => {
  expect(await send(request)).toBe(answer);
});

test('no beginning of a good body is taken for one', async () => {
  const body = bodyOf('cut');
  const beginnings = Array.from(body, (_, end) => post(body.slice(0, end)));
  const answers = await sendRaw(service.publicUrl, Buffer.concat(beginnings), { answers: beginnings.length });
  expect(answers.map(describeAnswer)).toEqual(beginnings.map(() => '400 PostBodyInvalid'));
});

// Once more, when what reads them has been compiled.
test.each(DEAR_CASES)('$name: read in little time', async ({ request }) => {
  const before = await cpuSeconds();
  await send(request);
  expect((await cpuSeconds()) - before).toBeLessThan(BODY_CPU_SECONDS_MAX);
});

test('all of these at once delay nobody for long, and leave no memory behind', async () => {
  const atOnce = async () => {
    const answers = DEAR_CASES.flatMap((bodyCase) => [bodyCase, bodyCase]).map(async ({ name, request, answer }) => {
      // Together they may be more than the service holds in memory.
      expect([`${name}: ${answer}`, `${name}: 503 ServerBusy`]).toContain(`${name}: ${await send(request)}`);
    });
    await Promise.all(answers);
  };
  await atOnce();
  const before = await residentBytes();
  await worstStall();
  for (let round = 0; round < 3; round++) await atOnce();
  expect(await worstStall()).toBeLessThan(STALL_SECONDS_MAX);
  const after = await residentBytes();
  expect(after - before).toBeLessThan(RSS_GROWTH_BYTES_MAX);
  expect(after).toBeLessThan(RSS_BYTES_MAX);
});

test('thousands of small bodies that claim to be large take no more memory than small ones', async () => {
  const socket = await openSocket(service.publicUrl);
  const before = await residentBytes();
  const answers = readAnswers(socket, CLAIMS);
  for (let i = 0; i < CLAIMS; i++) socket.write(TINY_WITH_LARGE_CLAIM);
  expect(new Set((await answers).map(describeAnswer))).toEqual(new Set(['200']));
  expect((await residentBytes()) - before).toBeLessThan(RSS_GROWTH_BYTES_MAX);
  socket.destroy();
});

test('a body far too large is dropped, and its sender sees the refusal', async () => {
  expect(await send(post('x'.repeat(30 * 1024 * 1024)))).toBe('400 PostBodyTooLarge');
});

test('a refused body is dropped, and the connection takes the next request', async () => {
  const socket = await openSocket(service.publicUrl);
  const tooLarge = post('x'.repeat(4 * 1024 * 1024));
  const answers = readAnswers(socket, 3);
  socket.write(tooLarge);
  socket.write(post(bodyOf('behind'), {}));
  socket.write(get('x', (text) => text.replace('web', 'no-such')));
  expect((await answers).map(describeAnswer)).toEqual(['400 PostBodyTooLarge', '200', '404 LogStoreNotExist']);
  socket.destroy();
});

test('what is found is what was acknowledged, as it was sent', async () => {
  const expected = [
    ...BODY_CASES.flatMap(({ stored = [] }) => stored),
    ...Array.from({ length: CLAIMS }, () => ({ n: 'claim' })),
    { n: 'behind' },
  ].map((log) => ({ __topic__: '', __source__: '127.0.0.1', ...log }));
  const found = await service.logs('web', { count: expected.length });
  expect(counted(found)).toEqual(counted(expected));
});
