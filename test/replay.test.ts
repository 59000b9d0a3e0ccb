// Goal: a quarantined log is stored once, whatever rules are tried on it, however often, and whatever dies meanwhile.
import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type {
  PreviewAnswer,
  QuarantinedLogList,
  QuarantineStatus,
  ReplayInfo,
  ReplayList,
  ReplayRequest,
} from '../src/api/quarantine.js';
import { readMetric } from './support/metrics.js';
import { removeData, type Service, startService } from './support/service.js';

const COMMAND = path.resolve(import.meta.dirname, '../bin/logboom');
const execute = promisify(execFile);
const WEB = '/api/v1/projects/default/logstores/web';
const FLAGS = [
  ...['--spool-segment-age-max', '50ms', '--spool-hold-age', '1s'],
  ...['--non-string-values', 'refuse', '--quarantine-logs', '0'],
];
const CAST = [{ do: 'cast' }] as const;

let service: Service;

beforeAll(async () => {
  service = await startService({ flags: [...FLAGS, '--workers', '2'] });
  await service.allWorkers();
  await service.admin('PUT', WEB, { appendMeta: true, quarantine: { isOn: true } });
});

afterAll(async () => {
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
});

async function ask<T>(
  method: string,
  path: string,
  body?: unknown,
  status = method === 'POST' ? 201 : 200,
): Promise<T> {
  const answer = await service.admin(method, `${WEB}/quarantine${path}`, body);
  const text = await answer.text();
  expect(answer.status, text).toBe(status);
  return JSON.parse(text) as T;
}

const now = () => Math.ceil(Date.now() / 1000) + 60;
const range = (query = '') => ({ query, from: 0, to: now() });

async function send(logs: unknown[], others: object = {}): Promise<void> {
  const body = JSON.stringify({ ...others, __logs__: logs });
  // On a connection of its own, so that either worker may get it.
  const init = { method: 'POST', body, headers: { connection: 'close' } };
  const answer = await fetch(`${service.publicUrl}/logstores/web/track?APIVersion=0.6.0`, init);
  expect(answer.status, await answer.text()).toBe(200);
}

/** Resolves when the store has so many logs that wait. */
async function waiting(query: string, count: number): Promise<void> {
  await service.logs('web.quarantine', { query, count });
}

