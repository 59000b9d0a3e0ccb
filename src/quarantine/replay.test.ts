// Goal: whatever becomes of a write - done, not done, done without anybody hearing of it - each log is replayed once and counted once.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newLogstore } from '../../test/support/catalog.js';
import { canonicalBody, spoolOptions } from '../../test/support/spool-fixtures.js';
import { StoreProcess } from '../../test/support/store-process.js';
import type { ReplayInfo } from '../api/quarantine.js';
import { type Loader, openLoader } from '../loader/loader.js';
import { systemClock } from '../platform/clock.js';
import { openLog } from '../platform/diagnostics.js';
import { realDisk } from '../platform/disk.js';
import { TIME_SECONDS_MAX } from '../query/selection.js';
import { openSpool, type Spool } from '../spool/spool.js';
import { openStore } from '../store/clickhouse.js';
import type { Store } from '../store/store.js';
import { createScanner } from '../tracking/scan.js';
import { Mender } from './mend.js';
import { STEP_LOGS_MAX } from './replay.js';
import { openReplayer, type Replayer } from './replayer.js';

/** What becomes of the write of a group: `unheard` is durable, and its writer is told that it failed; with `last` its writer dies. */
type Fate = 'done' | 'failed' | 'unheard' | 'last';

const WEB = { ...newLogstore(1, 'shop', 'web'), quarantine: { isOn: true, ttlDays: 7, logsId: 2, replaysId: 3 } };
const LARGE = { ...newLogstore(4, 'shop', 'large'), quarantine: { isOn: true, ttlDays: 7, logsId: 5, replaysId: 6 } };
const LIMITS = { timeMsMax: 30_000, memoryBytesMax: 2 ** 30, rowsMax: 100_000 };
const BATCHES = 30;
const log = openLog('test', 'silent');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-replay-'));
const storeProcess = new StoreProcess();
let store: Store;
let spool: Spool;
let loader: Loader;
let replayers = 0;

beforeAll(async () => {
  await storeProcess.start();
  store = openStore({ socket: storeProcess.socket, log });
  const directory = path.join(dir, 'spool');
  spool = await openSpool(spoolOptions(realDisk, { directory, segmentAgeMs: 20, segmentBytesMax: 1024 * 1024 }));
  loader = openLoader({
    segments: spool.segments,
    store,
    catalog: { deadLogstores: () => [] },
    clock: systemClock,
    log,
  });
}, 60_000);

afterAll(async () => {
  await spool.close();
  await loader.close(1000);
  await store.close();
  await storeProcess.remove();
  fs.rmSync(dir, { recursive: true });
});

function append(logstoreId: number, logs: Record<string, string>[]): Promise<void> {
  const body = canonicalBody({ __logs__: logs });
  return new Promise((resolve, reject) => {
    const group = { logstoreId, ttlDays: 7, address: '203.0.113.9', appendMeta: false, body };
    spool.append(group, (failure) => (failure === null ? resolve() : reject(failure)));
  });
}

/** One that begins where the one before was when the process ended. */
function open(fateOf: () => Fate, limits = LIMITS): Promise<Replayer> {
  let hasCrashed = false;
  replayers += 1;
  const own = replayers;
  const isCurrent = () => own === replayers && !hasCrashed;
  return openReplayer({
    directory: path.join(dir, 'replays'),
    disk: realDisk,
    mender: new Mender({ nonStringValues: 'refuse' }),
    scanner: createScanner({ logsMax: STEP_LOGS_MAX, nonStringValues: 'refuse' }),
    capKeys: (_, body) => body,
    store,
    limits,
    shards: { written: [1], all: [1] },
    ownShard: 1,
    position: async ({ logstoreId }) => ({ ...spool.position(logstoreId), storeRun: loader.trustedRun }),
    spool: {
      refusal: () => null,
      append(group, acknowledge) {
        if (!isCurrent()) return;
        const fate = fateOf();
        if (fate === 'failed') return acknowledge(new Error('it was not written'));
        spool.append(group, (failure) => {
          if (fate === 'last') hasCrashed = true;
          else if (isCurrent()) acknowledge(fate === 'unheard' ? new Error('nobody knows') : failure);
        });
      },
    },
    findLogstore: (id) => [WEB, LARGE].find((one) => one.id === id),
    onReplayed: () => {},
    clock: systemClock,
    log,
  });
}

