// Goal: a logstore never gets more keys than it may have, and what does not fit is in its log all the same, word by word.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newLogstore } from '../../test/support/catalog.js';
import { encodeLogGroup } from '../../test/support/protobuf.js';
import type { Logstore } from '../model/catalog.js';
import { LINE_BYTES_MAX } from '../model/checked-line.js';
import type { CanonicalBody } from '../model/log-group.js';
import { KeyCap } from './key-cap.js';
import { createLogGroupReader } from './log-group-reader.js';
import { OVERFLOW_KEY } from './overflow.js';
import { createQueryForm } from './query-form.js';
import { createScanner, type ScanResult } from './scan.js';

const scanner = createScanner({ logsMax: 1000, nonStringValues: 'store' });

interface Group {
  readonly __logs__: readonly Fields[];
  readonly __tags__?: Fields;
}
type Fields = Readonly<Record<string, string>>;

function logstoreFor(keysMax: number, declared: readonly string[] = []): Logstore {
  const logstore = newLogstore(1, 'default', 'web');
  const keys = Object.fromEntries(declared.map((key) => [key, { type: 'text' as const, token: [], alias: '' }]));
  const index = declared.length === 0 ? null : { config: { keys }, updatedAt: 0 };
  return { ...logstore, index, writeRules: { ...logstore.writeRules, keysMax } };
}

const capFor = (logstore: Logstore) => new KeyCap({ logstoreById: () => logstore });

function bodyOf(result: ScanResult): CanonicalBody {
  if (result.kind === 'refused') throw new Error(result.reason);
  return result.body;
}

const textOf = ({ bytes, start, end }: CanonicalBody) => bytes.toString('utf8', start, end);
const parse = (body: CanonicalBody) => JSON.parse(`{${textOf(body)}`) as Group;

/** Sends a body of JSON; what becomes of it. */
function send(cap: KeyCap, logstore: Logstore, body: unknown): Group {
  return parse(cap.apply(logstore, bodyOf(scanner.scan(Buffer.from(JSON.stringify(body))))));
}

