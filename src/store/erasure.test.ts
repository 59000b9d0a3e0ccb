// Goal: what is on a list is in no file of the store any more, everything else is there once, and every step can be repeated.
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Engine, LIMITS, type Row, startEngine } from '../../test/support/query/engine.js';
import type { Erasure } from './erasure.js';
import type { Statement } from './store.js';

const DAY_MS = 24 * 3600 * 1000;
const NOON_MS = Date.UTC(2026, 10, 20, 12);
const HOT = 'page';

let engine: Engine;
let erasure: Erasure;
const never = new AbortController().signal;

beforeAll(async () => {
  engine = await startEngine();
  erasure = engine.store.erasure;
  await engine.run(`ALTER TABLE logs ADD COLUMN f_${HOT} Nullable(String)`);
  // What is compressed cannot be looked for in files.
  for (const column of ['fields', 'tags', 'source', `f_${HOT}`]) {
    await engine.run(`ALTER TABLE logs MODIFY COLUMN ${column} CODEC(NONE)`);
  }
}, 60_000);
afterAll(() => engine.close());

let logstore = 0;
beforeEach(() => {
  logstore += 1;
});

/** Log groups of one log on `days` days, in `parts` inserts. Every tenth has the marker in every place that a log has. */
async function insert({ days = 2, parts = 3, marker }: { days?: number; parts?: number; marker: string }) {
  let seq = 0;
  for (let part = 0; part < parts; part += 1) {
    const rows: Row[] = [];
    for (let i = 0; i < 20 * days; i += 1) {
      const mark = (place: string) => (seq % 10 === 3 ? `${marker}-${place}` : 'nobody');
      rows.push({
        logstore,
        timeMs: NOON_MS - (i % days) * DAY_MS + seq,
        seq,
        source: mark('source'),
        tags: [['tag', mark('tag')]],
        fields: [
          ['field', mark('field')],
          [HOT, mark('column')],
        ],
      });
      seq += 1;
    }
    await engine.insert(rows, [HOT]);
  }
  return seq;
}

function chosen(condition: string): Statement {
  return {
    sql: `SELECT toDate(time) AS day, shard, seq, row FROM logs WHERE logstore = {logstore:UInt64} AND ${condition}`,
    parameters: { logstore },
  };
}

async function eraseAll(list: string): Promise<number> {
  const days = (await erasure.listedDays(list, never)) ?? [];
  for (const { day } of days) {
    for (const part of [0, 1]) {
      const onTrouble = (reason: string) => expect.unreachable(reason);
      await erasure.eraseListed(list, { logstoreId: logstore, day, part, parts: 2 }, onTrouble, never);
    }
  }
  await erasure.dropOldParts(
    days.map(({ day }) => day),
    never,
  );
  return days.reduce((sum, { rows }) => sum + rows, 0);
}

const numbers = (condition = 'true') =>
  engine.count(`SELECT count() AS count FROM logs WHERE logstore = ${logstore} AND ${condition}`);

/** Files of the engine that have the text in them. */
function filesWith(text: string, directory = path.join(engine.process.directory, 'data')): string[] {
  try {
    return fs.readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
      const file = path.join(directory, entry.name);
      if (entry.isDirectory()) return filesWith(text, file);
      return entry.isFile() && fs.readFileSync(file).includes(text) ? [file] : [];
    });
  } catch (error) {
    // The engine removes files meanwhile: what is gone has nothing.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return fs.existsSync(directory) ? filesWith(text, directory) : [];
    throw error;
  }
}

describe('rows of a list', () => {
  test('are in no file any more, and all others are there', async () => {
    const marker = 'marker-5f0c22aa';
    const rows = await insert({ marker });
    expect(filesWith(`${marker}-field`)).not.toEqual([]);
    expect(filesWith(`${marker}-column`)).not.toEqual([]);
    await erasure.beginList('a1', never);
    await erasure.addToList('a1', chosen(`source = '${marker}-source'`), LIMITS, never);
    expect(await eraseAll('a1')).toBe(rows / 10);
    expect(filesWith(marker)).toEqual([]);
    expect(await numbers()).toBe((rows / 10) * 9);
    await erasure.dropList('a1', never);
    expect(await erasure.listedDays('a1', never)).toBeNull();
  });

  test('were there once however often they were put on it, and repeating every step changes nothing', async () => {
    const rows = await insert({ marker: 'again' });
    for (let round = 0; round < 2; round += 1) {
      await erasure.beginList('a2', never);
      for (let i = 0; i < 3; i += 1) await erasure.addToList('a2', chosen('seq % 10 = 3'), LIMITS, never);
      expect(await eraseAll('a2')).toBe(round === 0 ? rows / 10 : 0);
    }
    expect(await numbers()).toBe((rows / 10) * 9);
    await erasure.dropList('a2', never);
  });

  test('are those that were there, of this logstore: the same values that come later, or elsewhere, stay', async () => {
    const rows = await insert({ marker: 'twin' });
    const twin = logstore;
    logstore += 1;
    await insert({ marker: 'twin' });
    await erasure.beginList('a3', never);
    await erasure.addToList('a3', chosen(`source = 'twin-source'`), LIMITS, never);
    await engine.insert([{ logstore, timeMs: NOON_MS, seq: rows + 3, source: 'twin-source' }]);
    await eraseAll('a3');
    expect(await numbers()).toBe((rows / 10) * 9 + 1);
    expect(await engine.count(`SELECT count() AS count FROM logs WHERE logstore = ${twin}`)).toBe(rows);
    await erasure.dropList('a3', never);
  });
});

test('an engine that is killed again and again while it deletes has deleted exactly the list in the end', {
  timeout: 120_000,
}, async () => {
  const rows = await insert({ marker: 'killed-77aa', days: 3, parts: 6 });
  await erasure.beginList('a5', never);
  await erasure.addToList('a5', chosen(`source = 'killed-77aa-source'`), LIMITS, never);
  let isDone = false;
  const work = (async () => {
    for (;;) {
      try {
        await eraseAll('a5');
        isDone = true;
        return;
      } catch {
        await sleep(50);
      }
    }
  })();
  for (let round = 0; round < 4 && !isDone; round += 1) {
    await sleep(Math.random() * 400);
    await engine.process.end('SIGKILL');
    await engine.process.start();
  }
  await work;
  expect(await numbers()).toBe((rows / 10) * 9);
  expect(await numbers(`startsWith(source, 'killed')`)).toBe(0);
  expect(filesWith('killed-77aa')).toEqual([]);
  await erasure.dropList('a5', never);
});

test('inserts of segments that run already are waited for', async () => {
  const query = `INSERT INTO logs (logstore, time, ttl) SELECT ${logstore}, now(), 3650 FROM numbers(10) WHERE sleepEachRow(0.1) = 0`;
  const insertion = new Promise<void>((resolve, reject) => {
    const path = `/?database=logboom&query_id=${encodeURIComponent('load t 1')}`;
    const request = http.request({ socketPath: engine.process.socket, method: 'POST', path }, (response) => {
      response.resume().once('end', resolve);
    });
    request.once('error', reject).end(query);
  });
  const running = `SELECT count() AS count FROM system.processes WHERE startsWith(Settings['log_comment'], 'load ')`;
  await expect.poll(() => engine.count(running)).toBe(1);
  await erasure.settleInserts(never);
  expect(await numbers()).toBe(10);
  await insertion;
});
