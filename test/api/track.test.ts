// Goal: a started Logboom answers every case of the tracking API as documented, and stores exactly what it acknowledged.
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { counted } from '../support/logs.js';
import { removeData, type Service, startService } from '../support/service.js';
import type { ApiCase } from './case.js';
import { TRACK_CASES } from './track-cases.js';

let service: Service;

beforeAll(async () => {
  service = await startService({ flags: ['--endpoint', 'log.example.com'] });
  const created = await service.admin('POST', '/api/v1/projects/default/logstores', { name: 'closed' });
  expect(created.status).toBe(201);
});

afterAll(async () => {
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

function play({ method, path, headers = {}, body }: ApiCase['request']): Promise<Answer> {
  const url = new URL(service.publicUrl);
  return new Promise((resolve, reject) => {
    const sent: ClientRequest = request({
      host: url.hostname,
      port: url.port,
      method,
      path: path.replaceAll('{logstore}', 'web'),
      headers: {
        ...Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== null)),
        ...(body === undefined || 'transfer-encoding' in headers ? {} : { 'content-length': Buffer.byteLength(body) }),
      } as Record<string, string>,
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.end(body);
  });
}

test.each(TRACK_CASES)('$name ($source)', async ({ request: sent, expect: expected }) => {
  const answer = await play(sent);
  if (expected.error !== undefined) {
    const [errorCode, errorMessage] = expected.error;
    expect(JSON.parse(answer.body.toString())).toEqual({ errorCode, errorMessage });
    expect(answer.headers['content-type']).toBe('application/json');
  } else {
    expect(answer.body).toEqual(expected.body ?? Buffer.alloc(0));
  }
  expect(answer.status).toBe(expected.status);
  expect(answer.headers['x-log-requestid']).toMatch(/^[0-9A-F]{24}$/);
  expect(answer.headers['access-control-allow-origin']).toBe('*');
  for (const [name, value] of Object.entries(expected.headers ?? {})) {
    if (value === null) expect(answer.headers[name]).toBeUndefined();
    else expect(answer.headers[name]).toEqual(value instanceof RegExp ? expect.stringMatching(value) : value);
  }
});

test('what was acknowledged is found, each log once, and nothing else', async () => {
  const expected = TRACK_CASES.flatMap(({ stored = [] }) => stored);
  const logs = await service.logs('web', { count: expected.length });
  const found = logs.map(({ __time__, ...log }) => {
    expect(Number(__time__)).toBeGreaterThan(Date.now() / 1000 - 300);
    return log;
  });
  expect(counted(found)).toEqual(counted(expected));
});
