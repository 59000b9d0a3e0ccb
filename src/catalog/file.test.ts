// Goal: whatever a crash or a bad disk leaves of the catalog, it opens, every event that was confirmed and is still
// readable counts, nothing unreadable is thrown away, and no logstore id is ever taken twice.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Random } from '../../test/support/random.js';
import { SimulatedDisk } from '../../test/support/simulated-disk.js';
import { frameLine, readLine } from '../model/checked-line.js';
import { systemClock } from '../platform/clock.js';
import { type Disk, type DiskFile, realDisk } from '../platform/disk.js';
import type { CatalogEvent } from './catalog.js';
import { encodeEvent } from './event-line.js';
import { MemoryCatalog } from './view.js';
import { type Catalog, openCatalog } from './writer.js';

const silent = pino({ level: 'silent' });
const firstKey = { id: 'LBtest', secret: 'a-secret-for-tests' };

let dir: string;
let file: string;
let opened: Catalog[];

beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-catalog-'));
  file = path.join(dir, 'catalog.ndjson');
  opened = [];
});

afterEach(async () => {
  await Promise.all(opened.map((catalog) => catalog.close()));
  fs.rmSync(dir, { recursive: true });
});

async function open(disk: Disk = realDisk): Promise<Catalog> {
  const catalog = await openCatalog({ dir, disk, clock: systemClock, log: silent, firstKey });
  opened.push(catalog);
  return catalog;
}

const create = (name: string) =>
  ({ do: 'createLogstore', project: 'default', name, webTracking: false, ttlDays: 7, appendMeta: false }) as const;

async function createLogstore(catalog: Catalog, name: string): Promise<number> {
  const [event] = await catalog.execute(create(name));
  if (event?.event !== 'logstore') throw new Error('no logstore was created');
  return event.logstore.id;
}

/** Writes a catalog with logstores `store-0`, `store-1`, …; returns the file and where each of its lines ends. */
async function writeCatalog(logstores: number): Promise<{ bytes: Buffer; ends: number[]; events: CatalogEvent[] }> {
  const catalog = await open();
  const events = [...catalog.snapshot()];
  for (let n = 0; n < logstores; n++) events.push(...(await catalog.execute(create(`store-${n}`))));
  await catalog.close();
  const bytes = fs.readFileSync(file);
  const ends: number[] = [];
  for (let at = bytes.indexOf('\n'); at !== -1; at = bytes.indexOf('\n', at + 1)) ends.push(at + 1);
  return { bytes, ends, events };
}

function viewOf(events: readonly CatalogEvent[]): readonly CatalogEvent[] {
  const view = new MemoryCatalog();
  view.apply(events);
  return view.events();
}

/** A disk in memory whose catalog has these bytes: exhaustive tests would wear out a real one. */
async function diskWith(bytes: Buffer): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk(new Random(1));
  await disk.makeDirectory(dir);
  disk.place(file, bytes);
  return disk;
}

function asidesOf(disk: SimulatedDisk): Buffer[] {
  const names = disk.names(dir).filter((name) => name.startsWith('catalog-damaged-'));
  return names.map((name) => disk.content(path.join(dir, name)));
}

const asides = () => fs.readdirSync(dir).filter((name) => name.startsWith('catalog-damaged-'));

test('the files are readable by their owner alone', async () => {
  await open();
  for (const name of ['catalog.ndjson', 'access-key']) {
    expect(fs.statSync(path.join(dir, name)).mode & 0o777, name).toBe(0o600);
  }
});

test('what was confirmed is there after opening again, line by line as documented', async () => {
  const { bytes, events } = await writeCatalog(2);
  const line = bytes.toString().split('\n').at(-2) ?? '';
  expect(JSON.parse(line)).toMatchObject({
    v: 1,
    nextId: 4,
    event: { event: 'logstore', logstore: { id: 3, name: 'store-1' } },
  });
  expect((await open()).snapshot()).toEqual(viewOf(events));
});

test('a file that was cut anywhere opens with every whole line before the cut, and the rest is kept aside', async () => {
  const { bytes, ends, events } = await writeCatalog(2);
  for (let length = 1; length < bytes.length; length++) {
    const disk = await diskWith(bytes.subarray(0, length));
    const catalog = await open(disk);
    const whole = ends.filter((end) => end <= length).length;
    const kept = viewOf(events.slice(0, whole));
    // The key is not lost with its line: the operator has set it.
    const hasKey = kept.some(({ event }) => event === 'accessKey');
    expect(catalog.snapshot().length, `cut at ${length}`).toBe(kept.length + (hasKey ? 0 : 1));
    expect(catalog.snapshot()).toEqual(expect.arrayContaining([...kept]));
    const rest = bytes.subarray(ends[whole - 1] ?? 0, length);
    expect(asidesOf(disk)).toEqual(rest.length === 0 ? [] : [rest]);
  }
});

