// Goal: a test of a page finds in the emulator what its page sent, as strictly checked as by the service, and can make it fail.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LOGS_MAX } from '../../src/dev/kept-logs.js';
import { connectLogboom, type StartedLogboom, startLogboom } from '../../src/testing.js';

const BIN = path.resolve(import.meta.dirname, '../../bin/logboom');

let logboom: StartedLogboom;
beforeAll(async () => {
  logboom = await startLogboom();
});
beforeEach(() => logboom.reset());
afterAll(() => logboom.stop());

const track = (logs: readonly unknown[], group: object = {}, url = logboom.url) =>
  fetch(`${url}/logstores/shop/track?APIVersion=0.6.0`, {
    method: 'POST',
    body: JSON.stringify({ __logs__: logs, ...group }),
  });

test('keeps what is sent as a service would show it, in its order', async () => {
  const group = { __topic__: 'web', __source__: '10.0.0.7', __tags__: { app: 'shop' } };
  expect((await track([{ event: 'view' }, { event: 'buy', price: 99 }], group)).status).toBe(200);
  const labels = { __topic__: 'web', __source__: '10.0.0.7', '__tag__:app': 'shop' };
  expect(await logboom.logs('shop').toHaveLength(2)).toEqual([
    { __time__: expect.stringMatching(/^\d{10}$/), ...labels, event: 'view' },
    { __time__: expect.stringMatching(/^\d{10}$/), ...labels, event: 'buy', price: '99' },
  ]);
  expect(await logboom.logs('other').all()).toEqual([]);
  expect(await logboom.logs('shop', { project: 'another' }).all()).toEqual([]);
});

test('waits for a log that is on its way, and says what came instead of one that is not', async () => {
  const waiting = logboom.logs('shop').toContain({ event: 'buy' });
  await track([{ event: 'view' }]);
  await track([{ event: 'buy', price: '7' }]);
  expect(await waiting).toMatchObject({ event: 'buy', price: '7' });
  await expect(logboom.logs('shop').toContain({ event: 'sell' }, { withinMs: 10 })).rejects.toThrow(
    /^no log of shop has \{"event":"sell"\}; there are:\n.*"event":"view"/,
  );
  await expect(logboom.logs('shop').toHaveLength(3, { withinMs: 10 })).rejects.toThrow('shop has 2 logs and not 3');
});

test('refuses what a service refuses', async () => {
  const refused = await track([{ 'a\u0001': '1' }]);
  expect([refused.status, (await refused.json()).errorCode]).toEqual([400, 'InvalidKey']);
  expect((await fetch(`${logboom.url}/logstores/Shop!/track?APIVersion=0.6.0&a=1`)).status).toBe(404);
});

test('is as strict as SLS if asked to be', async () => {
  const strict = await startLogboom({ strict: true });
  expect((await track([{ price: 99 }], {}, strict.url)).status).toBe(400);
  expect((await track([{ price: '99' }], {}, strict.url)).status).toBe(200);
  await strict.stop();
});

test('an older log makes room for a newer one', { timeout: 60_000 }, async () => {
  const batch = Array.from({ length: 4096 }, () => ({ event: 'flood' }));
  for (let sent = 0; sent <= LOGS_MAX * 1.1; sent += batch.length) await track(batch);
  expect((await logboom.logs('shop').all()).length).toBeLessThanOrEqual(LOGS_MAX * 1.1);
});

describe('a fault', () => {
  test('with a status is answered, keeps nothing, and is over after its number of times', async () => {
    await logboom.fail({ status: 503, times: 2 });
    const statuses = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await track([{ attempt: String(i) }])).status);
    expect(statuses).toEqual([503, 503, 200]);
    expect(await logboom.logs('shop').toHaveLength(1)).toMatchObject([{ attempt: '2' }]);
  });

  test('can be a connection that breaks', async () => {
    await logboom.fail({ drop: true });
    await expect(track([{ a: '1' }])).rejects.toThrow();
    expect((await track([{ a: '2' }])).status).toBe(200);
  });

  test('can be a delay, after which the request is served', async () => {
    await logboom.fail({ delayMs: 50 });
    const before = performance.now();
    expect((await track([{ a: '1' }])).status).toBe(200);
    expect(performance.now() - before).toBeGreaterThanOrEqual(49);
  });

  test('that makes no sense is refused', async () => {
    await expect(logboom.fail({ status: 200 })).rejects.toThrow('0.status');
    await expect(logboom.fail({ delayMs: 1e9 })).rejects.toThrow('0.delayMs');
  });
});

test('logboom dev prints each log as a line, and can be asked from another process', async () => {
  const child = spawn(process.execPath, [BIN, 'dev'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  await expect.poll(() => out, { timeout: 10_000 }).toMatch(/^logboom ready: tracking http:\S+\n$/);
  const dev = connectLogboom(/http:\S+/.exec(out)?.[0] ?? '');
  await track([{ event: 'view' }], {}, dev.url);
  await dev.logs('shop').toContain({ event: 'view' });
  expect(JSON.parse(out.trim().split('\n')[1] ?? '')).toMatchObject({
    __project__: 'default',
    __logstore__: 'shop',
    event: 'view',
  });
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test.each([['--port', 'x'], ['--port', '70000'], ['--nonsense'], ['word']])('%s %s is wrong usage', async (...args) => {
  const child = spawn(process.execPath, [BIN, 'dev', ...args], { stdio: 'ignore' });
  expect(await once(child, 'exit')).toEqual([2, null]);
});
