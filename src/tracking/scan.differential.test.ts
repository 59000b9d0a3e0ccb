// Goal: whatever the body, the scanner says and stores what a plain reading of the rules does.
import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Fields, type JsonTree, judgeBody, parseTree } from '../../test/support/tracked-body-oracle.js';
import type { CanonicalBody } from '../model/log-group.js';
import { createScanner, type ScanOptions } from './scan.js';

/** Documents to try; a long run is `FUZZ_RUNS=300000 npx vitest run src/tracking/scan.differential.test.ts`. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 3000);
const TIMEOUT_MS = 20_000 + 5 * RUNS;

const MODES: ScanOptions[] = [
  { logsMax: 3, nonStringValues: 'store' },
  { logsMax: 3, nonStringValues: 'refuse' },
];
const CASES = MODES.map((options) => ({ options, scanner: createScanner(options) }));

/** The scanner's memory is shared by all documents here, as it is in the service. */
function compare(body: Buffer): void {
  const copy = Buffer.from(body);
  for (const { options, scanner } of CASES) {
    const verdict = judgeBody(body, options);
    const result = scanner.scan(body);
    expect(body.equals(copy), 'the body itself is left alone').toBe(true);
    if (result.kind === 'refused' || verdict.kind === 'refused') {
      expect({ ...result, reason: '', offset: 0 }).toEqual({ ...verdict, reason: '', offset: 0 });
      continue;
    }
    const { group, hasLogTags } = verdict;
    expect(readCanonical(result.body)).toEqual(group);
    expect(result.body.logCount).toBe(group.logs.length);
    expect(result.body.hasLogTags).toBe(hasLogTags);
  }
}

/** Reads a canonical body strictly: known keys only, spelled literally, each once, strings only, on one line. */
function readCanonical(body: CanonicalBody): unknown {
  const bytes = Buffer.concat([Buffer.from('{'), body.bytes.subarray(body.start, body.end)]);
  expect(isUtf8(bytes)).toBe(true);
  expect(bytes.includes('\n')).toBe(false);
  const tree = parseTree(bytes.toString());
  if (tree.kind !== 'object') throw new Error('not an object');
  const members = new Map(tree.members.map(({ keySource, value }) => [keySource, value]));
  expect(members.size).toBe(tree.members.length);
  const take = (name: string) => {
    const value = members.get(`"${name}"`);
    members.delete(`"${name}"`);
    return value;
  };
  const tags = take('__tags__');
  const logs = take('__logs__');
  const group = {
    topic: stringOrNothing(take('__topic__')),
    source: stringOrNothing(take('__source__')),
    tags: tags && flatFields(tags),
    logs: logs?.kind === 'array' ? logs.items.map(flatFields) : 'no array',
  };
  expect([...members.keys()]).toEqual([]);
  return group;
}

function stringOrNothing(tree: JsonTree | undefined): string | undefined {
  if (tree !== undefined && tree.kind !== 'string') throw new Error(`a ${tree.kind} where a string belongs`);
  return tree?.value;
}

function flatFields(tree: JsonTree): Fields {
  if (tree.kind !== 'object') throw new Error('not an object');
  expect(new Set(tree.members.map(({ key }) => key)).size).toBe(tree.members.length);
  return tree.members.map(({ key, value }) => [key, stringOrNothing(value) ?? '']);
}

const oneOf = (...texts: string[]) => fc.constantFrom(...texts);
const space = fc.oneof({ weight: 8, arbitrary: fc.constant('') }, oneOf(' ', '\n', '\t', '\r\n  ', '  '));

