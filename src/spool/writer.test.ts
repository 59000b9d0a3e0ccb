// Goal: a group is acknowledged when it is on stable storage and not before; whatever fails, nothing acknowledged is lost,
// nothing that was refused is acknowledged, and writing goes on by itself.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Random } from '../../test/support/random.js';
import { type Operation, SimulatedDisk } from '../../test/support/simulated-disk.js';
import {
  append,
  FAKED_TIME,
  failing,
  holdBack,
  loadAll,
  openTestSpool,
  readGroups,
  SPOOL_DIRECTORY,
  spoolGroup,
  texts,
  turns,
} from '../../test/support/spool-fixtures.js';
import { segmentPath } from './files.js';
import type { Commit } from './writer.js';

let disk: SimulatedDisk;

beforeEach(() => {
  vi.useFakeTimers({ toFake: [...FAKED_TIME] });
  disk = new SimulatedDisk(new Random(1));
});

afterEach(() => {
  expect(disk.violations).toEqual([]);
  vi.useRealTimers();
});

const segment = (number: number) => segmentPath(SPOOL_DIRECTORY, number, 'sealed');

/** What is found of the spool after a power cut now. */
async function afterPowerCut(): Promise<string[]> {
  disk = disk.powerCut();
  const spool = await openTestSpool(disk);
  const found = texts(await loadAll(spool, disk));
  await spool.close();
  return found;
}

describe('group commit', () => {
  test('nothing is acknowledged before its sync has ended', async () => {
    const spool = await openTestSpool(disk);
    const { release } = holdBack(disk, 'sync');
    let isAcknowledged = false;
    const acknowledged = append(spool, 'a').then(() => {
      isAcknowledged = true;
    });
    await turns();
    expect(isAcknowledged).toBe(false);
    release();
    await acknowledged;
    expect(await afterPowerCut()).toEqual(['a']);
  });

  test('groups that arrive during a commit go into the next one, together and in order', async () => {
    const commits: Commit[] = [];
    const spool = await openTestSpool(disk, { onCommit: (commit) => commits.push(commit) });
    const { release } = holdBack(disk, 'sync');
    const order: string[] = [];
    const all = [append(spool, 'a').then(() => order.push('a'))];
    await turns();
    for (const text of ['b', 'c', 'd']) all.push(append(spool, text).then(() => order.push(text)));
    release();
    await Promise.all(all);
    expect(commits.map(({ groups, logs }) => [groups, logs])).toEqual([
      [1, 1],
      [3, 3],
    ]);
    expect(order).toEqual(['a', 'b', 'c', 'd']);
    expect(texts(readGroups(disk.content(segment(1))))).toEqual(order);
  });

  test('a group that is appended as soon as another is acknowledged is committed without further ado', async () => {
    const spool = await openTestSpool(disk);
    for (const text of ['a', 'b', 'c']) await append(spool, text);
    expect(texts(readGroups(disk.content(segment(1))))).toEqual(['a', 'b', 'c']);
  });

  test('a commit takes at most as many bytes as it may', async () => {
    const commits: Commit[] = [];
    const spool = await openTestSpool(disk, { commitBytesMax: 2000, onCommit: (commit) => commits.push(commit) });
    await Promise.all(Array.from({ length: 20 }, (_, n) => append(spool, `${n}`)));
    expect(commits.length).toBeGreaterThan(1);
    expect(Math.max(...commits.map(({ bytes }) => bytes))).toBeLessThanOrEqual(2000);
    expect(commits.reduce((total, { groups }) => total + groups, 0)).toBe(20);
  });

  test('a line that is larger than a commit, and than a stretch of memory, is committed alone', async () => {
    const commits: Commit[] = [];
    const spool = await openTestSpool(disk, { onCommit: (commit) => commits.push(commit) });
    const large = 'x'.repeat(3 * 1024 * 1024);
    await Promise.all([append(spool, 'before'), append(spool, large), append(spool, 'after')]);
    expect(commits.map(({ groups }) => groups)).toEqual([1, 1, 1]);
    expect(await afterPowerCut()).toEqual(['before', large, 'after']);
  });

  test('memory of commits is used again and never while it is being written', async () => {
    const spool = await openTestSpool(disk, { commitBytesMax: 700 });
    const sent = Array.from({ length: 200 }, (_, n) => `group ${n}`);
    for (let n = 0; n < sent.length; n += 8) await Promise.all(sent.slice(n, n + 8).map((text) => append(spool, text)));
    expect(await afterPowerCut()).toEqual(sent);
  });
});

