/** A spool on a simulated disk, groups to append, and what a loader would get out of it. Needs vitest's fake timers. */
import { pino } from 'pino';
import type { CanonicalBody } from '../../src/model/log-group.js';
import { systemClock } from '../../src/platform/clock.js';
import type { Disk } from '../../src/platform/disk.js';
import type { SpoolGroup } from '../../src/spool/group.js';
import { openSpool, type Spool, type SpoolOptions } from '../../src/spool/spool.js';
import type { Fate, Operation, Outcome, SimulatedDisk } from './simulated-disk.js';

/** For vi.useFakeTimers: everything but what a commit itself waits for. */
export const FAKED_TIME = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'Date',
  'performance',
] as const satisfies string[];

export const SPOOL_DIRECTORY = '/spool/1';

export function spoolOptions(disk: Disk, changes: Partial<SpoolOptions> = {}): SpoolOptions {
  return {
    directory: SPOOL_DIRECTORY,
    shard: 1,
    disk,
    clock: systemClock,
    log: pino({ level: 'silent' }),
    commitBytesMax: 8 * 1024,
    segmentBytesMax: 64 * 1024,
    segmentLogsMax: 1000,
    segmentAgeMs: 1000,
    holdMs: 60_000,
    holdBytesMax: 1024 * 1024,
    bytesMax: 1e9,
    freeBytesMin: 0,
    stallShedMs: 1000,
    stallUnreadyMs: 10_000,
    stallBytesMax: 0,
    onCommit: () => {},
    batches: { found: () => Promise.resolve(), keep: () => Promise.resolve() },
    ...changes,
  };
}

export function openTestSpool(disk: Disk, changes: Partial<SpoolOptions> = {}): Promise<Spool> {
  return openSpool(spoolOptions(disk, changes));
}

/** A group of `logCount` logs that say `text`. */
export function spoolGroup(group: { text: string; logstoreId?: number; logCount?: number }): SpoolGroup {
  const { text, logstoreId = 1, logCount = 1 } = group;
  const logs = Array.from({ length: logCount }, (_, n) => ({ text, n: String(n) }));
  return {
    logstoreId,
    ttlDays: 30,
    address: '203.0.113.9',
    appendMeta: false,
    body: canonicalBody({ __logs__: logs }),
  };
}

export function canonicalBody(body: { __logs__: Record<string, string>[] }): CanonicalBody {
  const bytes = Buffer.from(JSON.stringify(body));
  return { bytes, start: 1, end: bytes.length, logCount: body.__logs__.length, hasLogTags: false };
}

/** Resolves when the group is acknowledged, and rejects when it is refused. */
export function append(spool: Spool, text: string, logstoreId = 1, logCount = 1): Promise<void> {
  return new Promise((resolve, reject) => {
    spool.append(spoolGroup({ text, logstoreId, logCount }), (error) => (error === null ? resolve() : reject(error)));
  });
}

/** Lets everything go on that waits for no timer and no held back disk: a commit takes two or three turns. */
export async function turns(count = 5): Promise<void> {
  for (; count > 0; count--) await new Promise((resolve) => setImmediate(resolve));
}

export interface LoadedGroup {
  readonly token: string;
  readonly logstoreId: number;
  readonly seq: number;
  readonly text: string;
}

/** Loads all sealed segments: their groups, as they stand in the files, and the segments are marked loaded. */
export async function loadAll(spool: Spool, disk: SimulatedDisk): Promise<LoadedGroup[]> {
  const groups: LoadedGroup[] = [];
  while (spool.segments.unloadedCount > 0) {
    const { segment } = await spool.segments.inspect(await spool.segments.next(new AbortController().signal));
    groups.push(...readGroups(disk.content(segment.path), segment.token));
    await spool.segments.markLoaded(segment);
  }
  return groups;
}

/** Throws if a line is not JSON. */
export function readGroups(segment: Buffer, token = ''): LoadedGroup[] {
  const lines = segment.toString().split('\n').slice(0, -1);
  return lines
    .map((line): { id?: number; seq: number; __logs__: { text: string }[] } => JSON.parse(line))
    .flatMap(({ id, seq, __logs__ }) =>
      id === undefined ? [] : [{ token, logstoreId: id, seq, text: __logs__[0]?.text ?? '' }],
    );
}

export const texts = (groups: readonly LoadedGroup[]): string[] => groups.map(({ text }) => text);

/** Lets the n-th operation of a kind from now on fail, all of them from the n-th on if `isLasting`. */
export function failing(kind: Operation['kind'], outcome: Outcome, { nth = 1, isLasting = false } = {}): Fate {
  let seen = 0;
  return (operation) => {
    if (operation.kind === kind) seen++;
    else return 'done';
    return seen === nth || (isLasting && seen > nth) ? outcome : 'done';
  };
}

/** Holds operations of a kind back until they are released, to whatever outcome; later ones are done. */
export function holdBack(disk: SimulatedDisk, kind: Operation['kind']): { release(outcome?: Outcome): void } {
  let release = (_outcome?: Outcome) => {};
  const released = new Promise<Outcome>((resolve) => {
    release = (outcome = 'done') => {
      disk.fate = () => 'done';
      resolve(outcome);
    };
  });
  disk.fate = (operation) => (operation.kind === kind ? released : 'done');
  return { release };
}
