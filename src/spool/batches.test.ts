// Goal: an identity is in the spool exactly as long as its logs are, and elsewhere before they go; the next start finds those
// that are nowhere else.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Random } from '../../test/support/random.js';
import { SimulatedDisk } from '../../test/support/simulated-disk.js';
import {
  FAKED_TIME,
  loadAll,
  openTestSpool,
  SPOOL_DIRECTORY,
  spoolGroup,
  turns,
} from '../../test/support/spool-fixtures.js';
import type { BatchMemory, StoredBatch } from '../model/batch.js';
import { frameLine } from '../model/checked-line.js';
import { appendOnce } from './append-once.js';
import type { Spool } from './spool.js';

let disk: SimulatedDisk;
let found: StoredBatch[];
let keeps: number;
/** Rejects if there is an error. */
let keepError: Error | undefined;

const memory: BatchMemory = {
  async found(batches) {
    found.push(...batches);
  },
  async keep() {
    keeps++;
    if (keepError !== undefined) throw keepError;
  },
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: [...FAKED_TIME] });
  disk = new SimulatedDisk(new Random(1));
  found = [];
  keeps = 0;
  keepError = undefined;
});
afterEach(() => {
  vi.useRealTimers();
});

const open = () => openTestSpool(disk, { batches: memory, holdMs: 0 });

function append(spool: Spool, batch?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    spool.append({ ...spoolGroup({ text: 'x' }), batch }, (error) => (error === null ? resolve() : reject(error)));
  });
}

/** Turns the clock until the segment is sealed and what can be deleted is. */
async function seal(): Promise<void> {
  vi.advanceTimersByTime(1100);
  await turns(20);
}

const segments = () => disk.names(SPOOL_DIRECTORY).filter((name) => name.endsWith('.loaded.ndjson'));

test('a loaded segment stays until its identities are kept', async () => {
  keepError = new Error('no disk');
  const spool = await open();
  await append(spool, 'a');
  await seal();
  await append(spool);
  await seal();
  await loadAll(spool, disk);
  await append(spool);
  await seal();
  expect(keeps).toBeGreaterThan(1);
  expect(segments()).toHaveLength(2);
  keepError = undefined;
  await seal();
  await seal();
  expect(segments()).toEqual([]);
});

test('without identities nothing is asked to be kept', async () => {
  const spool = await open();
  await append(spool);
  await seal();
  await loadAll(spool, disk);
  await append(spool);
  await seal();
  expect([keeps, segments().length]).toEqual([0, 0]);
});

test('a start finds what no head says to be kept, also in segments that wait for the loader', async () => {
  const spool = await open();
  await append(spool, 'kept');
  await seal();
  keepError = new Error('no disk');
  for (const batch of ['a', undefined, 'b']) {
    await append(spool, batch);
    await seal();
  }
  await append(spool, 'c');
  disk = disk.kill();
  keepError = undefined;
  const next = await open();
  expect(found.map(({ batch, logstoreId }) => [batch, logstoreId])).toEqual([
    ['a', 1],
    ['b', 1],
    ['c', 1],
  ]);
  expect(found[0]?.timeMs).toBeGreaterThan(0);
  for (let segment = 0; segment < 2; segment++) {
    // Else the loader has enough to do, and nothing is sealed.
    await loadAll(next, disk);
    await append(next);
    await seal();
  }
  disk = disk.kill();
  found = [];
  await open();
  expect(found.map(({ batch }) => batch)).toEqual([]);
});

test('what was not acknowledged and is gone is not found', async () => {
  const spool = await open();
  await append(spool, 'a');
  disk.fate = ({ kind }) => (kind === 'write' ? 'EIO' : 'done');
  await expect(append(spool, 'b')).rejects.toThrow();
  disk.fate = () => 'done';
  disk = disk.powerCut();
  await open();
  expect(found.map(({ batch }) => batch)).toEqual(['a']);
});

test('a head without the member is of a version that wrote no identities', async () => {
  const head =
    '"v":1,"spool":"6b8b4b1425e8280e","shard":1,"segment":3,"base":"1795046385123000000","next":{},"first":0}\n';
  await disk.makeDirectory(SPOOL_DIRECTORY);
  const file = await disk.open(`${SPOOL_DIRECTORY}/000000000003.ndjson`, 'create');
  await file.write([frameLine(Buffer.from(head))], 0);
  await file.sync();
  await file.close();
  await disk.syncDirectory(SPOOL_DIRECTORY);
  const spool = await open();
  await append(spool, 'a');
  await seal();
  expect(disk.names(SPOOL_DIRECTORY)).toContain('000000000004.ndjson');
});

test('a batch is appended once, and again only after it failed', async () => {
  const spool = await open();
  const settled: boolean[] = [];
  const batches = (kind: 'yours' | 'stored' | 'busy') => ({
    claim: async () => ({
      answer: kind === 'yours' ? { kind, forgotten: 2 } : { kind },
      settle: (isStored: boolean) => void settled.push(isStored),
    }),
  });
  const group = { ...spoolGroup({ text: 'x' }), batch: 'a' };
  expect(await appendOnce(group, spool, batches('stored'))).toEqual({ kind: 'known' });
  expect(await appendOnce(group, spool, batches('busy'))).toEqual({ kind: 'busy' });
  expect(await appendOnce(group, spool, batches('yours'))).toEqual({ kind: 'stored', forgotten: 2 });
  await spool.close();
  await expect(appendOnce(group, spool, batches('yours'))).rejects.toThrow('closed');
  expect(settled).toEqual([true, false]);
});
