// Goal: whatever bytes arrive, each request gets the one answer that is its own, in order, and only good ones are stored.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { counted } from '../support/logs.js';
import { describeAnswer, openSocket, readAnswers, sendRaw } from '../support/raw-http.js';
import { removeData, type Service, startService } from '../support/service.js';
import { FRAMING_CASES } from './framing-cases.js';
import { get } from './requests.js';

let service: Service;

beforeAll(async () => {
  service = await startService();
});

afterAll(async () => {
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
});

const isAlive = (text: string) => text.replace('GET', 'HEAD');

test.each(FRAMING_CASES)('$name ($source)', async ({ bytes, answers: expected, closes = false, isHead, end }) => {
  const socket = await openSocket(service.publicUrl);
  const reading = readAnswers(socket, closes ? Number.POSITIVE_INFINITY : expected.length, isHead);
  socket.write(bytes);
  if (end) socket.end();
  const answers = await reading;
  expect(answers.map((answer) => (isHead ? String(answer.status) : describeAnswer(answer)))).toEqual(expected);
  for (const { status, headers } of answers.filter(({ status }) => status !== 100)) {
    expect(headers['x-log-requestid']).toMatch(/^[0-9A-F]{24}$/);
    expect(headers['access-control-allow-origin']).toBe('*');
    if (status >= 400) expect(headers['content-type']).toBe('application/json');
  }
  if (!closes) {
    // The same connection is fit for another request.
    const next = readAnswers(socket, 1, true);
    socket.write(get('x', isAlive));
    expect((await next).map(({ status }) => status)).toEqual([200]);
  }
  socket.destroy();

  const [other] = await sendRaw(service.publicUrl, get('x', isAlive), { isHead: true });
  expect(other?.status).toBe(200);
});

test('exactly the good requests are stored', async () => {
  const expected = FRAMING_CASES.flatMap(({ stored = [] }) => stored);
  const found = await service.logs('web', { count: expected.length });
  expect(counted(found)).toEqual(counted(expected.map((n) => ({ __topic__: '', __source__: '127.0.0.1', n }))));
});