async function numbersIn(logstoreId: number, count: number): Promise<number[]> {
  const sql = `SELECT fields['n'] AS n FROM logs WHERE logstore = ${logstoreId}`;
  for (;;) {
    const { rows } = await store.ask<{ n: string }>({ sql, parameters: {} }, LIMITS, new AbortController().signal);
    if (rows.length >= count) return rows.map(({ n }) => Number(n)).sort((a, b) => a - b);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('a long life of failed and unheard writes and of crashes', async () => {
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const logs = [0, 1, 2].map((place) => ({ n: batch * 3 + place }));
    // The last of each stays bad under the rule.
    const texts = logs.map((one, place) => JSON.stringify(place === 2 ? { ...one, '': 'x' } : one));
    await append(
      2,
      texts.map((text, index) => ({ text, reason: 'ValueNotString', n: String(index) })),
    );
  }
  await numbersIn(2, 3 * BATCHES);

  // A crash at every other write in the beginning, and nothing but successes at the end.
  const fates: Fate[] = ['done', 'unheard', 'last', 'failed', 'done', 'done', 'unheard', 'last', 'done', 'failed'];
  let writes = 0;
  const fateOf = () => fates[(writes++ * 7) % (writes > 60 ? 1 : fates.length)] ?? 'done';
  let replayer = await open(fateOf);
  const asked = { rule: [{ do: 'cast' } as const], query: '', from: 0, to: TIME_SECONDS_MAX };
  const [started] = await replayer.answer({ do: 'start', ...asked, logstoreId: 1, logsId: 2, settledId: 3 });
  let crashes = 0;
  let info: ReplayInfo | undefined = started;
  let lastWrites = -1;
  while (info?.state === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 400));
    [info] = await replayer.answer({ do: 'list', logstoreId: 1 });
    // It waits for an answer that never comes.
    if (info?.state === 'running' && writes === lastWrites) {
      crashes += 1;
      replayer = await open(fateOf);
    }
    lastWrites = writes;
  }

  expect(crashes).toBeGreaterThan(0);
  const counts = { stored: 2 * BATCHES, dropped: 0, stillBad: BATCHES, settledBefore: 0 };
  expect(info).toMatchObject({ state: 'done', total: 3 * BATCHES, counts });
  const good = Array.from({ length: 3 * BATCHES }, (_, n) => n).filter((n) => n % 3 !== 2);
  expect(await numbersIn(1, good.length)).toEqual(good);
}, 120_000);

test('logs that are too large for the memory of one question are replayed a few at a time', async () => {
  const logs = Array.from({ length: 40 }, (_, n) => ({ n, text: 'x'.repeat(1_000_000) }));
  for (const one of logs) {
    await append(5, [{ text: JSON.stringify(one), reason: 'ValueNotString', n: String(one.n) }]);
  }
  await numbersIn(5, logs.length);
  const replayer = await open(() => 'done', { ...LIMITS, memoryBytesMax: 50_000_000 });
  const rule = [{ do: 'dropField', field: 'text' } as const, { do: 'cast' } as const];
  const range = { query: '', from: 0, to: TIME_SECONDS_MAX };
  await replayer.answer({ do: 'start', rule, ...range, logstoreId: 4, logsId: 5, settledId: 6 });
  const info = async () => (await replayer.answer({ do: 'list', logstoreId: 4 }))[0];
  await expect.poll(async () => (await info())?.state, { timeout: 60_000 }).not.toBe('running');
  expect(await info()).toMatchObject({ state: 'done', trouble: null, total: 40, counts: { stored: 40 } });
  expect(await numbersIn(4, logs.length)).toEqual(logs.map(({ n }) => n));
}, 120_000);