describe('with three keys', () => {
  const logstore = logstoreFor(3);
  const full = () => {
    const cap = capFor(logstore);
    send(cap, logstore, { __logs__: [{ a: '1', b: '2', c: '3' }] });
    return cap;
  };

  test.each<[string, Fields, Fields]>([
    ['a log without others stays', { c: '1', a: '2' }, { c: '1', a: '2' }],
    ['one more', { a: '1', d: '2' }, { a: '1', [OVERFLOW_KEY]: '{"d":"2"}' }],
    ['only others', { d: '1', e: '2' }, { [OVERFLOW_KEY]: '{"d":"1","e":"2"}' }],
    [
      'quotes and backslashes in what is moved',
      { d: 'say "\\n"\n', b: '' },
      { b: '', [OVERFLOW_KEY]: '{"d":"say \\"\\\\n\\"\\n"}' },
    ],
    [
      'a field of the very name, alone',
      { a: '1', [OVERFLOW_KEY]: 'mine' },
      { a: '1', [OVERFLOW_KEY]: '{"__overflow__":"mine"}' },
    ],
    ['a tag of its own', { '__tag__:x': '1' }, { [OVERFLOW_KEY]: '{"__tag__:x":"1"}' }],
    ['a key of the largest size', { ['k'.repeat(128)]: '1' }, { [OVERFLOW_KEY]: `{"${'k'.repeat(128)}":"1"}` }],
    ['keys like numbers', { 9: '1', 7: '2' }, { [OVERFLOW_KEY]: '{"7":"2","9":"1"}' }],
  ])('%s', (_what, log, expected) => {
    expect(send(full(), logstore, { __logs__: [log] }).__logs__).toEqual([expected]);
  });

  test('keys that mean something to JavaScript are keys like others', () => {
    const cap = full();
    const text = '{"__logs__":[{"__proto__":"1","constructor":"2","a":"3"}]}';
    const body = cap.apply(logstore, bodyOf(scanner.scan(Buffer.from(text))));
    expect(textOf(body)).toBe(
      '"__logs__":[{"a":"3","__overflow__":"{\\"__proto__\\":\\"1\\",\\"constructor\\":\\"2\\"}"}]}',
    );
  });

  test('white space and escapes in keys do not matter', () => {
    const text =
      '{ "__logs__" :\t[ { "\\u0061" : "1"\t,\r"\\u0064"\t:\r"2" } , {} , { "b":"3" } ] , "__topic__" : "t" }';
    const body = cap3(text);
    expect(parse(body)).toEqual({
      __logs__: [{ a: '1', [OVERFLOW_KEY]: '{"\\u0064"\t:\r"2"}' }, { b: '3' }],
      __topic__: 't',
    });
    expect(textOf(body)).not.toContain('\n');
  });
  const cap3 = (text: string) => full().apply(logstore, bodyOf(scanner.scan(Buffer.from(text))));

  test('tags of the group are capped like a log, and topic and source are none', () => {
    const group = { __topic__: 't', __source__: 's', __logs__: [{ a: '1' }], __tags__: { b: '2', d: '3' } };
    expect(send(full(), logstore, group)).toEqual({ ...group, __tags__: { b: '2', [OVERFLOW_KEY]: '{"d":"3"}' } });
  });

  test('protobuf and query strings are capped as well', () => {
    const cap = full();
    const reader = createLogGroupReader({ logsMax: 10, times: 'own' });
    const bytes = encodeLogGroup({ logs: [{ time: 1_795_000_000, contents: { a: '1', d: '"2"' } }], tags: { e: '3' } });
    const group = reader.read(bytes, 1_795_000_000);
    if (group.kind !== 'body') throw new Error(group.kind);
    const capped = cap.apply(logstore, group.body);
    expect(parse(capped)).toMatchObject({
      __logs__: [{ a: '1', [OVERFLOW_KEY]: '{"d":"\\"2\\""}' }],
      __tags__: { [OVERFLOW_KEY]: '{"e":"3"}' },
    });
    expect(capped.times).toBe(group.body.times);
    const query = createQueryForm(scanner)('a=1&d=%222%22', [], new Set());
    expect(parse(cap.apply(logstore, bodyOf(query))).__logs__).toEqual([{ a: '1', [OVERFLOW_KEY]: '{"d":"\\"2\\""}' }]);
  });

  test('what was let in and moved is told once', () => {
    const cap = full();
    send(cap, logstore, { __logs__: [{ id_1: '1' }, { id_2: '1' }] });
    send(cap, logstore, { __logs__: [{ id_3: '1' }] });
    expect(cap.take()).toEqual([{ logstoreId: 1, keysMax: 3, letIn: ['a', 'b', 'c'], overGroups: 2, example: 'id_1' }]);
    expect(cap.take()).toEqual([]);
    expect(cap.overGroups).toBe(2);
  });

  test('what others have let in counts, and what is forgotten makes room', () => {
    const cap = full();
    cap.take();
    cap.learn(1, ['a', 'x', 'y', 'z']);
    expect(send(cap, logstore, { __logs__: [{ x: '1', y: '2', z: '3', b: '4' }] }).__logs__).toEqual([
      { x: '1', y: '2', z: '3', [OVERFLOW_KEY]: '{"b":"4"}' },
    ]);
    cap.learn(1, []);
    const log = { b: '1', p: '2', q: '3' };
    expect(send(cap, logstore, { __logs__: [log] }).__logs__).toEqual([log]);
  });
});

test('fields that an index declares always have room', () => {
  const logstore = logstoreFor(1, ['price', 'user']);
  const cap = capFor(logstore);
  const log = { price: '1', user: '2' };
  expect(send(cap, logstore, { __logs__: [{ ...log, other: '3' }] }).__logs__).toEqual([
    { ...log, [OVERFLOW_KEY]: '{"other":"3"}' },
  ]);
  cap.learn(1, []);
  expect(send(cap, logstore, { __logs__: [log] }).__logs__).toEqual([log]);
});

