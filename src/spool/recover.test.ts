// Goal: whatever is in the directory, the spool starts, loses no more than what is damaged, says so, keeps the damaged bytes,
// and never gives a sequence number or a segment number out twice.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Random } from '../../test/support/random.js';
import { SimulatedDisk } from '../../test/support/simulated-disk.js';
import {
  append,
  FAKED_TIME,
  failing,
  type LoadedGroup,
  loadAll,
  openTestSpool,
  readGroups,
  SPOOL_DIRECTORY,
  texts,
  turns,
} from '../../test/support/spool-fixtures.js';
import { realDisk } from '../platform/disk.js';
import { badPath, segmentPath } from './files.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: [...FAKED_TIME] });
});

afterEach(() => {
  vi.clearAllTimers();
  vi.useRealTimers();
});

const NUMBER = 7;
const file = segmentPath(SPOOL_DIRECTORY, NUMBER, 'sealed');
const badFile = badPath(SPOOL_DIRECTORY, NUMBER, 1);

async function emptyDisk(seed = 1): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk(new Random(seed));
  await disk.makeDirectory(SPOOL_DIRECTORY);
  return disk;
}

/** The bytes of a segment with a group for each text, two logstores in turn, as a kill leaves it. */
async function writtenSegment(sent: readonly string[]): Promise<Buffer> {
  const disk = await emptyDisk();
  const spool = await openTestSpool(disk, { segmentBytesMax: 1e6, segmentLogsMax: 1e6 });
  for (const [n, text] of sent.entries()) await append(spool, text, 1 + (n % 2));
  return disk.content(segmentPath(SPOOL_DIRECTORY, 1, 'sealed'));
}

async function diskWith(segment: Buffer): Promise<SimulatedDisk> {
  const disk = await emptyDisk();
  disk.place(file, segment);
  return disk;
}

interface Start {
  readonly groups: LoadedGroup[];
  readonly quarantined: number;
  readonly bad: string;
}

/** Starts, loads everything, appends to both logstores and loads that as well; checks what must hold in any case. */
async function startOn(disk: SimulatedDisk): Promise<Start> {
  const spool = await openTestSpool(disk);
  const found = await loadAll(spool, disk);
  await Promise.all([append(spool, 'new', 1), append(spool, 'new', 2), append(spool, 'new', 3)]);
  await spool.close();
  const again = await openTestSpool(disk);
  const added = await loadAll(again, disk);
  await again.close();
  expect(texts(added)).toEqual(['new', 'new', 'new']);
  const places = [...found, ...added].map(({ logstoreId, seq }) => `${logstoreId}/${seq}`);
  expect(new Set(places).size, 'sequence numbers are used once').toBe(places.length);
  const bad = disk.names(SPOOL_DIRECTORY).includes(path.basename(badFile))
    ? disk.content(badFile).toString('latin1')
    : '';
  return { groups: found, quarantined: spool.status().quarantinedPlaces, bad };
}

/** Where lines begin, and where the last one ends. */
function lineEnds(segment: Buffer): number[] {
  const ends = [0];
  for (let at = segment.indexOf('\n'); at !== -1; at = segment.indexOf('\n', at + 1)) ends.push(at + 1);
  return ends;
}

const SENT = ['a', 'b', 'c'];