describe('a segment is sealed', () => {
  test('when the next commit would make it larger than it may be', async () => {
    const spool = await openTestSpool(disk, { segmentBytesMax: 3000 });
    for (let n = 0; n < 40; n++) await append(spool, `${n}`);
    const sizes = disk.names(SPOOL_DIRECTORY).map((name) => disk.content(`${SPOOL_DIRECTORY}/${name}`).length);
    expect(sizes.length).toBeGreaterThan(3);
    // A head is not counted: it has as many numbers as there are logstores.
    expect(Math.max(...sizes)).toBeLessThan(3000 + 200);
  });

  test('when it would hold more logs than it may, also if they all arrive at once', async () => {
    const spool = await openTestSpool(disk, { segmentLogsMax: 10 });
    await Promise.all(Array.from({ length: 15 }, (_, n) => append(spool, `${n}`, 1, 3)));
    expect(spool.segments.unloadedCount).toBe(4);
    while (spool.segments.unloadedCount > 0) {
      const { segment, contents } = await spool.segments.inspect(
        await spool.segments.next(new AbortController().signal),
      );
      expect(contents.logCount).toBe(9);
      await spool.segments.markLoaded(segment);
    }
  });

  test('at its age, counted from its first group', async () => {
    const spool = await openTestSpool(disk);
    vi.advanceTimersByTime(5000);
    await append(spool, 'a');
    vi.advanceTimersByTime(950);
    await turns();
    expect(spool.segments.unloadedCount).toBe(0);
    vi.advanceTimersByTime(100);
    await turns();
    expect(spool.segments.unloadedCount).toBe(1);
    vi.advanceTimersByTime(10_000);
    await turns();
    expect(spool.segments.unloadedCount).toBe(1);
  });

  test('not at its age while the loader has enough to do', async () => {
    const spool = await openTestSpool(disk);
    for (const text of ['a', 'b', 'c', 'd']) {
      await append(spool, text);
      vi.advanceTimersByTime(1100);
      await turns();
    }
    expect(spool.segments.unloadedCount).toBe(2);
    await spool.segments.markLoaded(await spool.segments.next(new AbortController().signal));
    vi.advanceTimersByTime(100);
    await turns();
    expect(spool.segments.unloadedCount).toBe(2);
    expect(texts(await loadAll(spool, disk))).toEqual(['b', 'c', 'd']);
  });

  test('with receive times that do not decrease inside, and follow a clock that was set back in the next', async () => {
    const spool = await openTestSpool(disk);
    const started = Date.now();
    await append(spool, 'a');
    vi.setSystemTime(started - 60_000);
    await append(spool, 'b');
    vi.advanceTimersByTime(1100);
    await turns();
    await append(spool, 'c');
    const times = (number: number) =>
      [
        ...disk
          .content(segment(number))
          .toString()
          .matchAll(/"t":(\d+)000000/g),
      ].map(([, ms]) => Number(ms));
    expect(times(1)).toEqual([started, started]);
    expect(times(2)).toEqual([started - 60_000 + 1100]);
  });

  test('and its successor has a durable name before its first byte', async () => {
    const operations: Operation[] = [];
    disk.fate = (operation) => {
      operations.push(operation);
      return 'done';
    };
    const spool = await openTestSpool(disk, { segmentBytesMax: 600 });
    for (let n = 0; n < 10; n++) await append(spool, `${n}`);
    const files = new Set(operations.filter(({ kind }) => kind === 'write').map(({ path }) => path));
    expect(files.size).toBeGreaterThan(3);
    for (const file of files) {
      const kinds = operations.filter(({ path }) => path === file || path === SPOOL_DIRECTORY).slice();
      const opened = kinds.findIndex(({ kind, path }) => kind === 'open' && path === file);
      const written = kinds.findIndex(({ kind, path }) => kind === 'write' && path === file);
      const between = kinds.slice(opened, written).map(({ kind }) => kind);
      expect(between).toContain('syncDirectory');
    }
    expect(await afterPowerCut()).toEqual(Array.from({ length: 10 }, (_, n) => `${n}`));
  });
});