test('without a cap nothing is looked at', () => {
  const logstore = logstoreFor(0);
  const cap = capFor(logstore);
  const body = bodyOf(scanner.scan(Buffer.from('{"__logs__":[{"a":"1"}]}')));
  expect(cap.apply(logstore, body)).toBe(body);
  expect(cap.take()).toEqual([]);
});

test('tags that every log would have, grown, beyond what the store takes, are left alone', () => {
  const logstore = logstoreFor(1);
  const cap = capFor(logstore);
  const tags = { b: 'x'.repeat(20_000) };
  const group = send(cap, logstore, { __logs__: Array.from({ length: 1000 }, () => ({ a: '1' })), __tags__: tags });
  expect(group.__tags__).toEqual(tags);
});

test('a body that no line could hold afterwards is stored as it is', () => {
  const logstore = logstoreFor(1);
  const cap = capFor(logstore);
  send(cap, logstore, { __logs__: [{ b: '1' }] });
  const scanned = bodyOf(scanner.scan(Buffer.from('{"__logs__":[{"a":"1"}]}')));
  const rest = LINE_BYTES_MAX - 1024 - (scanned.end - scanned.start);
  const withTimes = (length: number) => ({ ...scanned, times: { text: '1'.repeat(length), firstMs: 0, lastMs: 0 } });
  const full = withTimes(rest);
  expect(cap.apply(logstore, full)).toBe(full);
  expect(textOf(cap.apply(logstore, withTimes(rest - 100)))).toBe('"__logs__":[{"__overflow__":"{\\"a\\":\\"1\\"}"}]}');
});

const name = fc.oneof(
  fc.constantFrom('a', 'b', 'path', '__proto__', '__tag__:t', OVERFLOW_KEY, 'ключ', '7', '"', '\\', '\\"'),
  fc.string({ minLength: 1, maxLength: 4, unit: 'grapheme' }),
  fc.nat({ max: 1000 }).map((id) => `id_${id}`),
);
const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('"', '\\', '\\\\"', '{"a":"1"}', '\n', ''));
const anyFields = fc.dictionary(name, value, { maxKeys: 8 });
const anyGroup = fc.record({
  __logs__: fc.array(anyFields, { minLength: 1, maxLength: 4 }),
  __tags__: fc.option(anyFields, { nil: undefined }),
  __topic__: fc.option(value, { nil: undefined }),
});

test('whatever comes, nothing is lost, and there are never more keys than there may be', () => {
  fc.assert(
    fc.property(fc.array(anyGroup, { maxLength: 12 }), fc.integer({ min: 1, max: 12 }), (groups, keysMax) => {
      const logstore = logstoreFor(keysMax);
      const cap = capFor(logstore);
      const kept = new Set<string>();
      for (const group of groups) {
        const result = scanner.scan(Buffer.from(JSON.stringify(group)));
        if (result.kind === 'refused' || result.body.logCount === 0) continue;
        const before = parse(result.body);
        const after = parse(cap.apply(logstore, result.body));
        const objects = [...after.__logs__, after.__tags__ ?? {}];
        expect(after.__logs__).toHaveLength(before.__logs__.length);
        for (const [n, original] of [...before.__logs__, before.__tags__ ?? {}].entries()) {
          const fields = objects[n] ?? {};
          expect(restored(fields, original)).toEqual(new Map(Object.entries(original)));
          for (const key of Object.keys(fields)) if (key !== OVERFLOW_KEY) kept.add(key);
        }
        expect({ ...after, __logs__: [], __tags__: {} }).toEqual({ ...before, __logs__: [], __tags__: {} });
        expect(kept.size).toBeLessThanOrEqual(keysMax);
      }
    }),
  );
});

/** What a log was before some of it was moved. */
function restored(fields: Fields, original: Fields): ReadonlyMap<string, string> {
  const entries = new Map(Object.entries(fields));
  if (fields[OVERFLOW_KEY] === original[OVERFLOW_KEY]) return entries;
  entries.delete(OVERFLOW_KEY);
  for (const [key, text] of Object.entries(JSON.parse(fields[OVERFLOW_KEY] ?? '{}') as Fields)) entries.set(key, text);
  return entries;
}
