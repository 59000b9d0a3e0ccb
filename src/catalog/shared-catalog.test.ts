// Goal: several nodes have one catalog. What one changes the others have soon, what two want at a time only one gets, and a node
// whose store is away starts and answers by what it heard last.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { StoreProcess } from '../../test/support/store-process.js';
import { ApiError } from '../errors.js';
import { systemClock } from '../platform/clock.js';
import { realDisk } from '../platform/disk.js';
import { openStore } from '../store/clickhouse.js';
import type { Store } from '../store/store.js';
import { forgetRuns } from './node-file.js';
import { openSharedCatalog, type SharedCatalog, WrongCluster } from './shared-catalog.js';
import { printEvent, readEvent } from './shared-events.js';
import { Vault } from './vault.js';
import { openCatalog } from './writer.js';

const silent = pino({ level: 'silent' });
const engine = new StoreProcess();

let root: string;
let store: Store;
let nodes: SharedCatalog[];
let databases = 0;

beforeAll(() => engine.start(), 60_000);
afterAll(() => engine.remove());

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-shared-'));
  store = openStore({ socket: engine.socket, log: silent, database: `shared_${++databases}` });
  nodes = [];
});

afterEach(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await store.close();
  fs.rmSync(root, { recursive: true });
});

async function open(
  name: string,
  more: {
    readonly workers?: number;
    readonly from?: Store;
    readonly vault?: Vault;
    readonly onReplaced?: (error: Error) => void;
  } = {},
) {
  const { workers = 1, from = store, vault, onReplaced = () => {} } = more;
  const node = await openSharedCatalog({
    dir: path.join(root, name),
    disk: realDisk,
    clock: systemClock,
    log: silent,
    vault,
    rows: from.sharedRows('catalog'),
    self: { name, url: `http://${name}.example:8081` },
    workers,
    pollEveryMs: 50,
    onReplaced,
    commandMsMax: 3000,
  });
  nodes.push(node);
  return node;
}

async function end(node: SharedCatalog): Promise<void> {
  nodes = nodes.filter((other) => other !== node);
  await node.close();
}

const createLogstore = (name: string) =>
  ({ do: 'createLogstore', project: 'default', name, webTracking: true, ttlDays: 30, appendMeta: false }) as const;

const names = (node: SharedCatalog) => node.view.logstores('default').map(({ name }) => name);

describe('nodes of a cluster', () => {
  test('have the first things once, numbers of their own, and shards that no other has', async () => {
    const a = await open('a', { workers: 2 });
    const b = await open('b');
    expect(a.newKey).toBeDefined();
    expect(b.newKey).toBeUndefined();
    expect(b.view.accessKeys()).toEqual(a.view.accessKeys());
    expect(a.node).toMatchObject({ number: 0, name: 'a', shards: [1, 2], isSealed: false });
    expect(b.node).toMatchObject({ number: 1, name: 'b', shards: [65] });
    await vi.waitFor(() => expect(a.view.nodes().map(({ name }) => name)).toEqual(['a', 'b']));
    expect(a.view.cluster()).toEqual(b.view.cluster());
  });

  test('hear of whatever another one changes, also of what is deleted', async () => {
    const [a, b] = [await open('a'), await open('b')];
    await a.execute(createLogstore('app'));
    await vi.waitFor(() => expect(names(b)).toEqual(['app', 'web']));
    const heard: unknown[] = [];
    a.onEvents((events) => {
      heard.push(...events.map(({ event }) => event));
    });
    const id = b.view.logstore('default', 'app')?.id ?? 0;
    await b.execute({ do: 'deleteLogstore', project: 'default', name: 'app' });
    await vi.waitFor(() => expect(names(a)).toEqual(['web']));
    expect(a.view.deadLogstores()).toEqual([id]);
    expect(heard).toContain('logstoreDeleted');
  });

  test('a logstore that several create at once is created once, and ids are never given twice', async () => {
    const three = [await open('a'), await open('b'), await open('c')];
    const created = await Promise.allSettled([
      ...three.map((node) => node.execute(createLogstore('same'))),
      ...three.map((node, i) => node.execute(createLogstore(`own-${i}`))),
    ]);
    const refused = created.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refused.map((error) => error instanceof ApiError && error.code)).toEqual([
      'LogStoreAlreadyExist',
      'LogStoreAlreadyExist',
    ]);
    for (const node of three) {
      await vi.waitFor(() => expect(names(node)).toEqual(['own-0', 'own-1', 'own-2', 'same', 'web']));
      expect(new Set(node.view.logstores('default').map(({ id }) => id)).size).toBe(5);
      expect(node.view.logstores('default')).toEqual(three[0]?.view.logstores('default'));
    }
  }, 30_000);

  test('a node that was away has heard of everything when it is back', async () => {
    const [a, b] = [await open('a'), await open('b')];
    await end(b);
    await a.execute(createLogstore('app'));
    await a.execute({ do: 'deleteLogstore', project: 'default', name: 'web' });
    const back = await open('b', { workers: 2 });
    expect(names(back)).toEqual(['app']);
    expect(back.node).toMatchObject({ number: 1, shards: [65, 66] });
  });

  test('keep their secrets sealed in the store', async () => {
    const vault = new Vault(Buffer.alloc(32, 7));
    const a = await open('a', { vault });
    const texts = await engine.run(`SELECT text FROM shared_${databases}.shared_rows FORMAT TSVRaw`);
    expect(texts).toContain(a.newKey?.id);
    expect(texts).not.toContain(a.newKey?.secret);
    expect(texts).not.toContain(a.view.cluster()?.secret);
    const b = await open('b', { vault });
    expect(b.view.accessKeys()).toEqual(a.view.accessKeys());
    expect(b.view.cluster()).toEqual(a.view.cluster());
  });
});