describe('a damaged newest segment', () => {
  test('that was cut at any byte keeps every whole line', async () => {
    const segment = await writtenSegment(SENT);
    const ends = lineEnds(segment);
    for (let length = 0; length <= segment.length; length++) {
      const disk = await diskWith(segment.subarray(0, length));
      const { groups, quarantined } = await startOn(disk);
      const whole = ends.filter((end) => end > 0 && end <= length).length;
      expect(texts(groups), `cut at ${length}`).toEqual(SENT.slice(0, Math.max(0, whole - 1)));
      expect(quarantined).toBe(0);
    }
  });

  test('with one flipped bit loses the line that has it, and keeps its bytes', async () => {
    const segment = await writtenSegment(SENT);
    const ends = lineEnds(segment);
    const random = new Random(2);
    for (let byte = 0; byte < segment.length; byte++) {
      const damaged = Buffer.from(segment);
      damaged[byte] = (segment[byte] ?? 0) ^ (1 << random.below(8));
      const line = ends.findLastIndex((end) => end <= byte);
      const { groups, quarantined, bad } = await startOn(await diskWith(damaged));
      const kept = SENT.filter((_text, n) => n + 1 !== line);
      expect(texts(groups), `byte ${byte}`).toEqual(kept);
      expect(quarantined, `byte ${byte}`).toBe(1);
      expect(bad).toBe(damaged.toString('latin1', ends[line], ends[line + 1]));
    }
  });

  test('with a page of zeros loses the lines it touches', async () => {
    const sent = Array.from({ length: 100 }, (_, n) => `${n} ${'x'.repeat((n * 37) % 500)}`);
    const segment = await writtenSegment(sent);
    const ends = lineEnds(segment);
    for (let page = 0; page + 4096 < segment.length; page += 4096) {
      const damaged = Buffer.from(segment).fill(0, page, page + 4096);
      const { groups, quarantined, bad } = await startOn(await diskWith(damaged));
      const kept = sent.filter((_text, n) => (ends[n + 1] ?? 0) >= page + 4096 || (ends[n + 2] ?? 0) <= page);
      expect(texts(groups)).toEqual(kept);
      expect(quarantined).toBe(1);
      expect(bad).toContain('\0'.repeat(4096));
    }
  });

  test.each([
    ['zeros', Buffer.alloc(5000), 0],
    ['text', Buffer.from('hello'), 1],
    ['lines of text', Buffer.from('hello\nworld\n'), 1],
    ['the start of a line', Buffer.from('{"crc":"01234567","len":"000000ff","v":1'), 0],
    ['more zeros than are read at once', Buffer.alloc(10_000_000), 0],
    ['more text than is read at once', Buffer.alloc(10_000_000, 'x'), 1],
    ['random bytes', Buffer.from(Array.from({ length: 5000 }, (_, n) => (n * 7919) % 251)), 1],
  ])('with %s behind its lines loses nothing', async (_what, garbage, quarantined) => {
    const disk = await diskWith(Buffer.concat([await writtenSegment(SENT), garbage]));
    const start = await startOn(disk);
    expect(texts(start.groups)).toEqual(SENT);
    expect(start.quarantined).toBe(quarantined);
    expect(start.bad).toBe(quarantined === 1 ? garbage.toString('latin1') : '');
  });

  test('with a line twice stores it once', async () => {
    const segment = await writtenSegment(SENT);
    const [start, end] = lineEnds(segment).slice(2, 4);
    const line = segment.subarray(start, end);
    for (const at of lineEnds(segment).slice(3)) {
      const damaged = Buffer.concat([segment.subarray(0, at), line, segment.subarray(at)]);
      const { groups, quarantined, bad } = await startOn(await diskWith(damaged));
      expect(texts(groups)).toEqual(SENT);
      expect([quarantined, bad]).toEqual([1, line.toString()]);
    }
  });

  test.each(['write', 'sync', 'syncDirectory', 'rename'] as const)(
    'whose quarantine fails at first, in %s, keeps the damaged bytes',
    async (kind) => {
      const segment = await writtenSegment(SENT);
      const [start = 0, end] = lineEnds(segment).slice(2, 4);
      const damaged = Buffer.from(segment).fill('#', start + 50, start + 60);
      let disk = await diskWith(damaged);
      const spool = await openTestSpool(disk);
      const found = await spool.segments.next(new AbortController().signal);
      for (let attempts = 0; attempts < 3; attempts++) {
        disk.fate = failing(kind, 'EIO');
        await expect(spool.segments.inspect(found)).rejects.toThrow('EIO');
      }
      disk.fate = () => 'done';
      await spool.segments.inspect(found);
      expect(disk.violations).toEqual([]);
      disk = disk.powerCut();
      expect(texts((await startOn(disk)).groups)).toEqual(SENT.filter((text) => text !== 'b'));
      const files = disk.names(SPOOL_DIRECTORY).map((name) => disk.content(`${SPOOL_DIRECTORY}/${name}`).toString());
      expect(files).toContain(damaged.toString('latin1', start, end));
    },
  );

  test('whose damage was quarantined keeps the damaged bytes through a power cut at any moment', async () => {
    const segment = await writtenSegment(SENT);
    const [start = 0, end] = lineEnds(segment).slice(2, 4);
    const damaged = Buffer.from(segment).fill('#', start + 50, start + 60);
    for (let seed = 0; seed < 200; seed++) {
      let disk = await emptyDisk(seed);
      disk.place(file, damaged);
      const spool = await openTestSpool(disk);
      const cutAt = disk.operations + (seed % 25);
      const died = new Promise<void>((resolve) => {
        disk.fate = ({ index }) => {
          if (index < cutAt) return 'done';
          resolve();
          return new Promise(() => {});
        };
      });
      await Promise.race([died, loadAll(spool, disk)]);
      disk = disk.powerCut();
      const { groups, bad } = await startOn(disk);
      expect(texts(groups).filter((text) => text !== 'b')).toEqual(texts(groups));
      const found = `${bad}${disk
        .names(SPOOL_DIRECTORY)
        .map((name) => disk.content(`${SPOOL_DIRECTORY}/${name}`))
        .join('')}`;
      expect(found).toContain(damaged.toString('latin1', start, end));
    }
  });
});

