/** Writes spool segments for tests of what reads them: docs/spool-format.md */
import * as fs from 'node:fs';
import { frameLine } from '../../src/model/checked-line.js';
import type { LogstoreRange, SealedSegment, SegmentContents } from '../../src/model/segment.js';

export interface GroupLine {
  readonly logstoreId: number;
  readonly seq: number;
  readonly timeMs: number;
  readonly logs: readonly Readonly<Record<string, string>>[];
  readonly ttlDays?: number;
  readonly ip?: string;
  readonly appendMeta?: boolean;
  readonly topic?: string;
  readonly source?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Of each log in nanoseconds; that of the group if absent. */
  readonly times?: readonly bigint[];
}

export interface SegmentFile {
  readonly segment: SealedSegment;
  readonly contents: SegmentContents;
}

/** A sealed, fresh segment of these groups; `number` also makes its token. */
export function writeSegment(file: string, number: number, groups: readonly GroupLine[]): SegmentFile {
  const head = { v: 1, spool: '3f9a0c117be5d2a4', shard: 1, segment: number, base: '1795046385123456789', next: {} };
  fs.writeFileSync(
    file,
    Buffer.concat([frame(JSON.stringify(head)), ...groups.map((group) => frame(groupText(group)))]),
  );
  return {
    segment: {
      shard: 1,
      number,
      path: file,
      bytes: fs.statSync(file).size,
      token: `3f9a0c117be5d2a4-${number}`,
      fresh: true,
      loaded: false,
    },
    contents: countContents(groups),
  };
}

function groupText(group: GroupLine): string {
  const { logs } = group;
  const isTagged = logs.some((log) => Object.keys(log).some((key) => key.startsWith('__tag__:')));
  const { times } = group;
  const text = JSON.stringify({
    v: 1,
    t: 0,
    id: group.logstoreId,
    seq: group.seq,
    n: logs.length,
    ...(times && { earliest: msOf(times).at(0), latest: msOf(times).at(-1) }),
    ttl: group.ttlDays ?? 30,
    ip: group.ip ?? '203.0.113.9',
    meta: group.appendMeta === true ? 1 : undefined,
    tagged: isTagged ? 1 : undefined,
    times: times && 0,
    __logs__: logs,
    __topic__: group.topic,
    __source__: group.source,
    __tags__: group.tags,
  });
  // Nanoseconds do not fit a number.
  return text.replace('"t":0', `"t":${group.timeMs}000000`).replace('"times":0', `"times":[${times}]`);
}

/** In milliseconds, in their order. */
function msOf(times: readonly bigint[]): number[] {
  return times.map((time) => Number(time / 1_000_000n)).sort((a, b) => a - b);
}

function frame(object: string): Buffer {
  return frameLine(Buffer.from(`${object.slice(1)}\n`));
}

function countContents(groups: readonly GroupLine[]): SegmentContents {
  const logstores = new Map<number, LogstoreRange>();
  for (const { logstoreId, seq, logs } of groups) {
    const range = logstores.get(logstoreId);
    if (range === undefined) logstores.set(logstoreId, { logs: logs.length, firstSeq: seq, lastSeq: seq });
    else logstores.set(logstoreId, { logs: range.logs + logs.length, firstSeq: range.firstSeq, lastSeq: seq });
  }
  const times = groups.map((group) => group.timeMs);
  const logTimes = groups.flatMap((group) => (group.times === undefined ? [group.timeMs] : msOf(group.times)));
  return {
    logstores,
    logCount: groups.reduce((sum, group) => sum + group.logs.length, 0),
    firstTimeMs: times.length === 0 ? 0 : Math.min(...times),
    lastTimeMs: Math.max(0, ...times),
    firstLogMs: logTimes.length === 0 ? 0 : Math.min(...logTimes),
    lastLogMs: Math.max(0, ...logTimes),
  };
}
