// Goal: a group line says of its logs what its reader needs to know without parsing them, times of their own included.
import { expect, test } from 'vitest';
import { readLine } from '../model/checked-line.js';
import type { CanonicalBody } from '../model/log-group.js';
import { groupLineBytes, groupPrefix, readGroupMark, type SpoolGroup, writeGroupLine } from './group.js';

const TIME_MS = 1_795_046_385_123;

function lineOf(body: Partial<CanonicalBody>, group: Partial<SpoolGroup> = {}): Buffer {
  const bytes = Buffer.from('"__logs__":[{"a":"1"},{"a":"2"}]}');
  const whole: CanonicalBody = { bytes, start: 0, end: bytes.length, logCount: 2, hasLogTags: false, ...body };
  const prefix = groupPrefix(
    { logstoreId: 12, ttlDays: 30, address: '203.0.113.9', appendMeta: false, body: whole, ...group },
    4711,
    TIME_MS,
  );
  const line = Buffer.alloc(groupLineBytes(prefix, whole));
  expect(writeGroupLine(prefix, whole, line, 0)).toBe(line.length);
  return line;
}

function restOf(line: Buffer): Buffer {
  const read = readLine(line, 0);
  if (read.kind !== 'line') throw new Error(read.kind);
  return read.rest;
}

const MARK = { logstoreId: 12, seq: 4711, logCount: 2, timeMs: TIME_MS };

test('logs without times have that of their receipt', () => {
  const line = lineOf({});
  expect(line.toString()).toContain(
    '"v":1,"t":1795046385123000000,"id":12,"seq":4711,"n":2,"ttl":30,"ip":"203.0.113.9","__logs__":[{"a":"1"}',
  );
  expect(readGroupMark(restOf(line))).toEqual({ ...MARK, firstLogMs: TIME_MS, lastLogMs: TIME_MS });
});

test('logs with times of their own have them in the line, and the range is read without them', () => {
  const times = {
    text: '1795000000000000005,1794999999000000000',
    firstMs: 1_794_999_999_000,
    lastMs: 1_795_000_000_000,
  };
  const line = lineOf({ times, hasLogTags: true }, { appendMeta: true });
  expect(line.toString()).toContain(
    '"n":2,"earliest":1794999999000,"latest":1795000000000,"ttl":30,"ip":"203.0.113.9","meta":1,"tagged":1,' +
      '"times":[1795000000000000005,1794999999000000000],"__logs__":[',
  );
  expect(JSON.parse(line.toString())).toMatchObject({ __logs__: [{ a: '1' }, { a: '2' }] });
  expect(readGroupMark(restOf(line))).toEqual({ ...MARK, firstLogMs: times.firstMs, lastLogMs: times.lastMs });
});

test('the longest numbers there are fit', () => {
  const times = { text: '1', firstMs: Number.MAX_SAFE_INTEGER, lastMs: Number.MAX_SAFE_INTEGER };
  const line = lineOf({ times, logCount: 999_999_999 }, { logstoreId: Number.MAX_SAFE_INTEGER });
  expect(readGroupMark(restOf(line))).toMatchObject({ lastLogMs: times.lastMs, logCount: 999_999_999 });
});
