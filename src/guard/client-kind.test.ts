// Goal: a refused request is put down to the SDK that really sends such ones.
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { clientKind } from './client-kind.js';

const RECORDED = path.resolve(import.meta.dirname, '../../test/wire/requests');

function read(file: string): { method: string; path: string; headers: IncomingHttpHeaders } {
  const [head = ''] = readFileSync(path.join(RECORDED, file), 'latin1').split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const [method = '', target = ''] = first.split(' ');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { method, path: target.split('?', 1)[0] ?? '', headers };
}

describe('recorded from the clients themselves', () => {
  test.each([
    ['web-track-browser-beacon.http', 'web-track-browser, or a beacon'],
    ['web-track-browser-xhr.head.http', 'web-track-browser, or a beacon'],
    ['web-track-mini.http', 'a mini-program (web-track-mini)'],
    ['js-sls-logger-plain.http', 'js-sls-logger'],
    ['js-sls-logger-lz4.bin', 'js-sls-logger'],
    ['putwebtracking-v4-signed.http', 'an OpenAPI SDK (sls20201230)'],
    ['track-ua-gif.http', 'an image of a page'],
  ])('%s', (file, kind) => {
    expect(clientKind(read(file))).toBe(kind);
  });
});

test.each<[string, string, string, IncomingHttpHeaders]>([
  [
    'a mobile producer (iOS, Android, C)',
    'POST',
    '/logstores/web/track',
    { 'x-log-apiversion': '0.6.0', 'x-log-compresstype': 'lz4' },
  ],
  ['curl/8.5.0', 'POST', '/logstores/web/track', { 'user-agent': 'curl/8.5.0' }],
  ['Wget/1.21', 'GET', '/logstores/web/track', { 'user-agent': 'Wget/1.21 (linux-gnu)' }],
  ['loghub-tracking.js, or an own script', 'GET', '/logstores/web/track', { origin: 'https://a.test' }],
  [
    'an own script of a page',
    'POST',
    '/logstores/web/track',
    { origin: 'https://a.test', 'content-type': 'application/json' },
  ],
  [
    'an SDK for servers',
    'POST',
    '/logstores/web/track',
    { 'x-log-apiversion': '0.6.0', 'content-type': 'application/json' },
  ],
  ['a program', 'POST', '/logstores/web/track', {}],
  ['a script or a program', 'GET', '/logstores/web/track', {}],
])('%s', (kind, method, target, headers) => {
  expect(clientKind({ method, path: target, headers })).toBe(kind);
});
