// Goal: a signal ends the service in order and in time, with every accepted request answered; a second one ends it now.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  childrenOf,
  get,
  isAlive,
  makeDataDirectory,
  SmallService,
} from '../../test/support/supervisor/small-service.js';
import { lockDirectory } from '../platform/lock.js';

let data: string;
let service: SmallService;

beforeEach(() => {
  data = makeDataDirectory();
});

afterEach(async () => {
  await service.destroy();
  fs.rmSync(data, { recursive: true });
});

describe('one signal', () => {
  test.each<[string, () => void]>([
    ['SIGTERM to the supervisor', () => service.signal('SIGTERM')],
    ['SIGTERM to every process, from a service manager', () => service.signalAll('SIGTERM')],
    ['SIGINT to every process, from a terminal', () => service.signalAll('SIGINT')],
  ])('%s: what is in flight is answered, nothing new is accepted, and nothing is left', async (_what, send) => {
    service = new SmallService(data, ['--workers', '2']);
    const { publicUrl, adminUrl } = await service.ready();
    await service.settled(2);
    const children = childrenOf(service.pid);
    const inFlight = Promise.all([get(`${publicUrl}/slow?1000`), get(`${adminUrl}/slow?1000`)]);
    await get(`${publicUrl}/pid`); // so the two before it have arrived
    send();
    await expect.poll(() => get(`${publicUrl}/pid`).then(String, () => 'refused')).toBe('refused');
    expect(await inFlight).toHaveLength(2);
    expect(await service.ended).toBe(0);
    expect(children).toHaveLength(3);
    expect(children.filter(isAlive)).toEqual([]);
    expect(fs.existsSync(path.join(data, 'lock'))).toBe(false);
  });

  test('while it starts ends it at once', async () => {
    const lock = await lockDirectory(path.join(data, 'spool', '1'), 0); // as if a predecessor's worker still lived
    service = new SmallService(data);
    await expect.poll(() => fs.readdirSync(data)).toContain('lock');
    service.signal('SIGTERM');
    expect(await service.ended).toBe(0);
    expect(service.stdout).toBe('');
    lock.release();
  });
});

test('a store that still opens its files is not waited for, and that is an orderly end', async () => {
  fs.mkdirSync(path.join(data, 'run'), { mode: 0o700 });
  fs.writeFileSync(path.join(data, 'run', 'opening'), '');
  service = new SmallService(data);
  await service.ready();
  const children = childrenOf(service.pid);
  service.signal('SIGTERM');
  expect(await service.ended).toBe(0);
  expect(children).toHaveLength(2);
  expect(children.filter(isAlive)).toEqual([]);
});

describe('in bounded time', () => {
  test.each<[string, (workerPid: number) => void]>([
    ['a request that takes longer', () => {}],
    ['a worker that hangs', (workerPid) => process.kill(workerPid, 'SIGSTOP')],
  ])('%s is cut off, and the exit code says so', async (_what, disturb) => {
    service = new SmallService(data, ['--shutdown-timeout', '1s']);
    const { publicUrl } = await service.ready();
    const [worker] = (await service.settled()).workers;
    const inFlight = get(`${publicUrl}/slow?60000`).catch(() => 'cut off');
    await get(`${publicUrl}/pid`);
    disturb(worker?.pid ?? 0);
    const signalledAt = performance.now();
    service.signal('SIGTERM');
    expect(await service.ended).toBe(1);
    expect(performance.now() - signalledAt).toBeLessThan(3000);
    expect(await inFlight).toBe('cut off');
    expect(service.stderr).toContain('did not stop in time');
  });
});

test('a second signal ends everything now', async () => {
  service = new SmallService(data);
  const { publicUrl } = await service.ready();
  await service.settled();
  const children = childrenOf(service.pid);
  const inFlight = get(`${publicUrl}/slow?60000`).catch(() => 'cut off');
  await get(`${publicUrl}/pid`);
  service.signal('SIGTERM');
  await expect.poll(() => service.stderr).toContain('stopping');
  service.signal('SIGTERM');
  expect(await service.ended).toBe(1);
  expect(await inFlight).toBe('cut off');
  await expect.poll(() => children.filter(isAlive)).toEqual([]);
});