describe('a damaged line is kept aside and everything else counts', () => {
  test('one bit flipped, anywhere', async () => {
    const { bytes, ends, events } = await writeCatalog(2);
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
      const disk = await diskWith(damaged);
      const catalog = await open(disk);
      const hit = ends.findIndex((end) => at < end);
      const kept = viewOf(events.filter((_event, index) => index !== hit));
      // Two lines lost are made good: the key is set by the operator, and a logstore brings its project along.
      const lost = events[hit]?.event;
      expect(catalog.snapshot().length, `bit flipped at ${at}`).toBe(kept.length + (lost === 'accessKey' ? 1 : 0));
      if (lost === 'logstore') expect(catalog.snapshot()).toEqual(kept);
      expect(asidesOf(disk)).toEqual([damaged.subarray(ends[hit - 1] ?? 0, ends[hit])]);
      await catalog.close();
      expect((await open(disk)).snapshot(), 'the next start finds no damage').toEqual(catalog.snapshot());
      expect(asidesOf(disk)).toHaveLength(1);
    }
  });

  test.each([
    ['zeros at the end', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(4096)])],
    ['another file altogether', () => Buffer.from('<html>\n<body>\n')],
  ])('%s', async (_what, damage) => {
    const { bytes } = await writeCatalog(1);
    fs.writeFileSync(file, damage(bytes));
    const catalog = await open();
    expect(catalog.view.accessKey(firstKey.id)?.secret).toBe(firstKey.secret);
    expect(asides()).toHaveLength(1);
  });

  test('ids that may have been taken in a damaged place are not taken again', async () => {
    const { bytes, ends } = await writeCatalog(5);
    const damaged = Buffer.from(bytes).fill('x', ends.at(-4));
    fs.writeFileSync(file, damaged);
    const catalog = await open();
    const last = Math.max(...catalog.snapshot().map((event) => (event.event === 'logstore' ? event.logstore.id : 0)));
    expect(last).toBe(3);
    expect(await createLogstore(catalog, 'another')).toBeGreaterThan(6);
  });

  test('ids are not taken again even if nothing at all is readable and the next start crashes', async () => {
    const { bytes } = await writeCatalog(3);
    fs.writeFileSync(file, Buffer.alloc(bytes.length, 'x'));
    await expect(open(failingAfter(realDisk, 5))).rejects.toThrow('disk failed');
    const catalog = await open();
    await catalog.execute({ do: 'createProject', name: 'default', description: '' });
    expect(await createLogstore(catalog, 'web')).toBeGreaterThan(4);
  });
});

describe('ids of logstores', () => {
  test('are never used again, also after the last one is deleted and the file is replaced', async () => {
    const first = await open();
    expect(await createLogstore(first, 'again')).toBe(2);
    for (let n = 0; n < 400; n++) {
      await first.execute({ do: 'updateLogstore', project: 'default', name: 'again', ttlDays: 30 });
      await first.execute({ do: 'deleteLogstore', project: 'default', name: 'again' });
      expect(await createLogstore(first, 'again')).toBe(n + 3);
    }
    await first.execute({ do: 'deleteLogstore', project: 'default', name: 'again' });
    await first.close();
    const grown = fs.statSync(file).size;

    const second = await open();
    expect(fs.statSync(file).size).toBeLessThan(grown / 2);
    expect(second.view.deadLogstores()).toHaveLength(401);
    expect(await createLogstore(second, 'again')).toBe(403);
  });
});

describe('a disk that fails at any step', () => {
  /** A catalog with many lines that say nothing new. */
  async function growCatalog(): Promise<readonly CatalogEvent[]> {
    const catalog = await open();
    const update = { do: 'updateLogstore', project: 'default', name: 'web' } as const;
    // Written at once, as a thousand syncs would only take time.
    await catalog.execute({ ...update, ttlDays: 8 });
    await catalog.close();
    const line = fs.readFileSync(file).toString().split('\n').at(-2) ?? '';
    fs.appendFileSync(file, `${line}\n`.repeat(1000));
    return catalog.snapshot();
  }

  test('while the file is replaced leaves the old or the new one', async () => {
    const before = await growCatalog();
    const grown = fs.readFileSync(file);
    let steps = 0;
    for (let isDone = false; !isDone; steps++) {
      fs.writeFileSync(file, grown);
      const disk = failingAfter(realDisk, steps);
      await open(disk).catch((error: unknown) => expect(String(error)).toContain('disk failed'));
      isDone = !disk.hasFailed();
      const catalog = await open();
      expect(catalog.snapshot(), `failed at step ${steps}`).toEqual(before);
      expect(asides()).toEqual([]);
      await catalog.close();
    }
    expect(steps).toBeGreaterThan(10);
  });

  test('while a first start leaves nothing or all of it', async () => {
    for (let steps = 0, isDone = false; !isDone; steps++) {
      fs.rmSync(dir, { recursive: true });
      const disk = failingAfter(realDisk, steps);
      await open(disk).catch((error: unknown) => expect(String(error)).toContain('disk failed'));
      isDone = !disk.hasFailed();
      const catalog = await open();
      expect(catalog.view.logstore('default', 'web')).toMatchObject({ id: 1, webTracking: true, ttlDays: 30 });
      expect(catalog.view.accessKey(firstKey.id)?.secret).toBe(firstKey.secret);
      await catalog.close();
    }
  });

  test.each(['write', 'short write', 'sync'] as const)(
    'a failed %s refuses the command, and the next one works',
    async (fault) => {
      let isFaulty = false;
      const catalog = await open(faultyFiles(realDisk, () => (isFaulty ? fault : undefined)));
      await createLogstore(catalog, 'before');
      isFaulty = true;
      await expect(catalog.execute(create('refused'))).rejects.toMatchObject({ code: 'ServerBusy', status: 503 });
      await expect(catalog.execute(create('refused'))).rejects.toMatchObject({ code: 'ServerBusy' });
      expect(catalog.view.logstore('default', 'refused')).toBeUndefined();
      isFaulty = false;
      const id = await createLogstore(catalog, 'after');
      await catalog.close();

      const { view } = await open();
      expect(view.logstores('default').map(({ name }) => name)).toEqual(['after', 'before', 'web']);
      expect(view.logstoreById(id)?.name).toBe('after');
      expect(asides()).toEqual([]);
    },
  );
});

