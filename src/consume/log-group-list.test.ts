// Goal: what the store says of a log group is what its consumers get, byte for byte as SLS's protobuf has it, however the rows
// are cut into chunks; and an answer has whole groups of consecutive numbers.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeLogGroupList } from '../../test/support/log-group-list.js';
import { varint } from '../../test/support/protobuf.js';
import { LogGroupListWriter } from './log-group-list.js';

interface Row {
  readonly seq: number;
  readonly received?: number;
  readonly seconds?: number;
  readonly nanoseconds?: number;
  readonly topic?: string;
  readonly source?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Values of the fields that have columns. */
  readonly columns?: readonly (string | null)[];
  readonly fields?: Readonly<Record<string, string>>;
}

function text(value: string): Buffer {
  return Buffer.concat([varint(Buffer.byteLength(value)), Buffer.from(value)]);
}

function map(pairs: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(pairs);
  return Buffer.concat([varint(entries.length), ...entries.flatMap((pair) => pair.map(text))]);
}

/** RowBinary, written from ClickHouse's documents. */
function encode({ seq, received = 7, seconds = 5, nanoseconds = 0, topic = '', source = '', ...maps }: Row): Buffer {
  const numbers = Buffer.alloc(20);
  numbers.writeBigUInt64LE(BigInt(seq));
  for (const [i, value] of [received, seconds, nanoseconds].entries()) numbers.writeUInt32LE(value, 8 + i * 4);
  const columns = (maps.columns ?? []).map((value) =>
    value === null ? Buffer.of(1) : Buffer.concat([Buffer.of(0), text(value)]),
  );
  return Buffer.concat([numbers, text(topic), text(source), map(maps.tags ?? {}), ...columns, map(maps.fields ?? {})]);
}

function write(rows: readonly Row[], { bytesMax = 1e6, chunkBytes = 1e6, keys = [] as readonly string[] } = {}) {
  const writer = new LogGroupListWriter(bytesMax, keys);
  const bytes = Buffer.concat(rows.map(encode));
  for (let at = 0; at < bytes.length; at += chunkBytes) writer.write(bytes.subarray(at, at + chunkBytes));
  return writer.end();
}

const EXAMPLE: Row = {
  seq: 3,
  received: 1700000001,
  seconds: 1700000000,
  nanoseconds: 5,
  topic: 't',
  source: 's',
  tags: { a: 'b' },
  fields: { k: 'v' },
};
const GOLDEN = '0a230a130880e2cfaa0612060a016b1201762505000000' + '1a0174220173' + '32060a0161120162';

test('a log group has the bytes that the schema gives it', () => {
  const list = write([EXAMPLE]);
  expect(list.bytes.toString('hex')).toBe(GOLDEN);
  expect(list).toMatchObject({ groupCount: 1, logCount: 1, lastSeq: 3, lastReceived: 1700000001 });
});

test('a field has the same bytes from a column', () => {
  const list = write([{ ...EXAMPLE, fields: {}, columns: [null, 'v'] }], { keys: ['missing', 'k'] });
  expect(list.bytes.toString('hex')).toBe(GOLDEN);
});

test('nothing is nothing', () => {
  expect(write([])).toMatchObject({ bytes: Buffer.alloc(0), groupCount: 0, logCount: 0, lastSeq: -1 });
});

describe('an answer ends', () => {
  const rows = [0, 1, 2, 4, 5].flatMap((seq) => [
    { seq, fields: { n: `${seq}.1` } },
    { seq, fields: { n: `${seq}.2` } },
  ]);

  test('where a number is missing', () => {
    expect(write(rows)).toMatchObject({ groupCount: 3, logCount: 6, lastSeq: 2 });
    expect(write(rows.slice(6))).toMatchObject({ groupCount: 2, lastSeq: 5 });
  });

  test('with the last group that fits, but not before the first', () => {
    const { length } = write(rows.slice(0, 2)).bytes;
    expect(write(rows, { bytesMax: 2 * length })).toMatchObject({ groupCount: 2, lastSeq: 1 });
    expect(write(rows, { bytesMax: 2 * length - 1 })).toMatchObject({ groupCount: 1, lastSeq: 0 });
    expect(write(rows, { bytesMax: 1 })).toMatchObject({ groupCount: 1, logCount: 2 });
  });
});

test('a tag that not every log of its group has is a field of those that have it', () => {
  const shop = { app: 'shop' };
  const list = write([
    { seq: 0, tags: { ...shop, own: '1' }, fields: { k: 'a' } },
    { seq: 0, tags: shop, fields: { k: 'b' } },
    { seq: 0, tags: { ...shop, own: '2', other: '' }, fields: { k: 'c' } },
  ]);
  expect(decodeLogGroupList(list.bytes)).toEqual([
    {
      topic: '',
      source: '',
      tags: shop,
      logs: [
        { time: 5, contents: { k: 'a', '__tag__:own': '1' } },
        { time: 5, contents: { k: 'b' } },
        { time: 5, contents: { k: 'c', '__tag__:own': '2', '__tag__:other': '' } },
      ],
    },
  ]);
});

test('logs and groups of any size keep their lengths', () => {
  for (const bytes of [0, 1, 100, 127, 128, 16_383, 16_384, 2_097_152, 5_000_000]) {
    const fields = { k: 'x'.repeat(bytes) };
    const list = write(
      [
        { seq: 0, fields },
        { seq: 1, fields: { k: 'behind' } },
      ],
      { bytesMax: 1e8 },
    );
    const contents = decodeLogGroupList(list.bytes).map(({ logs }) => logs[0]?.contents);
    expect(contents, `${bytes} bytes`).toEqual([fields, { k: 'behind' }]);
  }
});

test('any rows, cut anywhere, are what their reader finds', () => {
  const word = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.string({ maxLength: 300 }));
  const pairs = fc.dictionary(word, word, { maxKeys: 5, noNullPrototype: true });
  const log = fc.record({
    seconds: fc.integer({ min: 1, max: 0xffffffff }),
    nanoseconds: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 999_999_999 })),
    fields: pairs,
    column: fc.option(word),
  });
  const group = fc.record({
    topic: word,
    source: word,
    tags: pairs,
    logs: fc.array(log, { minLength: 1, maxLength: 4 }),
  });
  fc.assert(
    fc.property(fc.array(group, { maxLength: 5 }), fc.integer({ min: 1, max: 400 }), (groups, chunkBytes) => {
      const rows = groups.flatMap(({ logs, ...labels }, seq) =>
        logs.map(({ column, ...rest }) => ({ seq, ...labels, ...rest, columns: [column] })),
      );
      const list = write(rows, { chunkBytes, keys: ['\u0000column'] });
      expect(decodeLogGroupList(list.bytes)).toEqual(
        groups.map(({ logs, ...labels }) => ({
          ...labels,
          logs: logs.map(({ seconds, nanoseconds, fields, column }) => ({
            time: seconds,
            contents: { ...(column === null ? {} : { '\u0000column': column }), ...fields },
            ...(nanoseconds === 0 ? {} : { nanoseconds }),
          })),
        })),
      );
    }),
  );
});
