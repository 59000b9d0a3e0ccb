// Goal: whenever a key gets a column of its own, and whoever has heard of it, every log is there once with all its fields.
import * as path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type SegmentFile, writeSegment } from '../../test/support/segment-file.js';
import { StoreProcess } from '../../test/support/store-process.js';
import { openLog } from '../platform/diagnostics.js';
import { openStore, type StoreOptions } from './clickhouse.js';
import type { LogRow, LogTable } from './log-table.js';
import { writeStatement } from './parameters.js';
import type { SegmentLoad, Store } from './store.js';

const NOON_MS = Date.UTC(2026, 10, 22, 12);
const LIMITS = { timeMsMax: 20_000, memoryBytesMax: 300_000_000, rowsMax: 10_000 };
const FOREVER = 1e9;
/** Each takes a second or two: tables are made, changed and dropped. */
const RUNS = Number(process.env['COLUMN_RUNS'] ?? 4);
const never = new AbortController().signal;

const storeProcess = new StoreProcess();
const opened: Store[] = [];
let segmentNumber = 0;
/** Every test has a database, and so a table, of its own. */
let database = '';
let databaseCount = 0;

beforeAll(() => storeProcess.start());

beforeEach(() => {
  databaseCount += 1;
  database = `columns${databaseCount}`;
});

afterAll(async () => {
  await Promise.all(opened.map((store) => store.close()));
  await storeProcess.remove();
});

/** A store as one process has it open. */
function open(options: Pick<StoreOptions, 'layoutMsMax' | 'settleSeconds'>): Store {
  const store = openStore({ socket: storeProcess.socket, log: openLog('test', 'silent'), database, ...options });
  opened.push(store);
  return store;
}

/** Takes keys out of the map as soon as they have a column. */
const openEager = () => open({ layoutMsMax: 0, settleSeconds: 0 });
/** Knows of columns, but none has settled. */
const openPatient = () => open({ layoutMsMax: 0, settleSeconds: FOREVER });
/** Goes by the columns that it has read first. */
const openStale = () => open({ layoutMsMax: FOREVER, settleSeconds: 0 });

type Fields = Readonly<Record<string, string>>;

function segment(logs: readonly Fields[]): SegmentFile {
  segmentNumber += 1;
  const group = { logstoreId: 1, seq: segmentNumber, timeMs: NOON_MS, logs };
  return writeSegment(path.join(storeProcess.directory, `${segmentNumber}.ndjson`), segmentNumber, [group]);
}

function load(file: SegmentFile): SegmentLoad {
  return { ...file, deadLogstores: [] };
}

/** All logs with all their fields, sorted by key, in the order in which they were written. */
async function readLogs(store: Store, table: LogTable): Promise<[string, string][][]> {
  const sql = `SELECT ${table.logColumns} FROM logs ORDER BY seq, row`;
  const found: [string, string][][] = [];
  for await (const row of store.query<LogRow>({ sql, parameters: {} }, LIMITS, never)) {
    found.push(entries(row.fieldNames.map((name, i) => [name, row.fieldValues[i] ?? ''])));
  }
  return found;
}

/** The same, field by field. */
async function readFields(store: Store, table: LogTable, names: readonly string[]): Promise<[string, string][][]> {
  const statement = writeStatement((bind) => {
    const fields = names.map((name) => {
      const { value, isPresent, orNull } = table.field(name, bind);
      return `(${bind(name)}, ${value}, ${isPresent}, ifNull(${orNull}, 'NULL'))`;
    });
    return `SELECT [${fields.join(', ')}] AS fields FROM logs ORDER BY seq, row`;
  });
  type Tuple = [name: string, value: string, isPresent: number, orNull: string];
  const found: [string, string][][] = [];
  for await (const { fields } of store.query<{ fields: Tuple[] }>(statement, LIMITS, never)) {
    for (const [, value, isPresent, orNull] of fields)
      expect([value, orNull]).toEqual(isPresent ? [value, value] : ['', 'NULL']);
    found.push(entries(fields.filter(([, , isPresent]) => isPresent).map(([name, value]) => [name, value])));
  }
  return found;
}

function entries(fields: [string, string][]): [string, string][] {
  return fields.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

async function hotKeys(): Promise<string[]> {
  const sql = `SELECT name FROM system.columns WHERE database = '${database}' AND table = 'logs' AND startsWith(name, 'f_') ORDER BY position FORMAT TSVRaw`;
  return (await storeProcess.run(sql)).split('\n').filter(Boolean);
}

const NAMES = ['path', 'a.b', 'a.null', 'a', '7', 'x-y', "it's", '消息', 'a:b', '__proto__x'];
const anyFields: fc.Arbitrary<Fields> = fc.dictionary(
  fc.constantFrom(...NAMES),
  fc.constantFrom('', 'x', "'", '\\', '\0', '消息 7', 'a\nb'),
  { maxKeys: 6 },
);

type Step =
  | { readonly do: 'declare'; readonly keys: readonly string[] }
  | { readonly do: 'insert'; readonly by: 'eager' | 'patient' | 'stale'; readonly logs: readonly Fields[] }
  | { readonly do: 'merge' }
  | { readonly do: 'repeat'; readonly by: 'eager' | 'patient' };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('declare' as const), keys: fc.subarray(NAMES, { maxLength: 3 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('insert' as const),
      by: fc.constantFrom('eager' as const, 'patient' as const, 'stale' as const),
      logs: fc.array(anyFields, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'merge' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('repeat' as const),
      by: fc.constantFrom('eager' as const, 'patient' as const),
    }),
  },
);

