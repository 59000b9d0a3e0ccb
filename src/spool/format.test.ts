// Goal: a segment has the very bytes that docs/spool-format.md describes, and any JSON tool can read it.

import { crc32 } from 'node:zlib';
import { afterEach, expect, test, vi } from 'vitest';
import { Random } from '../../test/support/random.js';
import { SimulatedDisk } from '../../test/support/simulated-disk.js';
import { FAKED_TIME, openTestSpool, SPOOL_DIRECTORY } from '../../test/support/spool-fixtures.js';
import type { SpoolGroup } from './group.js';
import type { Spool } from './spool.js';

afterEach(() => {
  vi.useRealTimers();
});

const stored = (spool: Spool, group: SpoolGroup) =>
  new Promise<void>((resolve, reject) => spool.append(group, (error) => (error === null ? resolve() : reject(error))));

/** As a stranger would frame it who has read the page. */
function framed(rest: string): string {
  const hex = (value: number) => value.toString(16).padStart(8, '0');
  const checked = `","len":"${hex(Buffer.byteLength(`${rest}\n`))}",${rest}\n`;
  return `{"crc":"${hex(crc32(checked))}${checked}`;
}

test('a segment with a head and groups of every form', async () => {
  vi.useFakeTimers({ toFake: [...FAKED_TIME], now: 1_795_046_385_123 });
  const disk = new SimulatedDisk(new Random(1));
  const spool = await openTestSpool(disk);
  const bytes = Buffer.from('{"__logs__":[{"event":"buy","Größe":"42"}],"__topic__":"shop"}');
  const body = { bytes, start: 1, end: bytes.length, logCount: 1, hasLogTags: false };
  const group = { logstoreId: 12, ttlDays: 30, address: '203.0.113.9', appendMeta: false, body };
  await stored(spool, group);
  await stored(spool, { ...group, address: '2001:db8::1', appendMeta: true, body: { ...body, hasLogTags: true } });
  await stored(spool, { ...group, address: '', batch: 'a1-B2' });

  const segment = disk.content(`${SPOOL_DIRECTORY}/000000000001.ndjson`).toString();
  const id = /"spool":"([0-9a-f]{16})"/.exec(segment)?.[1];
  const logs = '"__logs__":[{"event":"buy","Größe":"42"}],"__topic__":"shop"}';
  expect(segment).toBe(
    [
      framed(
        `"v":1,"spool":"${id}","shard":1,"segment":1,"base":"1795046385123000000","next":{},"first":0,"batchesTo":0}`,
      ),
      framed(`"v":1,"t":1795046385123000000,"id":12,"seq":0,"n":1,"ttl":30,"ip":"203.0.113.9",${logs}`),
      framed(
        `"v":1,"t":1795046385123000000,"id":12,"seq":1,"n":1,"ttl":30,"ip":"2001:db8::1","meta":1,"tagged":1,${logs}`,
      ),
      framed(`"v":1,"t":1795046385123000000,"id":12,"seq":2,"n":1,"ttl":30,"ip":"","batch":"a1-B2",${logs}`),
    ].join(''),
  );
  for (const line of segment.split('\n').slice(0, -1)) JSON.parse(line);
});

test('a later segment has its head with its first groups', async () => {
  vi.useFakeTimers({ toFake: [...FAKED_TIME] });
  const disk = new SimulatedDisk(new Random(1));
  const spool = await openTestSpool(disk, { segmentLogsMax: 1 });
  const bytes = Buffer.from('{"__logs__":[{}]}');
  const body = { bytes, start: 1, end: bytes.length, logCount: 1, hasLogTags: false };
  const group = { ttlDays: 30, address: '203.0.113.9', appendMeta: false, body };
  await stored(spool, { ...group, logstoreId: 12 });
  await stored(spool, { ...group, logstoreId: 7 });
  const [head, line] = disk
    .content(`${SPOOL_DIRECTORY}/000000000002.ndjson`)
    .toString()
    .split('\n')
    .map((text) => (text === '' ? null : JSON.parse(text)));
  expect(head).toMatchObject({ v: 1, shard: 1, segment: 2, next: { 7: 1, 12: 1 }, first: 0 });
  expect(line).toMatchObject({ id: 7, seq: 0 });
});
