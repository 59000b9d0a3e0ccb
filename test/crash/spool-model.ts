/**
 * Random lives of a spool on a simulated disk, and the account at the end: every acknowledged group is in the store
 * once, unaltered; one that was not acknowledged is there once or not at all; no sequence number is there twice.
 *
 * A life appends, turns the clock, loads, is refused and fails at random, and ends by closing, a kill or a power cut at
 * any operation of the disk. Timers and clocks must be vitest's fake ones.
 */
import { vi } from 'vitest';
import { openSpool, type Spool, type SpoolOptions } from '../../src/spool/spool.js';
import { Random } from '../support/random.js';
import { type Operation, type Outcome, SimulatedDisk } from '../support/simulated-disk.js';
import { spoolGroup, spoolOptions, turns } from '../support/spool-fixtures.js';

export interface RunResult {
  /** What was found wrong; empty if the promise was kept. */
  readonly faults: readonly string[];
  readonly acknowledged: number;
  readonly crashes: number;
}

/** Changes what befalls an operation, to see whether the account notices. */
export type Planted = (kind: Operation['kind'], outcome: Outcome) => Outcome;

const LIVES_MAX = 8;
const STEPS_MAX = 20;

export async function runSpool(seed: number, planted: Planted = (_kind, outcome) => outcome): Promise<RunResult> {
  const run = new Run(new Random(seed), planted);
  try {
    await run.live();
  } catch (error) {
    run.faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  // Those of lives that ended in a crash. Sets the clock back too, hence not between two lives.
  vi.clearAllTimers();
  return { faults: run.faults, acknowledged: run.acknowledged.size, crashes: run.crashes };
}

interface StoredGroup {
  readonly logstoreId: number;
  readonly seq: number;
  readonly body: string;
}

class Run {
  readonly faults: string[] = [];
  readonly acknowledged = new Set<string>();
  crashes = 0;
  readonly #random: Random;
  readonly #planted: Planted;
  /** Some runs have a disk that fails, the others a clock that is set back. */
  readonly #isFailing: boolean;
  readonly #options: (disk: SimulatedDisk) => SpoolOptions;
  readonly #signal = new AbortController().signal;
  #disk: SimulatedDisk;
  /** Bodies by what they say. */
  readonly #sent = new Map<string, number>();
  /** What a store that honours deduplication tokens has. */
  readonly #store = new Map<string, StoredGroup[]>();

  constructor(random: Random, planted: Planted) {
    this.#random = random;
    this.#planted = planted;
    this.#isFailing = random.chance(0.5);
    this.#disk = new SimulatedDisk(random);
    const commitBytesMax = random.pick([600, 2000, 8000]);
    const segmentBytesMax = random.pick([600, 3000, 20_000]);
    const segmentLogsMax = random.pick([3, 20, 1000]);
    const holdMs = random.pick([0, 2000]);
    const holdBytesMax = random.pick([0, 2000, 1e9]);
    this.#options = (disk) =>
      spoolOptions(disk, { commitBytesMax, segmentBytesMax, segmentLogsMax, holdMs, holdBytesMax });
  }

  async live(): Promise<void> {
    for (let lives = this.#random.between(1, LIVES_MAX); lives > 0; lives--) await this.#liveOnce();
    this.#disk.fate = ({ kind }) => this.#planted(kind, 'done');
    const spool = await openSpool(this.#options(this.#disk));
    for (let left = spool.segments.unloadedCount; left > 0; left--) await this.#load(spool, false);
    this.#faultIf(spool.segments.unloadedCount > 0, 'segments cannot be loaded');
    await spool.close();
    this.#faultIf(this.#disk.openFiles > 0, 'files are left open');
    this.#account();
  }

  async #liveOnce(): Promise<void> {
    const random = this.#random;
    const disk = this.#disk;
    const diesAt = disk.operations + (random.chance(0.85) ? random.below(100) : Number.POSITIVE_INFINITY);
    const failureRate = this.#isFailing ? random.pick([0, 0.02, 0.2]) : 0;
    const died = new Promise<'died'>((resolve) => {
      disk.fate = ({ kind, index }) => {
        if (index < diesAt)
          return this.#planted(kind, random.chance(failureRate) ? random.pick(OUTCOMES[kind]) : 'done');
        resolve('died');
        return new Promise(() => {});
      };
    });
    const end = await Promise.race([died, this.#pass()]);
    vi.advanceTimersByTime(1000);
    this.#faultIf(disk.violations.length > 0, disk.violations.join('; '));
    if (end === 'died') this.crashes++;
    this.#disk = random.chance(0.5) ? disk.kill() : disk.powerCut();
  }

  /** A life as the program sees it. */
  async #pass(): Promise<'closed' | 'refused'> {
    const random = this.#random;
    let spool: Spool;
    try {
      spool = await openSpool(this.#options(this.#disk));
    } catch {
      return 'refused';
    }
    for (let steps = random.below(STEPS_MAX); steps > 0; steps--) {
      const dice = random.next();
      if (dice < 0.5) this.#append(spool, random.between(1, 6));
      else if (dice < 0.7) await turns(random.between(1, 3));
      else if (dice < 0.8) vi.advanceTimersByTime(random.pick([60, 1100]));
      else if (dice < 0.85) this.#setClock();
      else if (spool.segments.unloadedCount > 0) await this.#load(spool, random.chance(0.2));
    }
    await spool.close();
    this.#faultIf(this.#disk.openFiles > 0, 'files are left open');
    return 'closed';
  }

  #setClock(): void {
    vi.setSystemTime(Date.now() + this.#random.between(this.#isFailing ? 0 : -5000, 5000));
  }

  #append(spool: Spool, groups: number): void {
    const random = this.#random;
    for (; groups > 0; groups--) {
      const text = `g${this.#sent.size}-${'x'.repeat(random.chance(0.1) ? random.below(5000) : random.below(300))}`;
      const group = spoolGroup({ logstoreId: random.between(1, 3), text, logCount: random.between(1, 3) });
      this.#sent.set(bodyText(group.body), group.logstoreId);
      const body = bodyText(group.body);
      spool.append(group, (error) => {
        if (error === null) this.acknowledged.add(body);
      });
    }
  }

  /** As the loader does it; `onlyInsert` is one that dies between the store's confirmation and the mark. */
  async #load(spool: Spool, onlyInsert: boolean): Promise<void> {
    try {
      const next = await Promise.race([spool.segments.next(this.#signal), turns(2)]);
      if (next === undefined) return;
      const { segment, contents } = await spool.segments.inspect(next);
      const groups = readGroups(this.#disk.content(segment.path), this.faults);
      const counted = [...contents.logstores].map(([id, { firstSeq, lastSeq }]) => `${id}:${firstSeq}-${lastSeq}`);
      this.#faultIf(rangesOf(groups) !== counted.sort().join(), `contents of ${segment.path} are ${counted.join()}`);
      if (!this.#store.has(segment.token)) this.#store.set(segment.token, groups);
      if (!onlyInsert) await spool.segments.markLoaded(segment);
    } catch (error) {
      // The loader would try again.
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
  }

  #account(): void {
    const copies = new Map<string, number>();
    const places = new Set<string>();
    for (const { logstoreId, seq, body } of [...this.#store.values()].flat()) {
      copies.set(body, (copies.get(body) ?? 0) + 1);
      this.#faultIf(this.#sent.get(body) !== logstoreId, `a group was altered: ${body}`);
      this.#faultIf(
        places.has(`${logstoreId}/${seq}`),
        `sequence number ${seq} of logstore ${logstoreId} is used twice`,
      );
      places.add(`${logstoreId}/${seq}`);
    }
    for (const [body, count] of copies) this.#faultIf(count > 1, `a group is there ${count} times: ${body}`);
    for (const body of this.acknowledged) this.#faultIf(!copies.has(body), `an acknowledged group is lost: ${body}`);
    // A segment that fails to be read at start cannot tell the spool's id.
    const spools = new Set([...this.#store.keys()].map((token) => token.slice(0, 16)));
    this.#faultIf(spools.size > 1 && !this.#isFailing, `the spool changed its id: ${[...spools].join()}`);
  }

  #faultIf(isWrong: boolean, fault: string): void {
    if (isWrong) this.faults.push(fault);
  }
}

const OUTCOMES = {
  open: ['EIO', 'ENOSPC'],
  write: ['EIO', 'ENOSPC', 'short'],
  read: ['EIO'],
  sync: ['EIO'],
  truncate: ['EIO'],
  close: ['EIO'],
  list: ['EIO'],
  size: ['EIO'],
  rename: ['EIO'],
  remove: ['EIO'],
  syncDirectory: ['EIO'],
  space: ['EIO'],
} as const satisfies Record<string, readonly [Outcome, ...Outcome[]]>;

/** What the store would read: every line is JSON, heads have no logs. */
function readGroups(segment: Buffer, faults: string[]): StoredGroup[] {
  const groups: StoredGroup[] = [];
  let lastTime = 0n;
  for (const line of segment.toString().split('\n').slice(0, -1)) {
    const { id, seq }: { id?: number; seq: number } = JSON.parse(line);
    if (id === undefined) continue;
    groups.push({ logstoreId: id, seq, body: line.slice(line.indexOf('"__logs__"')) });
    const time = BigInt(/"t":(\d+)/.exec(line)?.[1] ?? 0);
    if (time < lastTime) faults.push('receive times decrease within a segment');
    lastTime = time;
  }
  return groups;
}

function rangesOf(groups: readonly StoredGroup[]): string {
  const ranges = new Map<number, string>();
  for (const { logstoreId, seq } of groups) {
    ranges.set(logstoreId, `${ranges.get(logstoreId)?.split('-')[0] ?? `${logstoreId}:${seq}`}-${seq}`);
  }
  return [...ranges.values()].sort().join();
}

function bodyText({ bytes, start, end }: { bytes: Buffer; start: number; end: number }): string {
  return bytes.toString('utf8', start, end);
}
