// Goal: a listener speaks https with the pair in its files, takes a new one without a stop, and never trades a good one for a bad one.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { connect } from 'node:tls';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeCertificate } from '../../test/support/certificate.js';
import { testListener } from '../../test/support/test-listener.js';
import { sendJson } from './answer.js';
import { openTlsFiles, type TlsFiles } from './tls-files.js';

const directory = mkdtempSync(path.join(tmpdir(), 'logboom-tls-'));
const certFile = path.join(directory, 'cert.pem');
const keyFile = path.join(directory, 'key.pem');
const errors: string[] = [];
const log = pino({ level: 'error' }, { write: (line: string) => errors.push(line) });

let files: TlsFiles;
let server: Server;
const first = makeCertificate();

function put({ cert, key }: { cert: string; key: string }): void {
  for (const [file, text] of [
    [certFile, cert],
    [keyFile, key],
  ] as const) {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  }
}

/** The certificate that a new connection is shown, as PEM, and the answer to a request on it. */
async function greet(): Promise<{ cert: string; answer: string }> {
  const { port } = server.address() as AddressInfo;
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
  socket.end('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  let answer = '';
  let cert = '';
  socket.once('secureConnect', () => {
    cert = socket.getPeerX509Certificate()?.toString() ?? '';
  });
  for await (const chunk of socket) answer += chunk;
  return { cert, answer };
}

const lines = (pem: string) => pem.replace(/\s/g, '');

beforeEach(async () => {
  errors.length = 0;
  put(first);
  files = await openTlsFiles({ certFile, keyFile, log, checkEveryMs: 5 });
  server = testListener({
    routes: [{ method: 'GET', path: '/', doc: null, handle: (exchange) => sendJson(exchange, 200, { here: true }) }],
    crossOrigin: true,
    log,
    tls: files,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  files.close();
  server.close();
});

test('answers over https', async () => {
  const { cert, answer } = await greet();
  expect(lines(cert)).toBe(lines(first.cert));
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(files.credentials.expiresAt).toBeGreaterThan(Date.now() / 1000);
});

test('shows a new certificate soon after it is there', async () => {
  const second = makeCertificate();
  put(second);
  await expect.poll(async () => lines((await greet()).cert)).toBe(lines(second.cert));
});

describe('the old one stays, and the log says once why, when the new', () => {
  test.each<[string, () => void]>([
    ['certificate is broken', () => writeFileSync(certFile, '-----BEGIN CERTIFICATE-----\nMII\n')],
    ['certificate has another key', () => writeFileSync(certFile, makeCertificate().cert)],
    ['files are empty', () => put({ cert: '', key: '' })],
    ['files are gone', () => rmSync(certFile)],
  ])('%s', async (_what, spoil) => {
    spoil();
    await expect.poll(() => errors.length).toBe(1);
    expect(errors[0]).toContain('the old certificate stays in use');
    expect(lines((await greet()).cert)).toBe(lines(first.cert));
    const third = makeCertificate();
    put(third);
    await expect.poll(async () => lines((await greet()).cert)).toBe(lines(third.cert));
  });
});

test('a start without a pair that fits says so', async () => {
  writeFileSync(keyFile, makeCertificate().key);
  await expect(openTlsFiles({ certFile, keyFile, log })).rejects.toThrow(/cannot use the certificate .*cert\.pem/);
});

test('bytes that are no TLS end their own connection alone', async () => {
  const { port } = server.address() as AddressInfo;
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  expect((await greet()).answer).toMatch(/^HTTP\/1\.1 200 OK/);
});
