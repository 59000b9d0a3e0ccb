// Goal: whatever process dies or hangs, the service is whole again within moments, at the same address, and nothing is left over.
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  childrenOf,
  get,
  isAlive,
  makeDataDirectory,
  SmallService,
} from '../../test/support/supervisor/small-service.js';
import type { NodeReport } from '../model/node.js';
import type { Timing } from './timing.js';

let data: string;
const services: SmallService[] = [];

beforeEach(() => {
  data = makeDataDirectory();
});

afterEach(async () => {
  await Promise.all(services.splice(0).map((service) => service.destroy()));
  fs.rmSync(data, { recursive: true });
});

describe('a worker', () => {
  test('that is killed is started again at the same address, and the supervisor lives', async () => {
    const service = start();
    const { publicUrl, adminUrl } = await service.ready();
    const [before] = (await service.settled()).workers;
    process.kill(pidOf(before), 'SIGKILL');
    await expect
      .poll(() => get(`${publicUrl}/pid`).catch(() => undefined), PATIENTLY)
      .not.toBeOneOf([undefined, before?.pid]);
    expect(await get(`${adminUrl}/pid`)).toBe(await get(`${publicUrl}/pid`));
    expect((await service.settled()).workers[0]?.restarts).toBe(1);
    expect(isAlive(service.pid)).toBe(true);
  });

  test('that hangs is killed and started again', async () => {
    const service = start();
    const { publicUrl } = await service.ready();
    const [before] = (await service.settled()).workers;
    process.kill(pidOf(before), 'SIGSTOP');
    await expect.poll(() => isAlive(pidOf(before)), PATIENTLY).toBe(false);
    await expect.poll(() => get(`${publicUrl}/pid`).catch(() => undefined), PATIENTLY).not.toBeUndefined();
    expect(service.stderr).toContain('no sign of life');
  });

  test('that cannot start again is tried until it can', async () => {
    const service = start();
    const [before] = (await service.settled()).workers;
    const lock = path.join(data, 'spool', '1', 'lock');
    fs.rmSync(lock);
    fs.writeFileSync(lock, 'in the way');
    process.kill(pidOf(before), 'SIGKILL');
    await expect.poll(() => service.stderr.match(/is not a lock of ours/g)?.length, PATIENTLY).toBeGreaterThan(2);
    fs.rmSync(lock);
    expect((await service.settled()).workers[0]?.restarts).toBeGreaterThan(2);
  });

  test('leaves its connections to the others when it dies', async () => {
    const service = start(['--workers', '2']);
    const { publicUrl } = await service.ready();
    const [first] = (await service.settled(2)).workers;
    process.kill(pidOf(first), 'SIGKILL');
    for (let i = 0; i < 50; i++) expect(await get(`${publicUrl}/pid`)).not.toBe(first?.pid);
  });

  test('that beats is not blamed when it was the supervisor that hung', async () => {
    const service = start();
    const [before] = (await service.settled()).workers;
    service.signal('SIGSTOP');
    await sleep(1500); // longer than any silence that is allowed
    service.signal('SIGCONT');
    const [after] = (await service.settled()).workers;
    expect(after).toMatchObject({ pid: before?.pid, restarts: 0 });
  });
});

describe('the store', () => {
  test.each<[string, NodeJS.Signals, string, Partial<Timing>]>([
    ['dies', 'SIGKILL', 'has ended', {}],
    ['hangs', 'SIGSTOP', 'no sign of life', { pingEveryMs: 60_000 }],
    ['lives but does not answer', 'SIGUSR2', '3 pings in a row without an answer', {}],
  ])('that %s is started again, and the workers are told', async (_what, signal, reason, timing) => {
    const service = start([], timing);
    const { adminUrl } = await service.ready();
    expect((await service.settled()).store).toMatchObject({ isUp: true, generation: 1 });
    const [storePid] = childrenOf(service.pid, 'store.js');
    process.kill(storePid ?? 0, signal);
    await expect
      .poll(() => get<NodeReport['store'][]>(`${adminUrl}/stores`), PATIENTLY)
      .toContainEqual(expect.objectContaining({ isUp: true, generation: 2 }));
    expect(await get(`${adminUrl}/stores`)).toContainEqual(expect.objectContaining({ isUp: false, generation: 1 }));
    expect(service.stderr).toContain(reason);
    expect((await service.settled()).workers[0]?.restarts).toBe(0);
  });
});

