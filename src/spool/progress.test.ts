// Goal: a consumer is told of everything that is durable, and never that the store has what it may not have yet.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Random } from '../../test/support/random.js';
import { SimulatedDisk } from '../../test/support/simulated-disk.js';
import { append, FAKED_TIME, loadAll, openTestSpool, spoolGroup, turns } from '../../test/support/spool-fixtures.js';
import { ContentsCounter } from './contents.js';
import { Progress } from './progress.js';
import { Sequences } from './sequences.js';
import type { Spool } from './spool.js';

/** What a segment or a commit holds: by logstore, the first and the last number. */
function holding(ranges: Readonly<Record<number, readonly [number, number]>>): ContentsCounter {
  const contents = new ContentsCounter();
  for (const [id, seqs] of Object.entries(ranges)) {
    const times = { timeMs: 1, firstLogMs: 1, lastLogMs: 1 };
    for (const seq of seqs) contents.addGroup({ logstoreId: Number(id), seq, logCount: 1, ...times });
  }
  return contents;
}

function commit(progress: Progress, segment: number, contents: ContentsCounter): void {
  progress.committed(segment, contents, contents);
}

describe('what this process has written', () => {
  test('counts as loaded when its segment is, each logstore for itself', () => {
    const progress = new Progress(new Sequences(), []);
    commit(progress, 1, holding({ 7: [0, 4] }));
    commit(progress, 2, holding({ 7: [5, 9], 8: [0, 0] }));
    expect(progress.position(7)).toEqual({ next: 10, loaded: 0 });
    expect(progress.position(8)).toEqual({ next: 1, loaded: 0 });
    progress.settled(1);
    expect(progress.position(7)).toEqual({ next: 10, loaded: 5 });
    progress.settled(2);
    expect(progress.position(7)).toEqual({ next: 10, loaded: 10 });
    expect(progress.position(9)).toEqual({ next: 0, loaded: 0 });
  });
});

describe('what an earlier process has left', () => {
  const recovered = () => new Sequences([[7, 100]], 50);

  test('is durable, and all loaded if no segment waits', () => {
    const progress = new Progress(recovered(), []);
    expect(progress.position(7)).toEqual({ next: 100, loaded: 100 });
    expect(progress.position(8)).toEqual({ next: 50, loaded: 50 });
  });

  test('is not loaded as long as nobody has read what waits', () => {
    const progress = new Progress(recovered(), [3, 4]);
    expect(progress.position(7)).toEqual({ next: 100, loaded: 0 });
    progress.read(3, holding({ 7: [90, 93] }));
    expect(progress.position(7)).toEqual({ next: 100, loaded: 90 });
    progress.settled(3);
    expect(progress.position(7)).toEqual({ next: 100, loaded: 94 });
    expect(progress.position(8)).toEqual({ next: 50, loaded: 0 });
    progress.read(4, holding({ 7: [94, 99] }));
    expect(progress.position(8)).toEqual({ next: 50, loaded: 50 });
    progress.settled(4);
    expect(progress.position(7)).toEqual({ next: 100, loaded: 100 });
  });

  test('comes before what is written now', () => {
    const progress = new Progress(recovered(), [3]);
    commit(progress, 5, holding({ 7: [100, 101] }));
    expect(progress.position(7)).toEqual({ next: 102, loaded: 0 });
    progress.read(3, holding({}));
    progress.settled(3);
    expect(progress.position(7)).toEqual({ next: 102, loaded: 100 });
  });
});

describe('a spool', () => {
  let disk: SimulatedDisk;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: [...FAKED_TIME] });
    disk = new SimulatedDisk(new Random(1));
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  async function seal(): Promise<void> {
    vi.advanceTimersByTime(1100);
    await turns();
  }

  test('moves on with what is acknowledged, and not with what is only gathered', async () => {
    const spool: Spool = await openTestSpool(disk);
    await append(spool, 'a');
    expect(spool.position(1)).toEqual({ next: 1, loaded: 0 });
    const acknowledged = new Promise((resolve) => spool.append(spoolGroup({ text: 'b' }), resolve));
    expect(spool.position(1)).toEqual({ next: 1, loaded: 0 });
    await acknowledged;
    expect(spool.position(1)).toEqual({ next: 2, loaded: 0 });
    await seal();
    expect(spool.position(1)).toEqual({ next: 2, loaded: 0 });
    await loadAll(spool, disk);
    expect(spool.position(1)).toEqual({ next: 2, loaded: 2 });
    expect(spool.position(2)).toEqual({ next: 0, loaded: 0 });
  });

  test('of a process that was killed knows what was acknowledged, and that it is not loaded', async () => {
    const killed = await openTestSpool(disk);
    await append(killed, 'a');
    await append(killed, 'b');
    const spool = await openTestSpool(disk);
    expect(spool.position(1)).toEqual({ next: 2, loaded: 0 });
    await append(spool, 'c');
    await seal();
    await loadAll(spool, disk);
    expect(spool.position(1)).toEqual({ next: 3, loaded: 3 });
  });
});