describe('what a later version wrote', () => {
  test('is kept over starts and changes, and its ids are not taken', async () => {
    const { bytes } = await writeCatalog(1);
    fs.writeFileSync(file, Buffer.concat([laterLine(), bytes, laterLine()]));
    for (let starts = 0; starts < 3; starts++) {
      const catalog = await open();
      expect(await createLogstore(catalog, `new-${starts}`)).toBe(9 + starts);
      await catalog.close();
    }
    expect(asides()).toEqual([]);
    expect(fs.readFileSync(file, 'utf8').split('"event":"dashboard"')).toHaveLength(3);
  });

  test('about a thing that is known stays with it', async () => {
    const { bytes, ends } = await writeCatalog(1);
    const logstoreAt = bytes.indexOf('"event":"logstore"');
    const start = ends.findLast((end) => end < logstoreAt) ?? 0;
    const read = readLine(bytes, start);
    if (read.kind !== 'line') throw new Error('no line');
    const text = read.rest.toString().replace('"webTracking":', '"mood":"fine","webTracking":');
    fs.writeFileSync(
      file,
      Buffer.concat([bytes.subarray(0, start), frameLine(Buffer.from(text)), bytes.subarray(read.nextOffset)]),
    );
    const catalog = await open();
    await catalog.execute({ do: 'updateLogstore', project: 'default', name: 'web', ttlDays: 3 });
    await catalog.close();
    const written = fs
      .readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"name":"web"'));
    expect(written.at(-1)).toContain('"ttlDays":3');
    for (const line of written) expect(line).toContain('"mood":"fine"');
  });
});

/** A line whose checksum is right and whose event this version has never heard of. */
function laterLine(): Buffer {
  const event = { event: 'dashboard', name: 'later' };
  // The cast stands for a program of another version.
  return encodeEvent({ nextId: 9, event: event as unknown as CatalogEvent }, undefined);
}

/** Lets `steps` operations through; all after that fail, as if the process had died there. */
function failingAfter(disk: Disk, steps: number): Disk & { hasFailed(): boolean } {
  let left = steps;
  const failing = intercept(disk, () => {
    if (left-- <= 0) throw new Error('disk failed');
  });
  return { ...failing, hasFailed: () => left < 0 };
}

function intercept(disk: Disk, before: () => void): Disk {
  const guard = <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) => {
    return async (...args: Args) => {
      before();
      return call(...args);
    };
  };
  return {
    open: guard(async (name, mode) => {
      const handle = await disk.open(name, mode);
      return {
        write: guard(handle.write),
        read: guard(handle.read),
        sync: guard(handle.sync),
        truncate: guard(handle.truncate),
        close: handle.close, // the system closes the files of a dead process
      };
    }),
    makeDirectory: guard(disk.makeDirectory),
    list: guard(disk.list),
    size: guard(disk.size),
    rename: guard(disk.rename),
    remove: guard(disk.remove),
    syncDirectory: guard(disk.syncDirectory),
    space: guard(disk.space),
  };
}

/** Files that fail in one way while `fault` says so. */
function faultyFiles(disk: Disk, fault: () => 'write' | 'short write' | 'sync' | undefined): Disk {
  const fail = () => Promise.reject(Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }));
  return {
    ...disk,
    async open(name, mode): Promise<DiskFile> {
      const handle = await disk.open(name, mode);
      return {
        ...handle,
        write(buffers, position) {
          if (fault() === 'write') return fail();
          if (fault() !== 'short write') return handle.write(buffers, position);
          return handle.write([Buffer.concat(buffers).subarray(0, 20)], position);
        },
        sync: () => (fault() === 'sync' ? fail() : handle.sync()),
      };
    },
  };
}