describe('a start succeeds', () => {
  test('and goes on with name and numbers after any number of restarts and deletions', async () => {
    const disk = await emptyDisk();
    const random = new Random(3);
    const all: LoadedGroup[] = [];
    const bases = new Set<string>();
    for (let restarts = 0; restarts < 60; restarts++) {
      const spool = await openTestSpool(disk, { holdMs: 0 });
      const newest = disk.names(SPOOL_DIRECTORY).find((name) => disk.content(`${SPOOL_DIRECTORY}/${name}`).length > 0);
      bases.add(/"base":"\d+"/.exec(disk.content(`${SPOOL_DIRECTORY}/${newest}`).toString())?.[0] ?? '');
      all.push(...(await loadAll(spool, disk)));
      for (let groups = random.below(3); groups > 0; groups--)
        await append(spool, `${restarts}-${groups}`, random.between(1, 5));
      vi.advanceTimersByTime(2000);
      await turns();
      all.push(...(await loadAll(spool, disk)));
      await spool.close();
    }
    const places = all.map(({ logstoreId, seq }) => `${logstoreId}/${seq}`);
    expect(new Set(places).size).toBe(places.length);
    for (const id of [1, 2, 3, 4, 5]) {
      const seqs = all.filter(({ logstoreId }) => logstoreId === id).map(({ seq }) => seq);
      expect(seqs, 'consecutive').toEqual(seqs.map((_, n) => n));
    }
    expect(new Set(all.map(({ token }) => token.slice(0, 16))).size).toBe(1);
    expect(bases.size).toBe(1);
    expect(disk.names(SPOOL_DIRECTORY).length).toBeLessThan(4);
  });

  test('and reads the newest head from a segment that was set aside', async () => {
    let disk = await emptyDisk();
    const spool = await openTestSpool(disk);
    await append(spool, 'a');
    vi.advanceTimersByTime(1100);
    await turns();
    const segment = await spool.segments.next(new AbortController().signal);
    await spool.segments.setAside(segment, 'a test');
    disk = disk.kill();
    const again = await openTestSpool(disk);
    await append(again, 'b');
    await again.close();
    const [group] = await loadAll(await openTestSpool(disk), disk);
    expect(group).toMatchObject({ seq: 1, token: expect.stringContaining(segment.token.slice(0, 16)) });
  });

  test('and a power cut does not bring back what a failed commit had left, with numbers that were given out again', async () => {
    for (let seed = 0; seed < 50; seed++) {
      let disk = await emptyDisk(seed);
      const spool = await openTestSpool(disk);
      disk.fate = ({ kind }) => (kind === 'sync' ? 'EIO' : 'done');
      await expect(append(spool, 'refused')).rejects.toThrow();
      await turns();
      disk = disk.kill();
      const again = await openTestSpool(disk);
      await append(again, 'stored');
      disk = disk.powerCut();
      const { groups } = await startOn(disk);
      expect(texts(groups)).toContain('stored');
    }
  });

  test('and keeps the name when the newest segment of an earlier process is set aside', async () => {
    const disk = await emptyDisk();
    const first = await openTestSpool(disk);
    await append(first, 'a');
    await first.close();
    const second = await openTestSpool(disk);
    const segment = await second.segments.next(new AbortController().signal);
    await second.segments.setAside(segment, 'a test');
    await second.close();
    const third = await openTestSpool(disk);
    await append(third, 'b');
    await third.close();
    const [group] = await loadAll(await openTestSpool(disk), disk);
    expect(group).toMatchObject({ seq: 1, token: expect.stringContaining(segment.token.slice(0, 16)) });
  });

  test('with two segments that have changed places, and loses nothing', async () => {
    const disk = await emptyDisk();
    const spool = await openTestSpool(disk, { segmentBytesMax: 500 });
    const sent = Array.from({ length: 12 }, (_, n) => `${n}`);
    for (const text of sent) await append(spool, text);
    const after = disk.kill();
    const files = after.names(SPOOL_DIRECTORY).map((name) => `${SPOOL_DIRECTORY}/${name}`);
    const filled = files.filter((name) => after.content(name).length > 0);
    const [older = '', newest = ''] = [filled.at(-4), filled.at(-1)];
    const [olderBytes, newestBytes] = [after.content(older), after.content(newest)];
    after.place(older, newestBytes);
    after.place(newest, olderBytes);
    const { groups, quarantined } = await startOn(after);
    expect(texts(groups).sort()).toEqual([...sent].sort());
    expect(quarantined).toBe(0);
    const numbers = new Set(groups.map(({ token }) => token));
    expect(numbers.size, 'tokens are those of the heads').toBe(filled.length);
  });

  test('with a newest segment that cannot be read, and gives none of its numbers out again', async () => {
    for (const kind of ['open', 'read', 'size', 'sync'] as const) {
      const disk = await diskWith(await writtenSegment(SENT));
      disk.fate = (operation) => (operation.kind === kind && operation.path === file ? 'EIO' : 'done');
      const spool = await openTestSpool(disk);
      await append(spool, 'new', 1);
      await append(spool, 'new', 2);
      await spool.close();
      disk.fate = () => 'done';
      expect(disk.names(SPOOL_DIRECTORY)).toContain(path.basename(file));
      const { groups } = await startOn(disk);
      expect(texts(groups)).toEqual([...SENT, 'new', 'new']);
    }
  });

  test('with a segment of another shard as the newest, whose name it does not take', async () => {
    const disk = await diskWith(await writtenSegment(SENT));
    const spool = await openTestSpool(disk, { shard: 2 });
    const { segment } = await spool.segments.inspect(await spool.segments.next(new AbortController().signal));
    expect(segment).toMatchObject({ shard: 1, token: expect.stringMatching(/-1$/) });
    await append(spool, 'new');
    await spool.close();
    const added = await loadAll(await openTestSpool(disk, { shard: 2 }), disk);
    expect(texts(added)).toEqual([...SENT, 'new']);
    expect(added.at(-1)?.token.slice(0, 16)).not.toBe(segment.token.slice(0, 16));
  });

  test('with a head that is damaged, and goes on above all numbers it does not know', async () => {
    const damaged = (await writtenSegment(SENT)).fill('#', 50, 60);
    const disk = await diskWith(damaged);
    const started = Date.now();
    const spool = await openTestSpool(disk);
    await append(spool, 'new', 99);
    const [group] = readGroups(disk.content(segmentPath(SPOOL_DIRECTORY, NUMBER + 1, 'sealed')));
    expect(group?.seq).toBeGreaterThanOrEqual(started * 1000);
  });
});

