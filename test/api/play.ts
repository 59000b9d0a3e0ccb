/** Plays a case against a server and holds the answer against what the case expects. */
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { expect } from 'vitest';
import type { ApiCase } from './case.js';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** `url` is the server's, without a path. */
export function play(url: string, { method, path, headers = {}, body }: ApiCase['request']): Promise<Answer> {
  const { hostname: host, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent: ClientRequest = request({
      host,
      port,
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

export function check(answer: Answer, expected: ApiCase['expect']): void {
  if (expected.error !== undefined) {
    const [errorCode, errorMessage] = expected.error;
    expect(JSON.parse(answer.body.toString())).toEqual({ errorCode, errorMessage });
    expect(answer.headers['content-type']).toBe('application/json');
  } else if (expected.json !== undefined) {
    expect(JSON.parse(answer.body.toString())).toEqual(expected.json);
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
}