describe('the supervisor', () => {
  test('killed, takes its workers and the store with it, and the next start succeeds at once', async () => {
    const service = start(['--workers', '2']);
    const { workers } = await service.settled(2);
    const left = [...workers.map(pidOf), ...childrenOf(service.pid, 'store.js')];
    expect(left).toHaveLength(3);
    service.signal('SIGKILL');
    const next = start(['--workers', '2']);
    await next.settled(2);
    expect(left.filter(isAlive)).toEqual([]);
  });

  test('does not start twice on the same data', async () => {
    const service = start();
    await service.ready();
    const second = start();
    expect(await second.ended).toBe(1);
    expect(second.stderr).toBe(`logboom: ${data} is in use by the process with pid ${service.pid}\n`);
    expect(second.stdout).toBe('');
  });

  test('says which address is taken, in one line', async () => {
    const other = net.createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as net.AddressInfo;
    const service = start(['--admin-listen', `127.0.0.1:${port}`]);
    expect(await service.ended).toBe(1);
    expect(service.stderr).toBe(`logboom: cannot listen on 127.0.0.1:${port}: another program listens there\n`);
    other.close();
  });

  test('says what kept the first worker from starting, in one line, and does not try for ever', async () => {
    fs.writeFileSync(`${data}/spool`, 'not a directory');
    const service = start();
    expect(await service.ended).toBe(1);
    expect(service.stderr).toMatch(/^logboom: .*spool.*\n$/);
  });

  test('prints where it is ready in one line, and on the first start what to do next', async () => {
    const first = start();
    const { publicUrl } = await first.ready();
    expect(first.stdout.split('\n').filter((line) => line.includes('ready'))).toHaveLength(1);
    await expect.poll(() => first.stdout).toContain(`curl '${publicUrl}/logstores/web/track`);
    expect(first.stdout).toContain(JSON.parse(fs.readFileSync(`${data}/access-key`, 'utf8')).secret);
    first.signal('SIGTERM');
    expect(await first.ended).toBe(0);
    const again = start();
    await again.ready();
    again.signal('SIGTERM');
    await again.ended;
    expect(again.stdout.split('\n')).toHaveLength(2);
  });
});

describe('a change of the catalog', () => {
  test('is known to every worker when it is confirmed, and not confirmed before', async () => {
    const service = start(['--workers', '2'], { silenceMsMax: 60_000, answerMsMax: 60_000 });
    const [first, second] = (await service.settled(2)).workers;
    process.kill(pidOf(second), 'SIGSTOP');
    const confirmed = get(`http://127.0.0.1:${ownPortOf(first)}/projects/slowly`, 'POST');
    await expect.poll(() => get(`http://127.0.0.1:${ownPortOf(first)}/projects`)).toContain('slowly');
    expect(await Promise.race([confirmed, sleep(300, 'not yet')])).toBe('not yet');
    process.kill(pidOf(second), 'SIGCONT');
    await confirmed;
    expect(await get(`http://127.0.0.1:${ownPortOf(second)}/projects`)).toContain('slowly');
  });

  test('that is refused is refused to the worker in the same words', async () => {
    const service = start();
    const { adminUrl } = await service.ready();
    await expect(get(`${adminUrl}/projects/default`, 'POST')).rejects.toThrow(
      '{"code":"ProjectAlreadyExist","message":"Project default already exist."}',
    );
  });

  test('is confirmed in bounded time while a worker hangs, which knows it after its restart', async () => {
    const service = start(['--workers', '2']);
    const [first, second] = (await service.settled(2)).workers;
    process.kill(pidOf(second), 'SIGSTOP');
    await get(`http://127.0.0.1:${ownPortOf(first)}/projects/meanwhile`, 'POST');
    expect(isAlive(pidOf(second)), 'not only because it was killed').toBe(true);
    await expect.poll(() => isAlive(pidOf(second)), PATIENTLY).toBe(false);
    const [, restarted] = (await service.settled(2)).workers;
    expect(await get(`http://127.0.0.1:${ownPortOf(restarted)}/projects`)).toContain('meanwhile');
  });
});

test('any worker can report for all of them, metrics included', async () => {
  const service = start(['--workers', '2']);
  const { workers } = await service.settled(2);
  expect(workers.map(({ shard, metrics }) => [shard, metrics])).toEqual([
    [1, { shard: 1, ownPort: expect.any(Number) }],
    [2, { shard: 2, ownPort: expect.any(Number) }],
  ]);
  expect(workers.every(({ beat }) => beat?.ready.isReady)).toBe(true);
});

const PATIENTLY = { timeout: 15_000, interval: 20 };

function start(flags: readonly string[] = [], timing: Partial<Timing> = {}): SmallService {
  const service = new SmallService(data, flags, timing);
  services.push(service);
  return service;
}

function pidOf(worker: NodeReport['workers'][number] | undefined): number {
  if (worker?.pid === undefined) throw new Error('no such worker');
  return worker.pid;
}

/** Where this very worker can be spoken to. */
function ownPortOf(worker: NodeReport['workers'][number] | undefined): number {
  if (worker?.metrics === undefined) throw new Error('no such worker');
  // What the small worker gives as its metrics.
  return (worker.metrics as { ownPort: number }).ownPort;
}
