// Goal: a LogGroup in protobuf is stored like the JSON that says the same, and nothing else passes for one.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { field, pair, time } from '../../test/support/protobuf.js';
import { createLogGroupReader } from './log-group-reader.js';
import { readLogGroup } from './protobuf-form.js';
import { createScanner } from './scan.js';

const NOW = 1_700_000_000;
const reader = createLogGroupReader({ logsMax: 5, times: 'own' });

/** The stored group as JSON text, the name of the error, or `notLogGroup`. */
function read(bytes: Buffer): string {
  const result = readLogGroup(reader, bytes, NOW);
  if (result.kind === 'notLogGroup') return result.kind;
  if (result.kind === 'refused') return result.error;
  const { body } = result;
  return `{${body.bytes.toString('utf8', body.start, body.end)}`;
}

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

const log = (seconds: number, ...pairs: [string | Buffer, string | Buffer][]) =>
  field(1, Buffer.concat([time(seconds), ...pairs.map(([key, value]) => field(2, pair(key, value)))]));
const group = (...fields: Buffer[]) => Buffer.concat(fields);

const EXAMPLE = '0a13 0880e2cfaa06 1206 0a016b 120176 2505000000 1a0174 220173 3206 0a0161 120162';

test('the bytes of the wire format', () => {
  expect(read(hex(EXAMPLE))).toBe('{"__logs__":[{"k":"v"}],"__topic__":"t","__source__":"s","__tags__":{"a":"b"}}');
});

test('fields in any order, unknown ones, Category and MachineUUID', () => {
  const bytes = group(
    field(6, Buffer.concat([field(2, 'b'), field(1, 'a'), field(9, 'unknown')])),
    field(2, 'category'),
    field(5, 'uuid'),
    hex('4001 49 0102030405060708 55 01020304'), // 8: varint, 9: fixed64, 10: fixed32
    field(4, 's'),
    field(1, Buffer.concat([field(2, pair('k', 'v')), time(NOW), field(7, '')])),
    field(3, 'first'),
    field(3, 'second'),
  );
  expect(read(bytes)).toBe('{"__logs__":[{"k":"v"}],"__topic__":"second","__source__":"s","__tags__":{"a":"b"}}');
});

test('the rules of JSON bodies hold for keys and values', () => {
  const stored = (...pairs: [string, string][]) => read(log(NOW, ...pairs));
  expect(stored(['a', '1'], ['b', '"\\\n\0'], ['a', '2'], ['__time__', '5'])).toBe(
    String.raw`{"__logs__":[{"b":"\"\\\u000a\u0000","a":"2"}],"__topic__":"","__source__":"","__tags__":{}}`,
  );
  expect(stored(['', '1'])).toBe('InvalidKey');
  expect(stored(['a\n', '1'])).toBe('InvalidKey');
  expect(stored(['__topic__', '1'])).toBe('InvalidKey');
  expect(stored(['k'.repeat(129), '1'])).toBe('InvalidKey');
  expect(read(group(log(NOW, ['a', '1']), field(6, pair('', 'x'))))).toBe('InvalidKey');
  expect(read(group(...Array<Buffer>(6).fill(log(NOW, ['a', '1']))))).toBe('PostBodyTooLarge');
});

test('strings that are not UTF-8', () => {
  expect(read(log(NOW, ['a', hex('ff')]))).toBe('InvalidEncoding');
  expect(read(log(NOW, [hex('e4b8'), 'v']))).toBe('InvalidEncoding');
  expect(read(group(log(NOW, ['a', '1']), field(3, hex('c080'))))).toBe('InvalidEncoding');
  expect(read(group(log(NOW, ['a', '1']), field(2, hex('ff'))))).toContain('"a":"1"'); // Category is not stored
});

test('where receive times rule, the time of a log is kept for what its client says', () => {
  const clientTimes = createLogGroupReader({ logsMax: 5, times: 'client' });
  const bytes = group(
    log(NOW, ['a', '1'], ['__client_time__', '7'], ['__time__', '8']),
    log(NOW, ['__time__', '8']),
    field(1, Buffer.concat([field(2, pair('b', '2')), time(NOW - 1), hex('25 40420f00')])), // Time_ns: 1,000,000
  );
  const result = readLogGroup(clientTimes, bytes, NOW);
  if (result.kind !== 'body') throw new Error(result.kind);
  expect(JSON.parse(`{${result.body.bytes.toString()}`)).toMatchObject({
    __logs__: [
      { a: '1', __client_time__: String(NOW) },
      { b: '2', __client_time__: `${NOW - 1}001000000` },
    ],
  });
  expect(result.body).toMatchObject({ logCount: 2, clientTimeMs: (NOW - 1) * 1000 + 1 });
  expect(result.body.times).toBeUndefined();
});

test.each([
  ['now', NOW, '{"__logs__"'],
  ['0', 0, 'InvalidTimestamp'],
  ['seven days ago', NOW - 604_800, '{"__logs__"'],
  ['a second more', NOW - 604_801, 'PostTimeOutOfRange'],
  ['in fifteen minutes', NOW + 900, '{"__logs__"'],
  ['in a second more', NOW + 901, 'PostTimeOutOfRange'],
  ['in milliseconds', NOW * 1000, 'PostTimeOutOfRange'],
])('the time of a log: %s', (_what, seconds, outcome) => {
  expect(read(log(seconds, ['a', '1']))).toContain(outcome);
  expect(read(group(log(NOW, ['a', '1']), log(seconds, ['a', '1'])))).toContain(outcome);
});

