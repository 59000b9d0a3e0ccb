// Goal: what the engine says of its pages is kept to the last field, and no damage makes a file that looks whole.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closeFile, takePages } from './parquet-file.js';
import { readList, readStruct, type Struct, type Value, writeValue } from './thrift.js';

const integer = (value: bigint, type = 6): Value => ({ kind: 'integer', type, value });
const text = (value: string): Value => ({ kind: 'binary', bytes: Buffer.from(value) });
const list = (items: readonly Value[], type = 12): Value => ({ kind: 'list', type, items });
const struct = (fields: Readonly<Record<number, Value>>): Struct => ({
  kind: 'struct',
  fields: new Map(Object.entries(fields).map(([number, value]) => [Number(number), value])),
});

/** A file of one column `c0` with pages of these bytes, as far as the code looks at it. */
function fileOf(pages: Buffer, rows: bigint): Buffer {
  const metadata = struct({ 3: list([text('c0')], 8), 4: integer(0n, 5), 9: integer(4n), 11: integer(0n) });
  const group = struct({
    1: list([struct({ 2: integer(4n), 3: metadata })]),
    2: integer(9n),
    3: integer(rows),
    5: integer(4n),
  });
  const schema = list([struct({ 4: text('schema'), 5: integer(1n, 5) }), struct({ 1: integer(6n, 5), 4: text('c0') })]);
  const groups = list(rows === 0n ? [] : [group]);
  const footer = writeValue(struct({ 1: integer(1n, 5), 2: schema, 3: integer(rows), 4: groups, 6: text('engine') }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([Buffer.from('PAR1'), pages, footer, length, Buffer.from('PAR1')]);
}

test('offsets are moved to where the pages are now, and a zero, which is none, stays', () => {
  const first = takePages(fileOf(Buffer.from('abc'), 2n), 4);
  const second = takePages(fileOf(Buffer.from('defg'), 3n), 7);
  expect([first.pages.toString(), first.rowCount, second.pages.toString(), second.rowCount]).toEqual([
    'abc',
    2,
    'defg',
    3,
  ]);
  const end = closeFile(fileOf(Buffer.alloc(0), 0n), [first.rowGroups, second.rowGroups], ['name']);
  const { fields } = readStruct(end);
  expect(fields.get(3)).toEqual(integer(5n));
  expect(fields.get(6)).toEqual(text('engine'));
  const metadata = (rows: bigint, at: bigint) =>
    struct({
      1: list([
        struct({
          2: integer(at),
          3: struct({ 3: list([text('name')], 8), 4: integer(0n, 5), 9: integer(at), 11: integer(0n) }),
        }),
      ]),
      2: integer(9n),
      3: integer(rows),
      5: integer(at),
    });
  expect(fields.get(4)).toEqual(list([metadata(2n, 4n), metadata(3n, 7n)]));
  expect(end.readUInt32LE(end.length - 8)).toBe(end.length - 8);
});

const VALUE = fc.letrec<{ value: Value; struct: Struct; list: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => integer(value)),
    fc.uint8Array({ maxLength: 200 }).map((bytes): Value => ({ kind: 'binary', bytes: Buffer.from(bytes) })),
    fc
      .uint8Array({ minLength: 8, maxLength: 8 })
      .map((bytes): Value => ({ kind: 'raw', type: 7, bytes: Buffer.from(bytes) })),
    fc.boolean().map((value): Value => ({ kind: 'boolean', value })),
    tie('list'),
    tie('struct'),
  ),
  struct: fc.dictionary(fc.integer({ min: 1, max: 300 }).map(String), tie('value')).map((fields) => struct(fields)),
  list: fc.array(tie('struct'), { maxLength: 20 }).map((items) => list(items)),
})).struct;

test('what is written is what was read, whatever it is', () => {
  fc.assert(
    fc.property(VALUE, (value) => {
      const bytes = writeValue(value);
      expect(readStruct(bytes)).toEqual(value);
      const many = list([value, value]);
      expect(readList(writeValue(many))).toEqual(many);
    }),
  );
});

test('a file that was cut anywhere is no file', () => {
  const file = fileOf(Buffer.from('abc'), 2n);
  for (let length = 0; length < file.length; length += 1)
    expect(() => takePages(file.subarray(0, length), 4)).toThrow();
  expect(() => readList(Buffer.from('fc'.repeat(20), 'hex'))).toThrow(RangeError);
});
