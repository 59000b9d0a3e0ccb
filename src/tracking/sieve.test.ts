// Goal: of a batch, every log is either stored as it would be among good ones, or is in quarantine as it was sent.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newLogstore } from '../../test/support/catalog.js';
import { ManualClock } from '../../test/support/manual-clock.js';
import { QuarantineLimit } from '../guard/quarantine-limit.js';
import type { CanonicalBody } from '../model/log-group.js';
import type { QuarantinedLog } from '../model/quarantined-log.js';
import { SOURCE_BYTES_MAX } from './aside-log.js';
import { createScanner } from './scan.js';
import type { TrackingSettings } from './settings.js';
import { Sieve } from './sieve.js';

const SETTINGS: TrackingSettings = { bodyBytesMax: 3 * 2 ** 20, logsPerRequestMax: 50, nonStringValues: 'refuse' };
const NO_LIMIT = { logsPerSecond: 0, bytesPerSecond: 0 };
const LOGSTORE = {
  ...newLogstore(1, 'shop', 'web'),
  quarantine: { isOn: true, ttlDays: 7, logsId: 2, replaysId: 3 },
};
const SENDER = () => ({ request_id: '655B0A7C', origin: 'https://shop.test', client: 'a program' });

const sieve = newSieve(SETTINGS);
const strict = createScanner({ logsMax: 50, nonStringValues: 'refuse' });

function newSieve(settings: TrackingSettings, rates = NO_LIMIT, clock = new ManualClock()): Sieve {
  return new Sieve(settings, new QuarantineLimit(rates, clock));
}

function sift(body: string, from = sieve) {
  return from.siftBody(LOGSTORE, Buffer.from(body), SENDER);
}

function textOf({ bytes, start, end }: CanonicalBody): string {
  return `{${bytes.toString('utf8', start, end)}`;
}

interface QuarantinedBody {
  readonly __topic__?: string;
  readonly __tags__?: object;
  readonly __logs__: readonly QuarantinedLog[];
}

/** What a body leaves in quarantine. */
function quarantinedOf(body: string, from = sieve): readonly QuarantinedLog[] {
  const [, quarantined] = sift(body, from)?.parts ?? [];
  return quarantined === undefined ? [] : (JSON.parse(textOf(quarantined.body)) as QuarantinedBody).__logs__;
}

const space = fc.constantFrom('', '', '', ' ', '\n', '\t ');
const key = fc.constantFrom('"a"', '"b"', '"a b"', '"\\u0061"', '"__tag__:t"', '"__time__"', '"中"');
const badKey = fc.constantFrom('""', '"\\u0001"', '"__topic__"', '"\\ud800"', `"${'k'.repeat(129)}"`);
const value = fc.constantFrom('"x"', '""', '"\\n"', '"\\ud83d\\ude00"', '"quote \\" and } ] ,"');
const badValue = fc.constantFrom('1', '-2.50', 'true', 'null', '{"n":[1,{}]}', '[]', '"\\udc00"');
const member = (keys: fc.Arbitrary<string>, values: fc.Arbitrary<string>) =>
  fc.tuple(space, keys, space, values, space).map(([a, k, b, v, c]) => `${a}${k}${b}:${b}${v}${c}`);
const someMember = fc.oneof(
  { weight: 12, arbitrary: member(key, value) },
  { weight: 1, arbitrary: member(badKey, value) },
  { weight: 1, arbitrary: member(key, badValue) },
);
const item = fc.oneof(
  { weight: 12, arbitrary: fc.array(someMember, { maxLength: 4 }).map((members) => `{${members.join(',')}}`) },
  { weight: 1, arbitrary: fc.constantFrom('"text"', '7', 'null', '[{"a":"b"}]', 'false') },
);
const labels = fc.constantFrom('', '"__topic__":"t",', '"__tags__":{"n":"1"},"__source__":"s",', '"other":[{}],');

test('none is lost, none is there twice, and the good ones are what they would have been by themselves', () => {
  fc.assert(
    fc.property(labels, fc.array(fc.tuple(space, item, space), { maxLength: 8 }), (label, items) => {
      const isGood = (one: string) => strict.scan(Buffer.from(`{"__logs__":[${one}]}`)).kind === 'body';
      const bodyOf = (logs: typeof items) => `{${label}"__logs__":[${logs.map((log) => log.join('')).join(',')}]}`;
      const good = strict.scan(Buffer.from(bodyOf(items.filter(([, one]) => isGood(one)))));
      if (good.kind !== 'body') throw new Error(good.reason);
      const sifted = sift(bodyOf(items));
      const [taken] = sifted?.parts ?? [];
      expect(taken && JSON.parse(textOf(taken.body))).toEqual(JSON.parse(textOf(good.body)));
      expect(taken?.body).toMatchObject({ logCount: good.body.logCount, hasLogTags: good.body.hasLogTags });
      const bad = items
        .map(([, one], index) => ({ text: one, index: String(index) }))
        .filter(({ text }) => !isGood(text));
      expect(quarantinedOf(bodyOf(items)).map(({ text, index }) => ({ text, index }))).toEqual(bad);
    }),
    { numRuns: 300 },
  );
}, 30_000);

