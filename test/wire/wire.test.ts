// Goal: what real clients put on the wire is answered as they expect and stored field by field, however it is cut on its way.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { counted } from '../support/logs.js';
import { openSocket, type RawAnswer, readAnswers, sendRaw } from '../support/raw-http.js';
import { removeData, type Service, startService } from '../support/service.js';
import { WIRE_REQUESTS, type WireRequest } from './requests.js';

let service: Service;

beforeAll(async () => {
  service = await startService({ flags: ['--endpoint', 'sls.localhost'] });
  const projects = '/api/v1/projects';
  expect((await service.admin('POST', projects, { name: 'demo-project' })).status).toBe(201);
  const logstore = { name: 'web', webTracking: true };
  expect((await service.admin('POST', `${projects}/demo-project/logstores`, logstore)).status).toBe(201);
});

afterAll(async () => {
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
});

function check({ answer = {} }: WireRequest, { status, headers, body }: RawAnswer) {
  expect(status).toBe(200);
  expect(body.length).toBe(answer.bodyBytes ?? 0);
  expect(headers).toMatchObject({
    'content-length': String(answer.bodyBytes ?? 0),
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'x-log-requestid, x-log-time, Date',
    'x-log-requestid': expect.stringMatching(/^[0-9A-F]{24}$/),
    'x-log-time': expect.stringMatching(/^\d{10}$/),
    date: expect.stringMatching(/ GMT$/),
    ...answer.headers,
  });
}

describe.each(WIRE_REQUESTS)('$client: $how', (request) => {
  test('as it left the client', async () => {
    const [answer] = await sendRaw(service.publicUrl, request.bytes);
    check(request, answer as RawAnswer);
  });

  // Pieces of some hundred for the small ones; the size of a network packet for the large one.
  test('in pieces', async () => {
    const socket = await openSocket(service.publicUrl);
    const pieceBytes = Math.max(7, Math.floor(request.bytes.length / 100));
    const answers = readAnswers(socket, 1);
    for (let at = 0; at < request.bytes.length; at += pieceBytes) {
      socket.write(request.bytes.subarray(at, at + pieceBytes));
      await new Promise((resolve) => setImmediate(resolve));
    }
    check(request, (await answers)[0] as RawAnswer);
    socket.destroy();
  });
});

test('all of them one behind the other on a single connection are answered in order', async () => {
  const requests = WIRE_REQUESTS.map(({ bytes }) =>
    bytes.toString('latin1').replace('Connection: close', 'Connection: keep-alive'),
  );
  const answers = await sendRaw(service.publicUrl, Buffer.from(requests.join(''), 'latin1'), {
    answers: requests.length,
  });
  expect(answers).toHaveLength(requests.length);
  for (const [i, request] of WIRE_REQUESTS.entries()) check(request, answers[i] as RawAnswer);
});

test('what is found is what was sent, field by field, each of the three times it was sent', async () => {
  const sent = WIRE_REQUESTS.flatMap(({ logs }) => logs);
  const expected = [...sent, ...sent, ...sent];
  const found = await service.logs('web', { project: 'demo-project', count: expected.length });
  expect(counted(found)).toEqual(counted(expected));
});