/** Pieces of string content as they stand in JSON text. */
const piece = fc.oneof(
  { weight: 60, arbitrary: oneOf('a', 'key', 'some longer text, of two words or more', '0', ' ', '-', '/', '\x7f') },
  { weight: 20, arbitrary: oneOf('中', 'é', '😀', '\u2028', '\ufeff', "'", '{', '}', '[', ']', ',', ':') },
  { weight: 20, arbitrary: oneOf('\\n', '\\"', '\\\\', '\\/', '\\u0041', '\\u4e2d', '\\uD83D\\uDE00', '\\b', '\\t') },
  { weight: 1, arbitrary: oneOf('\\ud800', '\\udc00', '\\udc00\\ud800', '\\ud83d\\u0041', '\\u0000', '\\u001f') },
);
const content = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
const longContent = fc.tuple(content, fc.nat({ max: 140 })).map(([text, times]) => text.repeat(times));
const anyString = fc
  .oneof({ weight: 12, arbitrary: content }, { weight: 1, arbitrary: longContent })
  .map((text) => `"${text}"`);

const KNOWN_KEYS = [
  '__logs__',
  '__topic__',
  '__source__',
  '__tags__',
  '__time__',
  '__tag__:a',
  '__tag__:',
  '__proto__',
];
const OTHER_KEYS = [
  '__partition_time__',
  '_extract_others_',
  '__extract_others__',
  '__logs_',
  '__tag__',
  'constructor',
];

/** A key, some of its characters as escapes. */
const spelled = (key: string) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: key.length, maxLength: key.length }).map((dice) => {
    const maybeEscaped = (character: string, index: number) =>
      dice[index] === 0 ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : character;
    return `"${[...key].map(maybeEscaped).join('')}"`;
  });
const knownKey = oneOf(...KNOWN_KEYS, ...KNOWN_KEYS, ...OTHER_KEYS).chain(spelled);
const plainKey = oneOf('a', 'b', 'url', 'user-agent', 'a somewhat longer key').chain(spelled);
const fieldKey = fc.oneof(
  { weight: 40, arbitrary: plainKey },
  { weight: 6, arbitrary: oneOf('__time__', '__client_time__', '__tag__:a').chain(spelled) },
  { weight: 2, arbitrary: anyString },
  { weight: 1, arbitrary: knownKey },
);

const scalar = oneOf(
  ...['0', '-0', '1', '-12.50', '1e999', '1E+2', '2e-7', '12345678901234567890', '0.1', 'true', 'false', 'null'],
);
const notQuiteScalar = oneOf('01', '1.', '.5', '+1', '-', '1e', '1e+', 'NaN', 'Infinity', 'nul', 'True', '0x1', '');

const objectOf = (key: fc.Arbitrary<string>, value: fc.Arbitrary<string>, maxLength: number) =>
  listOf(
    fc.tuple(key, space, space, value).map(([k, before, after, v]) => `${k}${before}:${after}${v}`),
    '{}',
    maxLength,
  );

function listOf(item: fc.Arbitrary<string>, brackets: string, maxLength: number): fc.Arbitrary<string> {
  const padded = fc.tuple(space, item, space).map((parts) => parts.join(''));
  return fc
    .tuple(fc.array(padded, { maxLength }), space)
    .map(([items, inside]) => `${brackets[0]}${items.length === 0 ? inside : items.join(',')}${brackets[1]}`);
}

const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 6, arbitrary: anyString },
    { weight: 3, arbitrary: scalar },
    { weight: 1, arbitrary: listOf(tie('value'), '[]', 3) },
    { weight: 1, arbitrary: objectOf(fc.oneof(plainKey, anyString), tie('value'), 3) },
  ),
}));
const fieldValue = fc.oneof({ weight: 4, arbitrary: anyString }, { weight: 1, arbitrary: value });
const fields = objectOf(fieldKey, fieldValue, 6);
const log = fc.oneof(
  { weight: 40, arbitrary: fields },
  { weight: 4, arbitrary: fc.constant('{}') },
  { weight: 1, arbitrary: value },
);
const logs = fc.oneof(
  { weight: 20, arbitrary: listOf(log, '[]', 3) },
  { weight: 1, arbitrary: listOf(log, '[]', 5) },
  { weight: 1, arbitrary: value },
);
const tags = fc.oneof({ weight: 20, arbitrary: fields }, { weight: 2, arbitrary: value });

