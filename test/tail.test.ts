// Goal: what was acknowledged is tailed soon, once and whatever its time, and tails that nobody reads cost no memory.
import { execFileSync } from 'node:child_process';
import * as http from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readEvents } from '../cli/events.js';
import type { Status } from '../src/api/status.js';
import { removeData, type Service, startService } from './support/service.js';
import { SlsClient } from './support/sls-client.js';

let service: Service;
beforeAll(async () => {
  service = await startService({ flags: ['--workers', '2'] });
  await service.allWorkers();
  for (const name of ['tailed', 'loud']) {
    const created = await service.admin('POST', '/api/v1/projects/default/logstores', { name, webTracking: true });
    expect(created.status).toBe(201);
  }
  // Queries begin when the store is up.
  await service.logs('tailed');
});
afterAll(async () => {
  await service.stop();
  await removeData(service.data);
});

async function track(logstore: string, logs: readonly Record<string, string>[]): Promise<void> {
  const response = await fetch(`${service.publicUrl}/logstores/${logstore}/track`, {
    method: 'POST',
    headers: { 'x-log-apiversion': '0.6.0', 'x-log-bodyrawsize': '1', connection: 'close' },
    body: JSON.stringify({ __logs__: logs }),
  });
  expect(response.status).toBe(200);
}

test('logs of both workers and of last week are tailed as they arrive', async () => {
  const path = '/api/v1/projects/default/logstores/tailed/tail?sample=off';
  const tail = await service.admin('GET', path);
  const events = readEvents(tail.body as ReadableStream<Uint8Array>);
  const seen: string[] = [];
  const next = async (): Promise<string> => {
    for (;;) {
      const { value } = await events.next();
      if (value === undefined || value.name === 'error') throw new Error(`the tail ended: ${value?.data}`);
      if (value.name === 'log') return (JSON.parse(value.data) as { n: string }).n;
    }
  };
  // The tail begins with what is stored when it is asked; until it shows something, nobody knows that it was.
  const first = next();
  for (let isOpen = false; !isOpen; ) {
    await track('tailed', [{ n: 'first' }]);
    isOpen = await Promise.race([first.then(() => true), new Promise<false>((r) => setTimeout(r, 200, false))]);
  }

  const wanted = Array.from({ length: 20 }, (_, i) => String(i));
  for (const n of wanted) await track('tailed', [{ n }]);
  const week = Math.floor(Date.now() / 1000) - 6 * 86_400;
  await new SlsClient(service, 'tailed').put({ logs: [{ time: week, contents: { n: 'last week' } }] });
  while (!wanted.every((n) => seen.includes(n)) || !seen.includes('last week')) seen.push(await next());
  const counted = seen.filter((n) => n !== 'first');
  expect(counted.toSorted()).toEqual([...wanted, 'last week'].toSorted());
  await events.return(undefined);
});

test('fifty tails that nobody reads hold no logs and no places in the engine, and there is no fifty-first', async () => {
  const { shards } = (await (await service.admin('GET', '/api/v1/status')).json()) as Status;
  const residentBytes = () => {
    const pids = shards.map(({ pid }) => String(pid)).join(',');
    const lines = execFileSync('ps', ['-o', 'rss=', '-p', pids], { encoding: 'utf8' }).trim().split('\n');
    return lines.reduce((sum, line) => sum + Number(line) * 1024, 0);
  };
  const url = `${service.adminUrl}/api/v1/projects/default/logstores/loud/tail?sample=off`;
  const agent = new http.Agent({ maxSockets: 200 });
  const responses: http.IncomingMessage[] = [];
  const open = () =>
    new Promise<number>((resolve, reject) => {
      const headers = { authorization: `Bearer ${service.key.id}:${service.key.secret}` };
      http
        .get(url, { agent, headers }, (response) => {
          responses.push(response.pause());
          resolve(response.statusCode ?? 0);
        })
        .on('error', reject);
    });
  // Each worker takes fifty; which one is asked is the kernel's choice.
  const statuses: number[] = [];
  while (!statuses.includes(503) && statuses.length <= 101) statuses.push(await open());
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(50);
  expect(statuses.at(-1)).toBe(503);

  const before = residentBytes();
  const pad = 'x'.repeat(20_000);
  for (let i = 0; i < 15; i += 1)
    await track(
      'loud',
      Array.from({ length: 100 }, (_, n) => ({ n: String(n), pad })),
    );
  // Nor do they hold places in the engine: others are answered.
  await service.logs('loud', { count: 300 });
  // 6 MB for each of them, had they been taken along.
  expect(residentBytes() - before).toBeLessThan(200 * 1024 * 1024);
  for (const response of responses) response.destroy();
});
