// Goal: a batch that is sent again under its identity is stored once and answered 200, whichever worker it reaches, over
// restarts and kills at any moment.

import { readdir } from 'node:fs/promises';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { play } from './api/play.js';
import { readMetric } from './support/metrics.js';
import { removeData, type Service, startService } from './support/service.js';
import { SlsClient } from './support/sls-client.js';

const FLAGS = ['--workers', '2', '--spool-hold-age', '0s', '--spool-segment-age-max', '50ms'];

const send = (service: Service, batch: string | undefined, n: string, target = '/logstores/web/track') =>
  play(service.publicUrl, {
    method: 'POST',
    path: `${target}?APIVersion=0.6.0`,
    headers: batch === undefined ? {} : { 'x-logboom-batch-id': batch },
    body: JSON.stringify({ __logs__: [{ n }] }),
  });

/** How often each `n` is found, once so many logs are there. */
async function found(service: Service, count: number): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { n = '' } of await service.logs('web', { count })) counts.set(n, (counts.get(n) ?? 0) + 1);
  return counts;
}

describe('a service', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService({ flags: FLAGS });
    await service.allWorkers();
    await service.admin('POST', '/api/v1/projects/default/logstores', { name: 'other', webTracking: true });
  });
  afterAll(async () => {
    expect(await service.stop()).toBe(0);
    await removeData(service.data);
  });

  test('stores a batch once, and says what it did', async () => {
    const first = await send(service, 'b-1', 'once');
    expect([first.status, first.headers['x-logboom-batch']]).toEqual([200, 'stored']);
    for (let retry = 0; retry < 10; retry++) {
      const again = await send(service, 'b-1', 'once');
      expect([again.status, again.headers['x-logboom-batch'], again.body.length]).toEqual([200, 'known', 0]);
      expect(again.headers['access-control-expose-headers']).toContain('x-logboom-batch');
    }
    expect((await send(service, 'b-1', 'other', '/logstores/other/track')).headers['x-logboom-batch']).toBe('stored');
    expect((await send(service, undefined, 'plain')).headers['x-logboom-batch']).toBeUndefined();
    expect(await readMetric(service, 'logboom_batches_total', 'known')).toBe(10);
    expect(await found(service, 2)).toEqual(new Map(Object.entries({ once: 1, plain: 1 })));
  });

  test('stores one of many that come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => send(service, 'b-2', 'at once')));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(answers.filter(({ headers }) => headers['x-logboom-batch'] === 'stored')).toHaveLength(1);
    expect((await found(service, 3)).get('at once')).toBe(1);
  });

  test('stores an image request once as well, and answers the image each time', async () => {
    const image = () =>
      play(service.publicUrl, {
        method: 'GET',
        path: '/logstores/web/track.gif?APIVersion=0.6.0&n=image',
        headers: { 'x-logboom-batch-id': 'b-3' },
      });
    const [first, second] = [await image(), await image()];
    expect([first.headers['x-logboom-batch'], second.headers['x-logboom-batch']]).toEqual(['stored', 'known']);
    expect(second.body).toEqual(first.body);
  });

  test('stores what is written with a key once, too, and knows it from pages as well', async () => {
    const client = new SlsClient(service, 'other');
    const put = () =>
      client.send('POST', '/shards/lb', '{"__logs__":[{"n":"put"}]}', {
        'content-type': 'application/json',
        'x-logboom-batch-id': 'b-5',
      });
    const outcomes = [await put(), await put()].map(({ headers }) => headers.get('x-logboom-batch'));
    expect(outcomes).toEqual(['stored', 'known']);
    expect((await send(service, 'b-5', 'put', '/logstores/other/track')).headers['x-logboom-batch']).toBe('known');
  });

  test('leaves the identity of a refused batch free', async () => {
    const refused = await play(service.publicUrl, {
      method: 'POST',
      path: '/logstores/web/track?APIVersion=0.6.0',
      headers: { 'x-logboom-batch-id': 'b-4' },
      body: '{"__logs__":[{"":"1"}]}',
    });
    expect(refused.status).toBe(400);
    expect((await send(service, 'b-4', 'mended')).headers['x-logboom-batch']).toBe('stored');
  });

  test.each(['', 'a b', 'ü', 'a"b', 'x'.repeat(65), 'a,b', '{}'])('refuses the identity %j', async (batch) => {
    const answer = await send(service, encodeLatin(batch), 'never');
    expect([answer.status, JSON.parse(answer.body.toString()).errorCode]).toEqual([400, 'InvalidBatchId']);
  });

  test('allows the header to pages that ask, and says the same as ever to those that do not', async () => {
    const preflight = (asked?: string) =>
      play(service.publicUrl, {
        method: 'OPTIONS',
        path: '/logstores/web/track',
        headers: asked === undefined ? {} : { 'access-control-request-headers': asked },
      });
    expect((await preflight('x-logboom-batch-id')).headers['access-control-allow-headers']).toBe('x-logboom-batch-id');
    expect((await preflight()).headers['access-control-allow-headers']).not.toContain('logboom');
  });
});

const encodeLatin = (text: string) => Buffer.from(text).toString('latin1');

test('over a stop and a start, when the segments are gone', async () => {
  const service = await startService({ flags: FLAGS });
  await service.allWorkers();
  for (let n = 0; n < 20; n++) expect((await send(service, `r-${n}`, `r-${n}`)).status).toBe(200);
  await found(service, 20);
  expect(await service.stop()).toBe(0);

  const again = await startService({ data: service.data, flags: FLAGS });
  await again.allWorkers();
  for (let n = 0; n < 20; n++) {
    expect((await send(again, `r-${n}`, `r-${n}`)).headers['x-logboom-batch'], `r-${n}`).toBe('known');
  }
  expect((await readdir(path.join(service.data, 'batches'))).length).toBeGreaterThan(0);
  expect(await again.stop()).toBe(0);
  await removeData(service.data);
});
