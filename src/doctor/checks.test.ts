// Goal: each check tells a machine that will do from one that will not, and says how to mend it.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeCertificate } from '../../test/support/certificate.js';
import { checkDisk } from './check-disk.js';
import {
  checkLibrary,
  checkMemory,
  checkNode,
  checkOpenFiles,
  readMemoryBytes,
  readProcessReport,
} from './check-machine.js';
import { checkAddresses, checkCertificate, checkSecretsKey } from './check-service.js';
import type { Finding } from './finding.js';

const GIB = 1024 ** 3;
const log = pino({ level: 'silent' });

test.each<[string, Finding, Finding['kind']]>([
  ['an old Node', checkNode('20.18.9'), 'problem'],
  ['the oldest Node that will do', checkNode('20.19.0'), 'ok'],
  ['a new Node', checkNode('26.1.0'), 'ok'],
  ['Linux with glibc', checkLibrary('linux', '2.36'), 'ok'],
  ['Linux with another C library', checkLibrary('linux', undefined), 'problem'],
  ['macOS', checkLibrary('darwin', undefined), 'ok'],
  ['Windows', checkLibrary('win32', undefined), 'problem'],
  ['room for store and workers', checkMemory(4 * GIB, { storeBytes: GIB, workers: 2 }), 'ok'],
  ['too many workers', checkMemory(4 * GIB, { storeBytes: GIB, workers: 20 }), 'warning'],
  ['few open files', checkOpenFiles(1024, 10_000), 'warning'],
  ['open files without a limit', checkOpenFiles(Infinity, 10_000), 'ok'],
])('%s', (_what, { kind, advice }, expected) => {
  expect(kind).toBe(expected);
  expect(advice === undefined).toBe(expected === 'ok');
});

test('this process can be looked at', () => {
  expect(readMemoryBytes()).toBeGreaterThan(GIB / 4);
  expect(readProcessReport().openFiles).toBeGreaterThan(0);
});

describe('a directory and its files', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'logboom-doctor-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const kinds = async (findings: Promise<Finding[]>) => (await findings).map(({ kind, what }) => `${kind} ${what}`);

  test('a good one is timed, and left as it was', async () => {
    const findings = await kinds(checkDisk(directory, 1));
    expect(findings).toEqual(expect.arrayContaining([expect.stringMatching(/fdatasync takes \d+\.\d\d ms/)]));
    expect(findings.filter((text) => text.startsWith('problem'))).toEqual([]);
  });

  test('one that others may read', async () => {
    chmodSync(directory, 0o755);
    expect(await kinds(checkDisk(directory, 1))).toEqual(
      expect.arrayContaining([expect.stringMatching(/^warning .* has mode 755/)]),
    );
  });

  test('one without room', async () => {
    expect(await kinds(checkDisk(directory, 1e15))).toEqual(
      expect.arrayContaining([expect.stringMatching(/^problem .* free; logs are refused below/)]),
    );
  });

  test('one that cannot be made', async () => {
    writeFileSync(path.join(directory, 'file'), '');
    expect(await kinds(checkDisk(path.join(directory, 'file', 'data'), 1))).toEqual([
      expect.stringMatching(/^problem .* cannot be written: /),
    ]);
  });

  test('a certificate that is good, that ends soon, that has ended, and that has another key', async () => {
    const [certFile, keyFile] = [path.join(directory, 'cert'), path.join(directory, 'key')];
    const pair = makeCertificate();
    writeFileSync(certFile, pair.cert);
    writeFileSync(keyFile, pair.key);
    const look = async (days: number) => {
      const nowSeconds = Date.now() / 1000 + days * 86_400;
      return (await checkCertificate({ certFile, keyFile }, nowSeconds, log)).kind;
    };
    // It is good until tomorrow.
    expect(await look(-30)).toBe('ok');
    expect(await look(0)).toBe('warning');
    expect(await look(3)).toBe('problem');
    writeFileSync(keyFile, makeCertificate().key);
    expect(await look(-30)).toBe('problem');
  });

  test('a key for secrets that is good, open to others, too short, and missing', async () => {
    const file = path.join(directory, 'secrets-key');
    expect((await checkSecretsKey(file)).kind).toBe('problem');
    writeFileSync(file, 'x'.repeat(32), { mode: 0o600 });
    expect((await checkSecretsKey(file)).kind).toBe('ok');
    chmodSync(file, 0o644);
    expect((await checkSecretsKey(file)).kind).toBe('warning');
    writeFileSync(file, 'short');
    expect((await checkSecretsKey(file)).kind).toBe('problem');
  });
});

describe('addresses', () => {
  const free = { host: '127.0.0.1', port: 0 };
  let server: Server;
  let status = 200;
  let name = 'Logboom';
  beforeEach(async () => {
    server = createServer((_request, response) => {
      response.writeHead(status, { Server: name }).end('{"ready":false,"reasons":["the disk is full"]}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => server.close());
  const taken = () => ({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });

  test('that are free', async () => {
    expect((await checkAddresses(free, free)).map(({ kind }) => kind)).toEqual(['ok', 'ok']);
  });

  test('of a service that accepts, of one that refuses, and of something else', async () => {
    expect(await checkAddresses(free, taken())).toMatchObject([{ kind: 'ok' }]);
    status = 503;
    expect(await checkAddresses(free, taken())).toMatchObject([
      { kind: 'problem', what: expect.stringContaining('the disk is full') },
    ]);
    name = 'something else';
    expect((await checkAddresses(free, taken())).map(({ kind }) => kind)).toEqual(['ok', 'problem']);
  });
});