describe('logs are whole', () => {
  test('whatever the order in which columns come, and logs are loaded, repeated and merged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 3, maxLength: 12 }), async (steps) => {
        database = `columns${databaseCount}x${segmentNumber}`;
        const stores = { eager: openEager(), patient: openPatient(), stale: openStale() };
        const early = await stores.stale.table(never);
        let isEarlyGood = true;
        let last: SegmentFile | undefined;
        const logs: Fields[] = [];
        for (const step of steps) {
          if (step.do === 'declare') await stores.eager.adaptLayout(step.keys, never);
          if (step.do === 'merge') await storeProcess.run(`OPTIMIZE TABLE ${database}.logs FINAL`);
          if (step.do === 'repeat' && last !== undefined) {
            await stores[step.by].insertSegment(load(last), never);
            await stores[step.by].insertMissing(load(last), never);
          }
          if (step.do !== 'insert') continue;
          last = segment(step.logs);
          await stores[step.by].insertSegment(load(last), never);
          logs.push(...step.logs);
          isEarlyGood &&= step.by !== 'eager' || (await hotKeys()).length === 0;
        }
        const wanted = logs.map((log) => entries(Object.entries(log)));
        const table = await stores.eager.table(never);
        expect(await readLogs(stores.eager, table)).toEqual(wanted);
        expect(await readFields(stores.eager, table, NAMES)).toEqual(wanted);
        // What was written before there were columns is good until one has settled.
        if (isEarlyGood) expect(await readLogs(stores.eager, early)).toEqual(wanted);
        if (isEarlyGood) expect(await readFields(stores.eager, early, NAMES)).toEqual(wanted);
        await storeProcess.run(`DROP DATABASE ${database}`);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  }, 600_000);

  test('after rows were lost that another layout had loaded', async () => {
    const [patient, eager] = [openPatient(), openEager()];
    const file = segment([{ path: '/', rare: '1' }, { rare: '2' }]);
    await patient.insertSegment(load(file), never);
    await eager.adaptLayout(['path'], never);
    await storeProcess.run(`ALTER TABLE ${database}.logs DELETE WHERE row = 1 SETTINGS mutations_sync = 1`);
    await eager.insertMissing(load(file), never);
    expect(await readLogs(eager, await eager.table(never))).toEqual([
      [
        ['path', '/'],
        ['rare', '1'],
      ],
      [['rare', '2']],
    ]);
  });
});

describe('a column', () => {
  test('is made for keys that many of the logs carry, with a dictionary where values repeat', async () => {
    const store = openEager();
    const logs = Array.from({ length: 12_000 }, (_, i) => ({
      ...{ event: ['view', 'click'][i % 2] as string, trace: `t${i}`, 消息: 'x', Event: 'y' },
      ...(i % 100 === 0 && { rare: 'z' }),
    }));
    await store.insertSegment(load(segment(logs.slice(0, 3000))), never);
    expect(await store.adaptLayout([], never)).toEqual({ added: [], isInformed: false });
    await store.insertSegment(load(segment(logs.slice(3000))), never);
    expect(await store.adaptLayout([], never)).toEqual({ added: ['Event', 'trace'], isInformed: true });
    const types = `SELECT name, type FROM system.columns WHERE database = '${database}' AND startsWith(name, 'f_') ORDER BY name`;
    expect(await storeProcess.run(types)).toBe(
      'f_Event\tLowCardinality(Nullable(String))\nf_trace\tNullable(String)\n',
    );
    expect(await store.adaptLayout([], never)).toEqual({ added: [], isInformed: true });
  });

  test('empties the map of what it has, once it has settled', async () => {
    const [patient, eager] = [openPatient(), openEager()];
    await eager.adaptLayout(['path'], never);
    await patient.insertSegment(load(segment([{ path: '/', rare: '1' }])), never);
    await eager.insertSegment(load(segment([{ path: '/', rare: '1' }])), never);
    const maps = await storeProcess.run(`SELECT mapKeys(fields), f_path FROM ${database}.logs ORDER BY seq`);
    expect(maps).toBe("['path','rare']\t/\n['rare']\t/\n");
  });

  test('whose maker died before it was noted is noted by the next round', async () => {
    const eager = openEager();
    await eager.adaptLayout(['path'], never);
    await storeProcess.run(`ALTER TABLE ${database}.logs COMMENT COLUMN f_path ''`);
    await eager.insertSegment(load(segment([{ path: '/' }])), never);
    expect(await storeProcess.run(`SELECT mapKeys(fields) FROM ${database}.logs`)).toBe("['path']\n");
    await eager.adaptLayout([], never);
    await eager.insertSegment(load(segment([{ path: '/' }])), never);
    expect(await storeProcess.run(`SELECT mapKeys(fields) FROM ${database}.logs ORDER BY seq`)).toBe("['path']\n[]\n");
  });

  test('can be made by several at once', async () => {
    const stores = [openEager(), openEager(), openEager()];
    await stores[0]?.table(never);
    await Promise.all(stores.map((store) => store.adaptLayout(['a', 'b'], never)));
    expect(await hotKeys()).toEqual(['f_a', 'f_b']);
  });
});
