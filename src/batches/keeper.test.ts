// Goal: of all who claim a batch one gets it at a time; what is stored is known for a day, over ends of workers and of
// the node, within limits.
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Random } from '../../test/support/random.js';
import { SimulatedDisk } from '../../test/support/simulated-disk.js';
import { FAKED_TIME, turns } from '../../test/support/spool-fixtures.js';
import { BATCH_MS, type ClaimAnswer } from '../model/batch.js';
import { systemClock } from '../platform/clock.js';
import { type BatchKeeper, openBatchKeeper } from './keeper.js';

let disk: SimulatedDisk;

beforeEach(() => {
  vi.useFakeTimers({ toFake: [...FAKED_TIME] });
  disk = new SimulatedDisk(new Random(1));
});
afterEach(() => {
  vi.useRealTimers();
});

const open = (options: { countMax?: number; workers?: readonly number[] } = {}) =>
  openBatchKeeper({
    ...{
      dir: '/data',
      disk,
      clock: systemClock,
      log: pino({ level: 'silent' }),
      countMax: 1000,
      workers: [1],
      ...options,
    },
  });

type Session = ReturnType<BatchKeeper['openSession']>;

async function openHeard(options: { countMax?: number } = {}): Promise<{ keeper: BatchKeeper; session: Session }> {
  const keeper = await open(options);
  const session = keeper.openSession(1);
  await session.foundBatches({ batches: [], isLast: true });
  return { keeper, session };
}

const key = (batch: string) => ({ logstoreId: 12, batch });
let lastClaim = 0;

function claim(session: Session, batch: string): { claim: number; answer: Promise<ClaimAnswer> } {
  const number = ++lastClaim;
  return { claim: number, answer: session.claimBatch({ ...key(batch), claim: number }) };
}

async function store(session: Session, batch: string): Promise<ClaimAnswer> {
  const { claim: number, answer } = claim(session, batch);
  if ((await answer).kind === 'yours') await session.settleBatch({ claim: number, isStored: true });
  return answer;
}

const YOURS = { kind: 'yours', forgotten: 0 };
const STORED = { kind: 'stored' };
const BUSY = { kind: 'busy' };

describe('claims', () => {
  test('one at a time: the next waits, and hears that it is stored, or gets it', async () => {
    const { session } = await openHeard();
    const first = claim(session, 'a');
    const others = [claim(session, 'a'), claim(session, 'a')] as const;
    expect(await first.answer).toEqual(YOURS);
    await session.settleBatch({ claim: first.claim, isStored: false });
    expect(await others[0].answer).toEqual(YOURS);
    await session.settleBatch({ claim: others[0].claim, isStored: true });
    expect(await others[1].answer).toEqual(STORED);
    expect(await store(session, 'a')).toEqual(STORED);
    expect(await session.claimBatch({ logstoreId: 13, batch: 'a', claim: ++lastClaim })).toEqual(YOURS);
  });

  test('no longer than five seconds, and not more than a thousand', async () => {
    const { session } = await openHeard();
    await claim(session, 'a').answer;
    const waiting = Array.from({ length: 1000 }, () => claim(session, 'a').answer);
    expect(await claim(session, 'a').answer).toEqual(BUSY);
    vi.advanceTimersByTime(5000);
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => BUSY));
    const again = claim(session, 'a').answer;
    vi.advanceTimersByTime(5000);
    expect(await again).toEqual(BUSY);
  });

  test('for one that is not waited for any more is given to the next', async () => {
    const { session } = await openHeard();
    const first = claim(session, 'a');
    await first.answer;
    const [gone, next] = [claim(session, 'a'), claim(session, 'a')];
    await session.settleBatch({ claim: gone.claim, isStored: false });
    await session.settleBatch({ claim: first.claim, isStored: false });
    expect([await gone.answer, await next.answer]).toEqual([BUSY, YOURS]);
  });

  test('while not every worker has said what it found, nobody knows', async () => {
    const keeper = await open({ workers: [1, 2] });
    const [one, two] = [keeper.openSession(1), keeper.openSession(2)];
    await one.foundBatches({ batches: [], isLast: true });
    const [found, other] = [claim(one, 'found').answer, claim(one, 'other').answer];
    await two.foundBatches({ batches: [{ ...key('found'), timeMs: Date.now() }], isLast: false });
    expect(await found).toEqual(STORED);
    await two.foundBatches({ batches: [], isLast: true });
    expect(await other).toEqual(YOURS);
  });
});