describe('on a real disk, a start succeeds', () => {
  let directory: string;

  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-spool-'));
  });

  afterEach(() => {
    fs.rmSync(directory, { recursive: true });
  });

  const place = (name: string, content = '') => fs.writeFileSync(path.join(directory, name), content);

  test.each<[string, () => void]>([
    ['an empty segment', () => place('000000000007.ndjson')],
    ['an empty segment marked loaded', () => place('000000000007.loaded.ndjson')],
    ['a foreign file', () => place('notes.txt', 'hello')],
    ['a segment of foreign text', () => place('000000000007.ndjson', 'hello\nworld\n')],
    ['a directory named like a segment', () => fs.mkdirSync(path.join(directory, '000000000007.ndjson'))],
    ['a directory where the next segment would be', () => fs.mkdirSync(path.join(directory, '000000000001.ndjson'))],
    ['a link named like a segment', () => fs.symlinkSync('/etc/passwd', path.join(directory, '000000000007.ndjson'))],
    ['a link to nowhere', () => fs.symlinkSync('/nowhere', path.join(directory, '000000000001.ndjson'))],
    ['the largest number of twelve digits', () => place('999999999999.ndjson')],
    ['a quarantine file alone', () => place('000000000007.bad', 'bad')],
    ['a temporary file of a check', () => place('000000000007.ndjson.new', 'half')],
    ['a lock', () => fs.symlinkSync('pid=1 started= id=00', path.join(directory, 'lock'))],
  ])('with %s', async (_what, prepare) => {
    prepare();
    const before = fs.readdirSync(directory);
    const spool = await openTestSpool(realDisk, { directory });
    await append(spool, 'a');
    await spool.close();
    const again = await openTestSpool(realDisk, { directory });
    let logs = 0;
    while (again.segments.unloadedCount > 0) {
      const { segment, contents } = await again.segments.inspect(
        await again.segments.next(new AbortController().signal),
      );
      logs += contents.logCount;
      await again.segments.markLoaded(segment);
    }
    await again.close();
    expect(logs).toBe(1);
    const renamed = before.map((name) => name.replace(/^(\d+)\.ndjson$/, '$1'));
    for (const name of renamed) expect(fs.readdirSync(directory).some((after) => after.startsWith(name))).toBe(true);
  });
});