async function replay(rule: ReplayRequest['rule'], query = ''): Promise<ReplayInfo> {
  const { id } = await ask<ReplayInfo>('POST', '/replays', { rule, ...range(query) });
  return ended(id);
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

async function ended(id: string): Promise<ReplayInfo> {
  for (;;) {
    const info = await ask<ReplayInfo>('GET', `/replays/${id}`);
    if (info.state !== 'running') return info;
    await pause();
  }
}

test('a preview tells what a rule would make of each log, and changes nothing', async () => {
  await send([{ page: 'preview', n: 12345678901234567890n.toString() }, { page: 'preview', n: 7, '': 'x' }, 'preview']);
  await waiting('preview', 2);
  const answer = await ask<PreviewAnswer>('POST', '/preview', { rule: CAST, ...range('preview') }, 200);
  expect(answer).toMatchObject({ good: 0, dropped: 0, stillBad: 2 });
  const rule = [...CAST, { do: 'rename', field: '', to: 'empty' }, { do: 'wrap', field: 'text' }];
  const mended = await ask<PreviewAnswer>('POST', '/preview', { rule, ...range('preview') }, 200);
  expect(mended.good).toBe(2);
  const byReason = Object.fromEntries(mended.logs.map((log) => [log.before.reason, log.after]));
  expect(byReason).toEqual({
    ValueNotString: { page: 'preview', n: '7', empty: 'x' },
    LogNotObject: { text: 'preview' },
  });
  expect((await ask<QuarantinedLogList>('GET', '/logs?query=preview')).logs).toHaveLength(2);
});

test('a replayed log is what it would have been: its time, labels, address; and its batch is one', async () => {
  await send(
    [
      { page: 'whole', a: 1 },
      { page: 'whole', ok: 'yes' },
      { page: 'whole', b: true },
    ],
    {
      __topic__: 't',
      __tags__: { version: '7' },
    },
  );
  await waiting('whole', 2);
  const done = await replay(CAST, 'whole');
  expect(done).toMatchObject({ state: 'done', trouble: null, total: 2, counts: { stored: 2, stillBad: 0 } });
  const logs = await service.logs('web', { query: 'page: whole', count: 3 });
  const [taken] = logs.filter(({ ok }) => ok === 'yes');
  const { ok: _, ...labels } = taken ?? {};
  const tag = { '__tag__:__replay__': expect.stringMatching(new RegExp(`^${done.id}/`)) };
  expect(logs.filter(({ a }) => a)).toEqual([{ ...labels, ...tag, a: '1' }]);
  expect(logs.filter(({ b }) => b)).toEqual([{ ...labels, ...tag, b: 'true' }]);
});

test('a log once settled is never touched again, whatever the next rule says', async () => {
  await send([
    { page: 'twice', n: 1 },
    { page: 'twice', n: 2, '': 'x' },
    { page: 'twice', gone: null },
  ]);
  await waiting('twice', 3);
  expect(await replay([{ do: 'dropField', field: 'gone' }, ...CAST], 'twice')).toMatchObject({
    counts: { stored: 2, stillBad: 1 },
  });
  expect(await replay(CAST, 'twice')).toMatchObject({ counts: { stored: 0, stillBad: 1, settledBefore: 2 } });
  expect(await replay([{ do: 'dropLog' }], 'twice')).toMatchObject({ counts: { dropped: 1, settledBefore: 2 } });
  expect(await replay(CAST, 'twice')).toMatchObject({ counts: { stored: 0, settledBefore: 3 } });
  expect(await service.logs('web', { query: 'page: twice', count: 2 })).toHaveLength(2);
  expect((await ask<QuarantinedLogList>('GET', '/logs?query=twice')).logs).toEqual([]);
  expect((await ask<QuarantinedLogList>('GET', '/logs?query=twice&state=settled')).logs).toHaveLength(3);
});

test('the status counts what waits and what is settled; lists come page by page', async () => {
  await send(Array.from({ length: 5 }, (_, n) => ({ page: 'status', n })));
  await waiting('status', 5);
  const status = await ask<QuarantineStatus>('GET', '');
  expect(status).toMatchObject({ isOn: true, ttlDays: 7, logstore: 'web.quarantine', replay: null });
  expect(status.waiting[0]).toEqual({ reason: 'ValueNotString', logs: expect.any(Number) });
  expect(status.settledLogs).toBeGreaterThanOrEqual(5);
  const first = await ask<QuarantinedLogList>('GET', '/logs?query=status&limit=3');
  const second = await ask<QuarantinedLogList>('GET', `/logs?query=status&limit=3&after=${first.next}`);
  const texts = [...first.logs, ...second.logs].map(({ text }) => text);
  expect([new Set(texts).size, second.next]).toEqual([5, null]);
});

test('the command line previews, replays and tells', async () => {
  await send([
    { page: 'cli', n: 1 },
    { page: 'cli', n: 2, '': 'x' },
  ]);
  await waiting('cli', 2);
  const run = (...args: string[]) =>
    execute(COMMAND, ['quarantine', ...args, '--admin', service.adminUrl, '--data', service.data]);
  const which = ['web', '--query', 'cli', '--from', '1h', '--to', 'now+1m', '--rule', JSON.stringify(CAST)];
  const preview = await run('preview', ...which);
  expect(preview.stdout).toContain('- {"page":"cli","n":1}\n+ {"page":"cli","n":"1"}\n');
  expect(preview.stdout).toContain('- {"page":"cli","n":2,"":"x"}\n+ KeyEmpty: a key is empty\n');
  expect(preview.stdout).toContain('1 good, 0 dropped, 1 still bad.\n');
  expect((await run('replay', ...which)).stdout).toMatch(
    /^Replay \w+ done: 1 stored, 0 dropped, 1 still bad, 0 settled/,
  );
  expect((await run('list', 'web', '--query', 'cli', '--to', 'now+1m')).stdout).toContain(
    '{"page":"cli","n":2,"":"x"}',
  );
  expect((await run('status', 'web')).stdout).toMatch(/^Quarantine on, 7 days\. \d+ logs wait/);
  expect((await run('replays', 'web')).stdout).toContain('done: 1 stored');
  await expect(run('replay', 'web', '--rule', 'cast')).rejects.toMatchObject({ code: 2 });
}, 20_000);

describe('what is asked wrongly is refused', () => {
  test.each([
    ['no list of steps', { rule: {} }],
    ['an unknown step', { rule: [{ do: 'eval', code: '1' }] }],
    ['an unknown part of a step', { rule: [{ do: 'cast', feild: 'a' }] }],
    ['a cut to a negative length', { rule: [{ do: 'cut', bytes: -1 }] }],
    ['too many steps', { rule: Array.from({ length: 51 }, () => ({ do: 'cast' })) }],
    ['no search', { rule: [], query: '"' }],
    ['an empty range', { rule: [], from: 5, to: 5 }],
  ])('%s', async (_what, body) => {
    for (const call of ['/preview', '/replays']) {
      const answer = await ask<object>('POST', call, { ...range(), ...body }, 400);
      expect(answer).toMatchObject({ errorCode: 'ParameterInvalid' });
    }
  });

  test('a logstore that never had a quarantine, a replay that is none', async () => {
    await service.admin('POST', '/api/v1/projects/default/logstores', { name: 'plain' });
    const answer = await service.admin('GET', '/api/v1/projects/default/logstores/plain/quarantine/logs');
    expect(await answer.json()).toMatchObject({ errorCode: 'QuarantineNotExist' });
    for (const method of ['GET', 'DELETE']) await ask<object>(method, '/replays/0000000000000000', undefined, 404);
  });
});

test('kill -9 in mid replay, over and over: every log is stored once', async () => {
  const count = 2000;
  const batches = Array.from({ length: 20 }, (_, b) =>
    Array.from({ length: 100 }, (_x, n) => ({ page: 'crash', n: b * 100 + n })),
  );
  for (const batch of batches) await send(batch);
  await waiting('crash', count);
  const { id } = await ask<ReplayInfo>('POST', '/replays', { rule: CAST, ...range('crash') });
  const another = await service.admin('POST', `${WEB}/quarantine/replays`, { rule: [], ...range('crash') });
  expect([another.status, await another.json()]).toMatchObject([409, { errorCode: 'ReplayRunning' }]);

  for (let kills = 0; kills < 2; kills += 1) {
    const before = await ask<ReplayInfo>('GET', `/replays/${id}`);
    // Whichever is first: some more of it, or its end.
    for (;;) {
      const { state, counts } = await ask<ReplayInfo>('GET', `/replays/${id}`);
      if (state !== 'running' || counts.stored > before.counts.stored) break;
      await pause();
    }
    await service.kill();
    service = await startService({ data: service.data, flags: [...FLAGS, '--workers', '2'] });
  }
  const done = await ended(id);
  expect(done).toMatchObject({ state: 'done', total: count, counts: { stored: count, stillBad: 0, settledBefore: 0 } });
  expect(await replay([], 'crash')).toMatchObject({ counts: { stored: 0, settledBefore: count } });
  const numbers = (await service.logs('web', { query: 'page: crash', count })).map(({ n }) => Number(n));
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, n) => n));
  const { replays } = await ask<ReplayList>('GET', '/replays');
  expect(replays.map((one) => one.id)).toContain(id);
}, 120_000);

test('a replay can be ended; discarding leaves nothing to replay', async () => {
  await send(Array.from({ length: 50 }, (_, n) => ({ page: 'discard', n })));
  await waiting('discard', 50);
  const { id } = await ask<ReplayInfo>('POST', '/replays', { rule: CAST, ...range('discard') });
  await ask<ReplayInfo>('DELETE', `/replays/${id}`);
  expect(['cancelled', 'done']).toContain((await ended(id)).state);
  expect((await service.admin('DELETE', `${WEB}/quarantine/logs`)).status).toBe(200);
  expect(await ask<QuarantineStatus>('GET', '')).toMatchObject({ waiting: [], settledLogs: 0, oldestTime: null });
  expect(await replay(CAST)).toMatchObject({ state: 'done', total: 0 });
  expect(await readMetric(service, 'logboom_running_replays')).toBe(0);
});