describe('a worker that ends', () => {
  test('leaves claims open until the next one has read its spool', async () => {
    const { keeper, session } = await openHeard();
    const [kept, lost] = [claim(session, 'kept'), claim(session, 'lost')];
    expect([await kept.answer, await lost.answer]).toEqual([YOURS, YOURS]);
    session.end();
    await session.settleBatch({ claim: lost.claim, isStored: false });
    expect(await claim(session, 'new').answer).toEqual(BUSY);

    const next = keeper.openSession(1);
    const answers = ['kept', 'lost'].map((batch) => claim(next, batch).answer);
    await next.foundBatches({ batches: [{ ...key('kept'), timeMs: Date.now() }], isLast: false });
    await next.foundBatches({ batches: [], isLast: true });
    expect(await Promise.all(answers)).toEqual([STORED, YOURS]);
  });
});

describe('what is stored', () => {
  test('is known for a day', async () => {
    const { session } = await openHeard();
    await store(session, 'a');
    vi.advanceTimersByTime(BATCH_MS - 1);
    expect(await store(session, 'a')).toEqual(STORED);
    vi.advanceTimersByTime(1);
    expect(await store(session, 'a')).toEqual(YOURS);
  });

  test('is forgotten before, the oldest first, where there is too much of it', async () => {
    const { session } = await openHeard({ countMax: 3 });
    for (const batch of ['a', 'b', 'c']) await store(session, batch);
    await session.keepBatches(null);
    expect(await store(session, 'd')).toEqual({ kind: 'yours', forgotten: 1 });
    expect(await store(session, 'b')).toEqual(STORED);
    expect(await store(session, 'a')).toEqual({ kind: 'yours', forgotten: 1 });
  });

  test('is known to the next process once it was kept, through a power cut', async () => {
    const { session } = await openHeard();
    await store(session, 'a');
    await store(session, 'b');
    await session.keepBatches(null);
    await store(session, 'c');
    disk = disk.powerCut();
    const next = await openHeard();
    expect([await store(next.session, 'a'), await store(next.session, 'b')]).toEqual([STORED, STORED]);
    expect(await store(next.session, 'c')).toEqual(YOURS);
  });

  test('is kept at the end, and by the next try after one that failed', async () => {
    const { keeper, session } = await openHeard();
    await store(session, 'a');
    disk.fate = ({ kind }) => (kind === 'sync' ? 'EIO' : 'done');
    await expect(session.keepBatches(null)).rejects.toThrow();
    disk.fate = () => 'done';
    await keeper.close();
    disk = disk.powerCut();
    expect(await store((await openHeard()).session, 'a')).toEqual(STORED);
    expect(disk.violations).toEqual([]);
  });

  test('and cannot be kept is limited, too', async () => {
    const { session } = await openHeard({ countMax: 2 });
    await store(session, 'a');
    await store(session, 'b');
    expect(await store(session, 'c')).toEqual(BUSY);
    await session.keepBatches(null);
    expect(await store(session, 'c')).toMatchObject({ kind: 'yours' });
  });
});

describe('the files', () => {
  const names = () => disk.names('/data/batches');

  test('begin anew every hour and with every process, and go after a day', async () => {
    const { keeper, session } = await openHeard();
    const put = async (batch: string) => {
      await store(session, batch);
      await session.keepBatches(null);
    };
    await put('a');
    await put('b');
    expect(names()).toEqual(['000000000001.ndjson']);
    vi.advanceTimersByTime(3600 * 1000);
    await put('c');
    expect(names()).toEqual(['000000000001.ndjson', '000000000002.ndjson']);
    await keeper.close();
    const next = await openHeard();
    vi.advanceTimersByTime(BATCH_MS);
    await store(next.session, 'd');
    await next.session.keepBatches(null);
    expect(names()).toEqual(['000000000003.ndjson']);
  });

  test('lose the line that is damaged, and no other', async () => {
    const { keeper, session } = await openHeard();
    for (const batch of ['a', 'b', 'c']) {
      await store(session, batch);
      await session.keepBatches(null);
    }
    await keeper.close();
    const file = '/data/batches/000000000001.ndjson';
    const bytes = disk.content(file);
    bytes[bytes.indexOf('"b"') + 1] = 'x'.charCodeAt(0);
    const handle = await disk.open(file, 'modify');
    await handle.write([bytes, Buffer.from('{"crc":"torn')], 0);
    await handle.close();
    const next = await openHeard();
    expect(await Promise.all(['a', 'b', 'c'].map((batch) => store(next.session, batch)))).toEqual([
      STORED,
      YOURS,
      STORED,
    ]);
    await turns();
  });
});