const withKey = (key: string, arbitrary: fc.Arbitrary<string>) =>
  fc.tuple(spelled(key), space, space, arbitrary).map(([k, before, after, v]) => `${k}${before}:${after}${v}`);
const member = fc.oneof(
  { weight: 1, arbitrary: withKey('__logs__', logs) },
  { weight: 3, arbitrary: withKey('__tags__', tags) },
  { weight: 3, arbitrary: withKey('__topic__', fieldValue) },
  { weight: 3, arbitrary: withKey('__source__', fieldValue) },
  { weight: 3, arbitrary: withKey('id', value) },
  { weight: 1, arbitrary: fc.tuple(fc.oneof(knownKey, anyString), value).map((pair) => pair.join(':')) },
);
/** Members, one of which is `__logs__`. */
const members = fc
  .tuple(fc.array(member, { maxLength: 3 }), withKey('__logs__', logs), fc.array(member, { maxLength: 1 }), space)
  .map(([before, logsMember, behind, around]) => [...before, logsMember, ...behind].join(`,${around}`));
const object = fc.oneof(
  { weight: 20, arbitrary: members.map((text) => `{${text}}`) },
  { weight: 1, arbitrary: listOf(member, '{}', 3) },
);
const document = fc.oneof(
  { weight: 30, arbitrary: object },
  { weight: 1, arbitrary: object.map((text) => JSON.stringify(text)) },
  { weight: 1, arbitrary: fc.tuple(space, object, space).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.tuple(oneOf('\ufeff', '\ufeff\ufeff', ' \ufeff'), object).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: value },
);

/** Damage done to bytes: cut off, put in, left out, changed. */
const damage = fc.record({
  at: fc.noBias(fc.integer({ min: 0, max: 999 })),
  kind: oneOf('cut', 'put', 'drop', 'flip', 'scalar'),
  text: fc.oneof(
    oneOf('"', '\\', '{', '}', '[', ']', ',', ':', '\n', '\0', '\x1f', '1', 'e', '中', '"__logs__":[],'),
    piece,
  ),
  scalar: notQuiteScalar,
  bit: fc.nat({ max: 7 }),
});
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

function harm(bytes: Buffer, { at, kind, text, scalar: number, bit }: Damage): Buffer {
  const place = Math.floor((at * bytes.length) / 1000);
  const before = bytes.subarray(0, place);
  const behind = bytes.subarray(place);
  switch (kind) {
    case 'cut':
      return before;
    case 'put':
      return Buffer.concat([before, Buffer.from(text), behind]);
    case 'drop':
      return Buffer.concat([before, behind.subarray(1)]);
    case 'scalar':
      return Buffer.from(bytes.toString().replace(/(?<=:)\d+/, number));
    default: {
      const flipped = Buffer.from(bytes);
      flipped[place] = (flipped[place] ?? 0) ^ (1 << bit);
      return flipped;
    }
  }
}

test('documents as clients might write them', { timeout: TIMEOUT_MS }, () => {
  fc.assert(
    fc.property(document, (text) => compare(Buffer.from(text))),
    { numRuns: RUNS },
  );
});

test('damaged documents', { timeout: TIMEOUT_MS }, () => {
  fc.assert(
    fc.property(document, fc.array(damage, { minLength: 1, maxLength: 2 }), (text, harms) => {
      const bytes = harms.reduce(harm, Buffer.from(text));
      if (isUtf8(bytes)) compare(bytes);
    }),
    { numRuns: RUNS },
  );
});

test('any JSON at all', { timeout: TIMEOUT_MS }, () => {
  fc.assert(
    fc.property(fc.json(), fc.json(), (a, b) => compare(Buffer.from(`{"__logs__":[{"a":${a}}],"__tags__":${b}}`))),
    { numRuns: RUNS / 10 },
  );
});