describe('without the store', () => {
  const socket = () => path.join(root, 'nobody');
  const nowhere = () => openStore({ socket: socket(), log: silent, database: `shared_${databases}` });

  test('a node that was there before starts by what it heard last, changes nothing, and catches up', async () => {
    const a = await open('a');
    await a.execute(createLogstore('app'));
    const last = a.snapshot();
    await end(a);
    const away = await open('a', { from: nowhere() });
    expect(away.snapshot()).toEqual(last);
    expect(away.node.number).toBe(0);
    await expect(away.execute(createLogstore('more'))).rejects.toMatchObject({ code: 'ServerBusy' });

    const b = await open('b');
    await b.execute(createLogstore('meanwhile'));
    fs.symlinkSync(engine.socket, socket());
    await vi.waitFor(() => expect(names(away)).toEqual(['app', 'meanwhile', 'web']), 5000);
    await away.execute(createLogstore('more'));
    await vi.waitFor(() => expect(names(b)).toEqual(['app', 'meanwhile', 'more', 'web']), 5000);
  });

  test('a node that was never there does not start', async () => {
    await expect(open('new', { from: nowhere() })).rejects.toThrow();
  });
});

describe('a node that is gone', () => {
  test('is sealed by command: it keeps its number, and does not start again', async () => {
    const [a, b] = [await open('a'), await open('b')];
    await end(b);
    await a.sealNode('b');
    expect(a.view.nodes()[1]).toMatchObject({ name: 'b', isSealed: true, url: null, shards: [65] });
    await expect(open('b')).rejects.toMatchObject({ code: 'NodeSealed' });
    await expect(a.sealNode('b')).rejects.toMatchObject({ code: 'NodeNotExist' });
    const c = await open('c');
    expect(c.node).toMatchObject({ number: 2, shards: [129] });
  });

  test('frees its name for another; a name in use is refused', async () => {
    const a = await open('a');
    await expect(
      openSharedCatalog({
        ...{ dir: path.join(root, 'other'), disk: realDisk, clock: systemClock, log: silent },
        ...{ rows: store.sharedRows('catalog'), self: { name: 'a', url: null }, workers: 1 },
      }),
    ).rejects.toMatchObject({ code: 'NodeAlreadyExist' });
    expect(a.view.nodes()).toHaveLength(1);
  });
});

describe('where a data directory comes from', () => {
  test('the first node of a cluster brings the catalog of its time by itself along', async () => {
    const dir = path.join(root, 'a');
    const alone = await openCatalog({ dir, disk: realDisk, clock: systemClock, log: silent });
    await alone.execute(createLogstore('app'));
    await alone.execute({ do: 'deleteLogstore', project: 'default', name: 'web' });
    const before = alone.snapshot();
    await alone.close();
    const a = await open('a');
    expect(a.snapshot()).toEqual(expect.arrayContaining([...before]));
    const b = await open('b');
    expect(names(b)).toEqual(['app']);
    expect(b.view.deadLogstores()).toEqual(a.view.deadLogstores());
    const [{ id = 0 } = {}] = b.view.logstores('default');
    await b.execute(createLogstore('next'));
    expect(b.view.logstore('default', 'next')?.id).toBeGreaterThan(id);
  });

  test('a second one that has a catalog of its own is refused, and so is a node of another cluster', async () => {
    await open('a');
    const alone = await openCatalog({ dir: path.join(root, 'b'), disk: realDisk, clock: systemClock, log: silent });
    await alone.close();
    await expect(open('b')).rejects.toThrow(WrongCluster);

    const other = openStore({ socket: engine.socket, log: silent, database: `shared_${databases}_other` });
    await end(await open('c', { from: other }));
    await expect(open('c')).rejects.toThrow(WrongCluster);
    await other.close();
  });
});