describe('a commit that fails', () => {
  test.each([
    ['write', 'EIO'],
    ['write', 'ENOSPC'],
    ['write', 'short'],
    ['sync', 'EIO'],
  ] as const)('by %s: %s is acknowledged to nobody, nor is what waits behind it', async (kind, outcome) => {
    const spool = await openTestSpool(disk);
    await append(spool, 'kept');
    const { release } = holdBack(disk, kind);
    const refused = append(spool, 'refused');
    await turns();
    const behind = append(spool, 'behind');
    release(outcome);
    const [first, second] = await Promise.allSettled([refused, behind]);
    expect([first.status, second.status]).toEqual(['rejected', 'rejected']);
    expect(spool.refusal()).toMatch(/a commit failed/);
    await turns();

    expect(spool.refusal()).toBeNull();
    await append(spool, 'later');
    const groups = readGroups(disk.content(segment(1))).concat(readGroups(disk.content(segment(3))));
    expect(groups.map(({ text, seq }) => [text, seq])).toEqual([
      ['kept', 0],
      ['later', 3],
    ]);
    expect(await afterPowerCut()).toEqual(['kept', 'later']);
  });

  test('is refused as long as no segment can be written, and then writing goes on by itself', async () => {
    const spool = await openTestSpool(disk);
    disk.fate = failing('write', 'ENOSPC', { isLasting: true });
    await expect(append(spool, 'a')).rejects.toThrow('a commit failed: ENOSPC');
    for (let seconds = 0; seconds < 5; seconds++) {
      await turns();
      expect(spool.refusal()).toMatch(/no segment can be written: ENOSPC/);
      expect(spool.unreadiness()).toBe(spool.refusal());
      await expect(append(spool, 'b')).rejects.toThrow('no segment can be written');
      vi.advanceTimersByTime(1000);
    }
    disk.fate = () => 'done';
    vi.advanceTimersByTime(1000);
    await turns();
    expect(spool.refusal()).toBeNull();
    await append(spool, 'c');
    vi.advanceTimersByTime(1000);
    await turns();
    expect(texts(await loadAll(spool, disk))).toEqual(['c']);
    // No trace of the attempts: what 'c' was in, the one in use and the next.
    expect(disk.names(SPOOL_DIRECTORY).length).toBe(3);
    await spool.close();
    expect(disk.openFiles).toBe(0);
  });

  test('leaves a segment that the loader has to check, if it cannot be cut', async () => {
    const spool = await openTestSpool(disk);
    await append(spool, 'kept');
    let isSynced = false;
    disk.fate = ({ kind, path }) => {
      if (kind === 'sync' && path === segment(1) && !isSynced) {
        isSynced = true;
        return 'EIO';
      }
      return kind === 'truncate' && path === segment(1) ? 'EIO' : 'done';
    };
    await expect(append(spool, 'refused')).rejects.toThrow();
    await turns();
    const sealed = await spool.segments.next(new AbortController().signal);
    expect(sealed).toMatchObject({ number: 1, fresh: false });
    disk.fate = () => 'done';
    // What was refused may be stored, whole.
    expect(texts(await loadAll(spool, disk))).toEqual(['kept', 'refused']);
  });

  test.each(['open', 'syncDirectory'] as const)(
    'does not happen because the next segment could not be made ahead of time: %s',
    async (kind) => {
      disk.fate = failing(kind, 'EIO', { nth: 2 });
      const spool = await openTestSpool(disk, { segmentBytesMax: 600 });
      for (let n = 0; n < 10; n++) await append(spool, `${n}`);
      expect(spool.segments.unloadedCount).toBeGreaterThan(1);
    },
  );

  test('happens if the next segment cannot be made when it is needed', async () => {
    const spool = await openTestSpool(disk, { segmentBytesMax: 600 });
    await append(spool, 'a');
    disk.fate = failing('syncDirectory', 'EIO', { isLasting: true });
    const outcomes = await Promise.allSettled(['b', 'c', 'd', 'e', 'f'].map((text) => append(spool, text)));
    expect(outcomes.at(-1)?.status).toBe('rejected');
    disk.fate = () => 'done';
    vi.advanceTimersByTime(1000);
    await turns();
    await append(spool, 'z');
    const stored = outcomes.flatMap(({ status }, n) => (status === 'fulfilled' ? [`${'bcdef'[n]}`] : []));
    expect(await afterPowerCut()).toEqual(['a', ...stored, 'z']);
  });

  test('is not caused by a file that cannot be closed or removed', async () => {
    const spool = await openTestSpool(disk, { segmentBytesMax: 600 });
    disk.fate = ({ kind }) => (kind === 'close' || kind === 'remove' ? 'EIO' : 'done');
    for (let n = 0; n < 10; n++) await append(spool, `${n}`);
    await spool.close();
    expect((await afterPowerCut()).length).toBe(10);
  });
});

