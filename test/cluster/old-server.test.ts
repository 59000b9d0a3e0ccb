// Goal: a real ClickHouse server that ends, hangs, refuses us or is too old costs nobody a log, and is named with its reason.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checkServers } from '../../src/doctor/check-store.js';
import { openLog } from '../../src/platform/diagnostics.js';
import { connectServer, type ServerAccess } from '../../src/store/connect.js';
import { sendBody } from '../../src/store/send-body.js';
import { Servers } from '../../src/store/servers.js';
import { requireOldServer } from '../support/old-server.js';
import { removeData, startService } from '../support/service.js';
import { StoreProcess } from '../support/store-process.js';

const OldServer = requireOldServer();
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 25_000, interval: 50 });
const log = openLog('test', 'silent');
const MIB = 1024 * 1024;

describe.skipIf(OldServer === null)('ClickHouse 18.16.1', () => {
  if (OldServer === null) return;
  const first = new OldServer();
  const second = new OldServer();
  const passwordFile = path.join(first.directory, 'password');
  const access: ServerAccess = { user: first.user, passwordFile, caFile: '', connectMsMax: 2000 };

  beforeAll(async () => {
    await Promise.all([first.start(), second.start()]);
    for (const server of [first, second]) {
      await server.run('CREATE TABLE lines (n UInt64, text String) ENGINE = MergeTree ORDER BY n');
    }
  });

  beforeEach(() => fs.writeFileSync(passwordFile, `${first.password}\n`));

  afterAll(() => Promise.all([first.remove(), second.remove()]));

  describe('a service in front of it', () => {
    const flags = () => [
      ...['--store', 'cluster', '--store-urls', first.url],
      ...['--store-user', first.user, '--store-password-file', passwordFile],
    ];

    test('takes logs, says that the password is wrong, and then that it is too old, and why', async () => {
      const today = new StoreProcess({ isOnPort: true });
      await today.start();
      const before = await startService({ flags: ['--store', 'cluster', '--store-urls', today.url] });
      await before.stop();
      await today.remove();

      fs.writeFileSync(passwordFile, 'wrong');
      const service = await startService({ data: before.data, flags: flags() });
      const status = async () => (await (await service.admin('GET', '/api/v1/status')).json()) as Status;
      const body = '{"__logs__":[{"a":"b"}]}';
      const headers = { 'x-log-apiversion': '0.6.0', 'x-log-bodyrawsize': String(body.length) };
      const answer = await fetch(`${service.publicUrl}/logstores/web/track`, { method: 'POST', headers, body });
      expect(answer.status).toBe(200);
      await eventually(async () => (await status()).store.lastError).toMatch(/Wrong password for user logboom/);
      expect(await status()).toMatchObject({ ready: true, store: { kind: 'cluster' } });

      fs.writeFileSync(passwordFile, first.password);
      await eventually(async () => (await status()).store.lastError).toMatch(
        /^ClickHouse 18\.16\.1 is too old for Logboom: it lacks the type DateTime64, .*the type Map.*the setting insert_deduplication_token/,
      );
      await eventually(status).toMatchObject({ ready: true, shards: [{ figures: { unloadedSegments: 1 } }] });
      expect(await first.run('SHOW DATABASES')).not.toContain('logboom');
      await service.stop();
      await removeData(service.data);
    });

    test('is told so at its very first start, which needs the catalog', async () => {
      await expect(startService({ flags: flags() })).rejects.toThrow(/first start .*ClickHouse 18\.16\.1 is too old/);
    });

    test('is told so by the doctor before', async () => {
      const findings = await checkServers([first.url, 'http://127.0.0.1:1'], access);
      expect(findings).toMatchObject([
        { kind: 'problem', what: expect.stringMatching(/ClickHouse 18\.16\.1 is too old/) },
        { kind: 'problem', what: expect.stringMatching(/ECONNREFUSED/) },
      ]);
    });
  });

  describe('bodies and outages, with a table that it can hold', () => {
    let servers: Servers;
    /** Of the body that was sent last. */
    let bytesRead = 0;

    const open = (pingEveryMs = 0) => {
      const places = [first, second].map(({ url: name }) => ({
        name,
        connect: () => connectServer(name, access, 'default'),
      }));
      return new Servers({ places, log, pingMsMax: 500, pingEveryMs, restMsMin: 50, restMsMax: 100 });
    };

    const insert = (file: string) =>
      servers.ask(
        ({ client }) =>
          sendBody(file, async (values) => {
            values.on('data', () => {
              bytesRead = values.bytesRead;
            });
            values.pause();
            for await (const _ of (await client.exec({ query: 'INSERT INTO lines FORMAT JSONEachRow', values }))
              .stream);
          }),
        'once',
      );

    /** Which one is asked. */
    const current = async () => {
      await servers.ask(({ client }) => client.command({ query: 'SELECT 1' }), 'repeatable');
      return servers.inUse === first.url ? 'first' : 'second';
    };

    function writeLines(name: string, count: number): string {
      const file = path.join(first.directory, name);
      const lines = Array.from({ length: count }, (_, n) => `{"n":${n},"text":"${'x'.repeat(1000)}"}\n`);
      fs.writeFileSync(file, lines.join(''));
      return file;
    }

    test('64 MiB go there as fast as they are taken, and no faster', async () => {
      servers = open();
      const file = writeLines('large', 64_000);
      expect(fs.statSync(file).size).toBeGreaterThan(61 * MIB);
      expect(await current()).toBe('first');
      first.signal('SIGSTOP');
      const sending = insert(file);
      // What the kernel's buffers take, and then nothing more is read.
      let before = 0;
      await expect
        .poll(
          () => {
            const isStill = bytesRead > 0 && bytesRead === before;
            before = bytesRead;
            return isStill;
          },
          { timeout: 20_000, interval: 300 },
        )
        .toBe(true);
      expect(bytesRead).toBeLessThan(24 * MIB);
      first.signal('SIGCONT');
      await sending;
      expect(await first.run('SELECT count(), uniqExact(n) FROM lines')).toBe('64000\t64000\n');
      await servers.close();
    });

    test('one that is killed in the middle of a body is left, and its rows are not taken for stored', async () => {
      servers = open();
      const file = writeLines('killed', 20_000);
      const inserting = insert(file).then(
        () => 'stored',
        () => 'not known',
      );
      await first.end('SIGKILL');
      expect(await inserting).toBe('not known');
      expect(await current()).toBe('second');
      await first.start();
      // It stays where it is.
      expect(await current()).toBe('second');
      await servers.close();
    });

    test('one that hangs is left as soon as it owes an answer to a ping', async () => {
      servers = open(100);
      expect(await current()).toBe('first');
      await eventually(() => servers.health()[1]?.isUp).toBe(true);
      first.signal('SIGSTOP');
      // Is sent to the first one, and answered by the second.
      const answer = await servers.ask(async ({ client }, abort_signal) => {
        const result = await client.query({ query: 'SELECT 1 AS one', format: 'JSONEachRow', abort_signal });
        return result.json();
      }, 'repeatable');
      expect(answer).toEqual([{ one: 1 }]);
      expect(servers.health()[0]).toMatchObject({ isUp: false });
      expect(await current()).toBe('second');
      first.signal('SIGCONT');
      await eventually(() => servers.health()[0]?.isUp).toBe(true);
      expect(await current()).toBe('second');
      await servers.close();
    });

    test('all of them are tried again as soon as one is back', async () => {
      servers = open();
      await Promise.all([first.end('SIGKILL'), second.end('SIGKILL')]);
      await expect(current()).rejects.toThrow(/ECONNREFUSED/);
      expect(servers.health()).toMatchObject([{ isUp: false }, { isUp: false }]);
      await second.start();
      await eventually(async () => current().catch(() => 'none')).toBe('second');
      await first.start();
      await servers.close();
    });
  });
});

interface Status {
  readonly ready: boolean;
  readonly shards: readonly object[];
  readonly store: { readonly kind: string; readonly lastError: string | null };
}