describe('a copy of a data directory', () => {
  const copy = (from: string, to: string) => fs.cpSync(path.join(root, from), path.join(root, to), { recursive: true });

  test('whose original was started since does not start', async () => {
    await end(await open('a'));
    copy('a', 'copy');
    const a = await open('a');
    await expect(open('copy')).rejects.toThrow(/is a copy of the data directory of node a/);
    await a.execute(createLogstore('app'));
    await end(a);
    await open('a');
  });

  test('that starts takes the place of its original, which hears of it, changes nothing more, and does not start again', async () => {
    const replaced = vi.fn();
    const a = await open('a', { onReplaced: replaced });
    copy('a', 'copy');
    const other = await open('copy');
    await expect(a.execute(createLogstore('app'))).rejects.toMatchObject({ code: 'ServerBusy' });
    await vi.waitFor(() => expect(replaced).toHaveBeenCalledExactlyOnceWith(expect.any(WrongCluster)));
    await end(a);
    await expect(open('a')).rejects.toThrow(WrongCluster);
    await other.execute(createLogstore('app'));
  });

  test('that was begun without the store ends when the store is back', async () => {
    await end(await open('a'));
    copy('a', 'copy');
    await end(await open('a'));
    const socket = path.join(root, 'nobody');
    const from = openStore({ socket, log: silent, database: `shared_${databases}` });
    const replaced = vi.fn();
    await open('copy', { from, onReplaced: replaced });
    fs.symlinkSync(engine.socket, socket);
    await vi.waitFor(() => expect(replaced).toHaveBeenCalledOnce(), 5000);
  });

  test('that was restored from a backup goes on as the node', async () => {
    await end(await open('a'));
    copy('a', 'restored');
    await end(await open('a'));
    await forgetRuns(realDisk, path.join(root, 'restored'));
    expect((await open('restored')).node.number).toBe(0);
  });
});

test('where what is said of a node cannot be read, no other gets its number, and those that were there go on', async () => {
  const [a, b] = [await open('a'), await open('b')];
  await end(b);
  await end(a);
  await engine.run(
    `INSERT INTO shared_${databases}.shared_rows (kind, key, version, text) VALUES ('catalog', 'node 1', 1000000, 'damaged')`,
  );
  await expect(open('c')).rejects.toThrow('the row "node 1" of shared_rows is damaged');
  const [again, other] = [await open('a'), await open('b')];
  expect([again.node.number, other.node.number]).toEqual([0, 1]);
});

describe('a store with troubles of its own', () => {
  test('one that hangs: a change is refused in time, and not made later', async () => {
    const a = await open('a');
    engine.signal('SIGSTOP');
    const changes = ['one', 'two'].map((name) => a.execute(createLogstore(name)));
    await Promise.all(changes.map((change) => expect(change).rejects.toThrow('busy')));
    engine.signal('SIGCONT');
    await vi.waitFor(() => a.execute(createLogstore('three')), { timeout: 20_000, interval: 200 });
    expect(names(a)).toEqual(['three', 'web']);
  });

  test('one whose clock was set back: a lease from before does not hold until then', async () => {
    const a = await open('a');
    await engine.run(
      `INSERT INTO shared_${databases}.shared_leases (token, at) VALUES ('lost', now64(3) + INTERVAL 1 HOUR)`,
    );
    await a.execute(createLogstore('app'));
    expect(names(a)).toEqual(['app', 'web']);
  });

  test('one that took two words of one version: all nodes hear the one that counts', async () => {
    const [a, b] = [await open('a'), await open('b')];
    await a.execute(createLogstore('app'));
    await vi.waitFor(() => expect(names(b)).toEqual(['app', 'web']));
    const rows = store.sharedRows('catalog');
    const { signal } = new AbortController();
    const row = (await rows.read(signal)).find(({ text }) => text.includes('"name":"app"'));
    const line = row && readEvent(row.text, undefined);
    if (row === undefined || line?.event.event !== 'logstore') throw new Error('the row of the logstore is not there');
    const late = { ...line.event, logstore: { ...line.event.logstore, ttlDays: 7 } };
    await rows.write([{ ...row, text: printEvent({ ...line, event: late }, undefined) }], signal);
    for (const node of [a, b]) {
      await vi.waitFor(() => expect(node.view.logstores('default')[0]).toMatchObject({ name: 'app', ttlDays: 7 }));
    }
  });
});