describe('new logs are refused', () => {
  test('below the floor of free space, and accepted again above it', async () => {
    disk.freeBytes = 999;
    const spool = await openTestSpool(disk, { freeBytesMin: 1000 });
    expect(spool.refusal()).toBe('the disk has 999 bytes left, less than the floor of 1000');
    disk.freeBytes = 1000;
    vi.advanceTimersByTime(1000);
    await turns();
    expect(spool.refusal()).toBeNull();
  });

  test('when the spool has reached its limit, until enough is loaded and deleted', async () => {
    const spool = await openTestSpool(disk, { bytesMax: 2000, segmentBytesMax: 1000, holdMs: 0 });
    for (let n = 0; n < 12; n++) await append(spool, `${n}`);
    vi.advanceTimersByTime(1000);
    await turns();
    expect(spool.refusal()).toBe('the spool has reached its limit of 2000 bytes');
    await loadAll(spool, disk);
    vi.advanceTimersByTime(1000);
    await turns();
    expect(spool.refusal()).toBeNull();
  });

  test('while a commit stalls with enough waiting behind it; readiness fails later', async () => {
    const spool = await openTestSpool(disk, { stallBytesMax: 200 });
    const { release } = holdBack(disk, 'sync');
    const all = [append(spool, 'a')];
    await turns();
    vi.advanceTimersByTime(1100);
    all.push(append(spool, 'b'));
    expect(spool.refusal()).toBeNull();
    all.push(append(spool, 'c'));
    expect(spool.refusal()).toBe('the disk is stalled');
    vi.advanceTimersByTime(9000);
    expect(spool.unreadiness()).toBe('the disk is stalled');
    release();
    await Promise.all(all);
    expect([spool.refusal(), spool.unreadiness()]).toEqual([null, null]);
  });

  test('and a disk that stalls is not asked for its space again and again', async () => {
    const spool = await openTestSpool(disk);
    let asked = 0;
    disk.fate = ({ kind }) => {
      if (kind === 'space') asked++;
      return new Promise(() => {});
    };
    for (let seconds = 0; seconds < 10; seconds++) {
      vi.advanceTimersByTime(1000);
      await turns();
    }
    expect(asked).toBe(1);
    expect(spool.refusal()).toBeNull();
  });
});

describe('closing', () => {
  test('commits what is gathered, and leaves no file open and no timer', async () => {
    const spool = await openTestSpool(disk);
    const all = [append(spool, 'a'), append(spool, 'b')];
    await spool.close();
    await Promise.all(all);
    await expect(append(spool, 'c')).rejects.toThrow('the spool is closed');
    expect([disk.openFiles, vi.getTimerCount()]).toEqual([0, 0]);
    expect(await afterPowerCut()).toEqual(['a', 'b']);
  });

  test('does not wait for a disk that refuses everything', async () => {
    const spool = await openTestSpool(disk);
    disk.fate = ({ kind }) => (kind === 'close' ? 'done' : 'EIO');
    await expect(append(spool, 'a')).rejects.toThrow();
    await turns();
    await spool.close();
    expect([disk.openFiles, vi.getTimerCount()]).toEqual([0, 0]);
  });

  test.each(['done', 'EIO'] as const)('waits for an attempt to write again, and for no other: %s', async (outcome) => {
    const spool = await openTestSpool(disk);
    disk.fate = failing('write', 'EIO');
    const refused = append(spool, 'a');
    await refused.catch(() => {});
    const { release } = holdBack(disk, 'syncDirectory');
    await turns();
    const closed = spool.close();
    release(outcome);
    await closed;
    expect([disk.openFiles, vi.getTimerCount()]).toEqual([0, 0]);
  });
});

test('a spool starts on a full disk, and accepts when there is space', async () => {
  disk.fate = failing('write', 'ENOSPC', { isLasting: true });
  const spool = await openTestSpool(disk);
  expect(spool.refusal()).toMatch(/no segment can be written: ENOSPC/);
  disk.fate = () => 'done';
  vi.advanceTimersByTime(1000);
  await turns();
  await append(spool, 'a');
  expect(await afterPowerCut()).toEqual(['a']);
});

test('the bodies of groups are copied before append returns', async () => {
  const spool = await openTestSpool(disk);
  const group = spoolGroup({ text: 'before' });
  const acknowledged = new Promise((resolve) => spool.append(group, resolve));
  group.body.bytes.fill('x');
  await acknowledged;
  expect(await afterPowerCut()).toEqual(['before']);
});