describe('each fault is named, with its place and its field', () => {
  test.each([
    ['{"":"x"}', 'KeyEmpty', '', 1],
    [`{"a":"b","${'k'.repeat(129)}":"x"}`, 'KeyTooLong', 'k'.repeat(129), 9],
    ['{"a\\u0000b":"x"}', 'KeyWithControl', 'a\0b', 1],
    ['{"__source__":"x"}', 'KeyReserved', '__source__', 1],
    ['{"a":"b" , "c" : 12345678901234567890 }', 'ValueNotString', 'c', 17],
    ['{"a":"\\ud800"}', 'LoneSurrogate', 'a', 5],
    ['{"\\ud800":"a"}', 'LoneSurrogate', '\ufffd', 1],
    [`{"a":"${'v'.repeat(1_048_577)}"}`, 'ValueTooLarge', 'a', 5],
    ['"just a text"', 'LogNotObject', undefined, 0],
  ])('%.40s', (log, reason, field, at) => {
    const start = '{"__logs__":[{"ok":"1"},';
    const [quarantined] = quarantinedOf(`${start}${log}]}`);
    expect(quarantined).toEqual({
      ...SENDER(),
      text: log,
      text_bytes: String(log.length),
      reason,
      detail: expect.any(String),
      offset: String(start.length + at),
      index: '1',
      ...(field === undefined ? {} : { field }),
    });
  });

  test('too many fields', () => {
    const members = Array.from({ length: 10_001 }, (_, n) => `"k${n}":""`);
    expect(quarantinedOf(`{"__logs__":[{${members}}]}`)).toMatchObject([{ reason: 'TooManyFields' }]);
  });
});

test('a quarantined log has the labels of its batch', () => {
  const sifted = sift(
    '{"__topic__":"t","__tags__":{"v":7},"__logs__":[1]}',
    newSieve({ ...SETTINGS, nonStringValues: 'store' }),
  );
  const [taken, quarantined] = sifted?.parts ?? [];
  expect(taken?.body.logCount).toBe(0);
  expect(quarantined?.logstore).toMatchObject({ id: 2, name: 'web.quarantine', webTracking: false });
  const { __logs__, ...batch } = JSON.parse(quarantined ? textOf(quarantined.body) : '') as QuarantinedBody;
  expect(batch).toEqual({ __topic__: 't', __tags__: { v: '7' } });
});

test('of a log that is too long the beginning is kept, whole characters of it', () => {
  const log = `{"a":"${'中'.repeat(SOURCE_BYTES_MAX / 3)}"}`;
  const [quarantined] = quarantinedOf(`{"__logs__":[${log}]}`);
  expect(quarantined).toMatchObject({ cut: 'true', text_bytes: String(Buffer.byteLength(log)) });
  const { text = '' } = quarantined ?? {};
  expect(log.startsWith(text)).toBe(true);
  expect(SOURCE_BYTES_MAX - Buffer.byteLength(text)).toBeLessThan(3);
});

test('keys of logs that are put aside do not count as keys of the logstore', () => {
  const keys: string[] = [];
  sift('{"__logs__":[{"a":"1"},{"bad":1},{"b":"\\n"}]}')?.parts[0]?.body.keys?.every((bytes, start, end) => {
    keys.push(Buffer.from(bytes.subarray(start, end)).toString());
    return true;
  });
  expect(keys).toEqual(['a', 'b']);
});

test('of several arrays of logs the last one counts', () => {
  expect(quarantinedOf('{"__logs__":[1],"__logs__":[{"a":"b"},2]}').map(({ text }) => text)).toEqual(['2']);
});

describe('what is wrong with the batch as a whole stays refused', () => {
  test.each([
    ['no JSON', '{"__logs__":[1,]}'],
    ['no JSON behind a bad log', '{"__logs__":[1],"x":}'],
    ['no object', '[{"a":"b"}]'],
    ['no logs', '{"__topic__":"t"}'],
    ['logs that are no array', '{"__logs__":{"a":"b"}}'],
    ['bad tags', '{"__tags__":{"":"x"},"__logs__":[1]}'],
    ['too many logs', `{"__logs__":[${'1,'.repeat(50)}1]}`],
    ['nesting too deep', `{"__logs__":[{"a":${'['.repeat(100)}${']'.repeat(100)}}]}`],
    ['tags too large for so many logs', `{"__tags__":{"t":"${'x'.repeat(800_000)}"},"__logs__":[${'1,'.repeat(49)}1]}`],
  ])('%s', (_what, body) => {
    expect(sift(body)).toBeNull();
  });

  test('and all where the quarantine is off, or has never been on', () => {
    const body = Buffer.from('{"__logs__":[1]}');
    for (const quarantine of [{ ...LOGSTORE.quarantine, isOn: false }, null]) {
      expect(sieve.siftBody({ ...LOGSTORE, quarantine }, body, SENDER)).toBeNull();
    }
  });
});

describe('a quarantine takes so much and no more', () => {
  test.each([
    ['logs', { logsPerSecond: 1, bytesPerSecond: 0 }],
    ['bytes', { logsPerSecond: 0, bytesPerSecond: 8 }],
  ])('%s', (_what, rates) => {
    const clock = new ManualClock();
    const limited = newSieve(SETTINGS, rates, clock);
    const body = '{"__logs__":["item 1","item 2"]}';
    let accepted = 0;
    while (sift(body, limited) !== null) accepted++;
    expect(accepted).toBeGreaterThan(0);
    expect(accepted).toBeLessThan(10);
    clock.turn(2000);
    expect(sift(body, limited)).not.toBeNull();
    expect(sift(body, limited)).toBeNull();
  });
});

test('a query is sifted like the body it stands for', () => {
  const [, quarantined] = sieve.siftQuery(LOGSTORE, ['__topic__=t&a=1&%00=x', [], new Set()], SENDER)?.parts ?? [];
  expect(quarantined && JSON.parse(textOf(quarantined.body))).toMatchObject({
    __topic__: 't',
    __logs__: [{ text: '{"a":"1","\\u0000":"x"}', reason: 'KeyWithControl', field: '\0' }],
  });
});