describe('not a LogGroup', () => {
  test.each([
    ['nothing', Buffer.alloc(0)],
    ['JSON', Buffer.from('{"__logs__":[{"a":"1"}')],
    ['no logs', group(field(3, 't'))],
    ['a log without time', field(1, field(2, pair('k', 'v')))],
    ['a log without contents', field(1, time(NOW))],
    ['a content without value', field(1, Buffer.concat([time(NOW), field(2, field(1, 'k'))]))],
    ['a content without key', field(1, Buffer.concat([time(NOW), field(2, field(2, 'v'))]))],
    ['a tag without value', group(log(NOW, ['a', '1']), field(6, field(1, 'k')))],
    ['a topic that is a number', group(log(NOW, ['a', '1']), hex('1801'))],
    ['a log that is a number', hex('0801')],
    ['a time that is a string', field(1, Buffer.concat([field(1, 'x'), field(2, pair('k', 'v'))]))],
    ['a content that is a number', field(1, Buffer.concat([time(NOW), hex('1001')]))],
    ['Time_ns as a varint', field(1, Buffer.concat([time(NOW), field(2, pair('k', 'v')), hex('2005')]))],
    ['a length beyond the end', hex('0a7f')],
    ['a length beyond its message', field(1, Buffer.concat([time(NOW), hex('12ff01')]))],
    ['field number 0', group(log(NOW, ['a', '1']), hex('0000'))],
    ['a group', group(log(NOW, ['a', '1']), hex('4b4c'))],
    ['a varint without end', group(log(NOW, ['a', '1']), hex('38ffffffffffffffffffffff'))],
    ['an enormous length', hex('0affffffffffffffff7f')],
  ])('%s', (_what, bytes) => {
    expect(read(bytes)).toBe('notLogGroup');
  });

  test('a LogGroup cut short, but for what comes last', () => {
    const bytes = hex(EXAMPLE);
    const whole = [21, 24, 27]; // behind the log, the topic and the source
    for (let end = 0; end < bytes.length; end++) {
      if (whole.includes(end)) expect(read(bytes.subarray(0, end))).toContain('"k":"v"');
      else expect(read(bytes.subarray(0, end))).toBe('notLogGroup');
    }
  });
});

test('what is encoded is what is stored', () => {
  const text = fc.string({ unit: 'binary', maxLength: 12 });
  const key = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .filter((name) => !name.startsWith('_') && ![...name].some((character) => character < ' '));
  const fields = fc.dictionary(key, text, { minKeys: 1, maxKeys: 5, noNullPrototype: true });
  fc.assert(
    fc.property(fc.array(fields, { minLength: 1, maxLength: 5 }), fields, (logs, tags) => {
      const bytes = group(
        ...logs.map((entries) => log(NOW, ...Object.entries(entries))),
        ...Object.entries(tags).map(([name, value]) => field(6, pair(name, value))),
      );
      expect(JSON.parse(read(bytes))).toEqual({ __logs__: logs, __tags__: tags, __topic__: '', __source__: '' });
    }),
    { numRuns: 300 },
  );
});

test('long values, escapes, duplicate keys and odd ends are stored like the JSON that says the same', () => {
  const scanner = createScanner({ logsMax: 5, nonStringValues: 'store' });
  const piece = fc.oneof(
    fc.constantFrom('"', '\\', '\n', '\0', '\x7f', 'ü', '汉', '😀'),
    fc.string({ unit: 'grapheme', maxLength: 9 }),
  );
  const value = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
  const key = fc.constantFrom(
    'a',
    'ab',
    'abc',
    'abcd',
    'key',
    'k"y',
    'k\\',
    '键',
    '__tag__:t',
    '__time__',
    'k'.repeat(127),
  );
  const logs = fc.array(fc.array(fc.tuple(key, value), { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(logs, fc.nat({ max: 5 }), (given, ahead) => {
      const json = given.map(
        (fields) => `{${fields.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join()}}`,
      );
      const scanned = scanner.scan(Buffer.from(`{"__logs__":[${json.join()}]}`));
      if (scanned.kind === 'refused') throw new Error(scanned.reason);
      const expected = JSON.parse(`{${scanned.body.bytes.toString('utf8', scanned.body.start, scanned.body.end)}`);

      const bytes = group(...given.map((fields) => log(NOW, ...fields)));
      // Bytes before and behind that are not ours.
      const around = Buffer.concat([Buffer.alloc(ahead, '"'), bytes, Buffer.alloc(ahead, '"')]);
      const stored = JSON.parse(read(around.subarray(ahead, ahead + bytes.length)));
      // What stands for a time among the fields of a LogGroup is none.
      for (const log of expected.__logs__) delete log.__client_time__;
      expect(stored.__logs__).toEqual(expected.__logs__);
    }),
    { numRuns: 1000 },
  );
});

test('random bytes never break the reader', () => {
  const damaged = fc.tuple(fc.nat(), fc.nat({ max: 255 })).map(([at, byte]) => {
    const bytes = hex(EXAMPLE);
    bytes[at % bytes.length] = byte;
    return bytes;
  });
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 60 }).map(Buffer.from)), (bytes) => {
      expect(read(Buffer.from(bytes))).toMatch(/^\{"__logs__"|^[A-Za-z]+$/);
    }),
    { numRuns: 2000 },
  );
});
