// Goal: what changes about the fields of a logstore is told once, and what only varies is not told.
import { describe, expect, test } from 'vitest';
import { Random } from '../../test/support/random.js';
import { LogstoreSchema, newSchema } from './logstore-schema.js';
import { describeNotice } from './notice-text.js';
import { Tally } from './tally.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const BEGAN = 1_795_046_385_000;

type Log = Readonly<Record<string, string>>;

/** A logstore and the reports about it, one for each group of logs. */
class Stream {
  nowMs = BEGAN;
  schema = newSchema(1, BEGAN);

  /** For `ms`, a group every `everyMs`. */
  run(
    ms: number,
    everyMs: number,
    logsAt: (at: number, n: number) => readonly Log[],
    origin = 'https://shop.test',
  ): void {
    for (let at = 0, n = 0; at < ms; at += everyMs, n++) {
      const tally = new Tally(['version']);
      tally.add(1, { logs: logsAt(at / ms, n).map((log) => Object.entries(log)), tags: [] }, origin);
      for (const report of tally.take()) this.schema.add(report, 10_000, this.nowMs);
      this.nowMs += everyMs;
    }
  }

  restart(): void {
    this.schema = new LogstoreSchema(JSON.parse(JSON.stringify(this.schema.store())));
  }

  get notices() {
    return this.schema.notices.all.map((notice) => describeNotice(notice, { project: 'default', name: 'web' }));
  }

  field(name: string) {
    return this.schema.describe().fields.find((field) => field.name === name);
  }
}

const times = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));

describe('a type that changes', () => {
  const priceOf = (version: string, price: string) => ({ price, version });

  test('is told once while a release is rolled out over hours, with the version that brought it', () => {
    const stream = new Stream();
    const random = new Random(1);
    const next = () => random.next();
    stream.run(2 * HOUR, 10_000, () => times(20, (n) => priceOf('3.1.0', String(n))));
    stream.run(2 * HOUR, 10_000, (part) =>
      times(20, (n) => (next() < part ? priceOf('3.2.0', `${n} EUR`) : priceOf('3.1.0', String(n)))),
    );
    stream.run(2 * HOUR, 10_000, () => times(20, (n) => priceOf('3.2.0', `${n} EUR`)));
    expect(stream.notices).toHaveLength(1);
    expect(stream.notices[0]).toMatchObject({
      ...{
        kind: 'typeChanged',
        field: 'price',
        from: 'integer',
        to: 'text',
        version: '3.2.0',
        origin: 'https://shop.test',
      },
      ...{ times: 1, endedAt: null, isAcknowledged: false },
      text:
        'Values of price were integer and now are text in version 3.2.0 from https://shop.test: searches, comparisons and ' +
        'charts that expect integer miss them.',
    });
    expect(stream.field('price')?.type).toBe('text');
  });

  test('is over when it changes back, and comes again as the same notice', () => {
    const stream = new Stream();
    const of = (value: string) => () => times(20, () => ({ price: value }));
    stream.run(HOUR, 10_000, of('12'));
    stream.run(HOUR, 10_000, of('{"eur":12}'));
    stream.run(HOUR, 10_000, of('12'));
    expect(stream.notices).toMatchObject([{ from: 'integer', to: 'json', endedAt: expect.any(Number) }]);
    stream.run(HOUR, 10_000, of('{"eur":12}'));
    expect(stream.notices).toMatchObject([{ from: 'integer', to: 'json', endedAt: null, times: 2 }]);
  });

  test.each<[string, (n: number, next: () => number) => string]>([
    ['a number that is often whole', (n, next) => (next() < 0.1 ? '12.5' : String(n))],
    ['numbers, and now and then a text', (n, next) => (next() < 0.1 ? 'undefined' : String(n))],
    ['long ids and short ones', (_, next) => (next() < 0.5 ? 'f47ac10b58cc4372a5670e02b2c3d479' : 'guest')],
    ['often empty', (n, next) => (next() < 0.7 ? '' : String(n))],
    ['half and half from the beginning', (_, next) => (next() < 0.5 ? '1' : 'one')],
  ])('is not told of %s', (_what, makeValue) => {
    const stream = new Stream();
    const random = new Random(2);
    const next = () => random.next();
    stream.run(DAY, 30_000, (_, n) => times(10, () => ({ value: makeValue(n, next) })));
    expect(stream.notices).toEqual([]);
  });

  test('survives a restart in the middle', () => {
    const stream = new Stream();
    stream.run(HOUR, 10_000, () => times(20, () => ({ price: '12' })));
    stream.restart();
    stream.run(HOUR, 10_000, () => times(20, () => ({ price: 'twelve' })));
    stream.restart();
    stream.run(HOUR, 10_000, () => times(20, () => ({ price: 'twelve' })));
    expect(stream.notices).toMatchObject([{ id: 1, from: 'integer', to: 'text' }]);
  });
});

describe('a field that vanishes', () => {
  const withUser = (version: string) => times(20, () => ({ path: '/', user: 'ann', version }));
  const without = (version: string) => times(20, () => ({ path: '/', version }));

  test('is told once, with the version that has dropped it, and is over when it is back', () => {
    const stream = new Stream();
    stream.run(2 * DAY, 5 * MINUTE, () => withUser('3.1.0'));
    stream.run(DAY, 5 * MINUTE, () => without('3.2.0'));
    expect(stream.notices).toMatchObject([
      { kind: 'fieldVanished', field: 'user', from: '100%', to: '0%', version: '3.2.0', endedAt: null },
    ]);
    expect(stream.notices[0]?.text).toBe(
      'user was in 100% of the logs (most of https://shop.test) and has not come any more, now that most of them are of ' +
        'version 3.2.0.',
    );
    stream.run(HOUR, 5 * MINUTE, () => withUser('3.2.1'));
    expect(stream.notices).toMatchObject([{ field: 'user', endedAt: expect.any(Number) }]);
  });

  test('is not told of a field that was always rare', () => {
    const stream = new Stream();
    const random = new Random(3);
    const next = () => random.next();
    stream.run(4 * DAY, 5 * MINUTE, () =>
      times(20, () => (next() < 0.002 ? { path: '/', coupon: 'x' } : { path: '/' })),
    );
    expect(stream.field('coupon')?.share).toBeLessThan(0.05);
    expect(stream.notices).toEqual([]);
  });

  test('is not told of what comes once a night', () => {
    const stream = new Stream();
    for (let day = 0; day < 5; day++) {
      stream.run(HOUR, MINUTE, () => times(20, () => ({ path: '/', job: 'sweep' })));
      stream.run(23 * HOUR, 5 * MINUTE, () => times(20, () => ({ path: '/' })));
    }
    expect(stream.notices).toEqual([]);
  });

  test('is not told while there are no logs at all', () => {
    const stream = new Stream();
    stream.run(2 * DAY, 5 * MINUTE, () => withUser('1'));
    stream.nowMs += 10 * DAY;
    stream.run(5 * MINUTE, MINUTE, () => without('1'));
    expect(stream.notices).toEqual([]);
  });
});

describe('new keys', () => {
  const page = { path: '/', event: 'view' };

  test('that come in a burst are told once, however long it lasts', () => {
    const stream = new Stream();
    stream.run(HOUR, 10_000, () => times(20, () => page));
    stream.run(HOUR, 10_000, (_, n) => times(20, (k) => ({ ...page, [`id_${n * 20 + k}`]: '1' })));
    expect(stream.notices).toMatchObject([{ kind: 'manyNewKeys', field: null, from: '2', endedAt: null, times: 1 }]);
    expect(Number(stream.notices[0]?.to)).toBeGreaterThan(5000);
    expect(stream.schema.describe().isCut).toBe(true);
    stream.run(2 * HOUR, 10_000, () => times(20, () => page));
    expect(stream.notices).toMatchObject([{ endedAt: expect.any(Number) }]);
  });

  test('that a release brings are not told', () => {
    const stream = new Stream();
    stream.run(HOUR, MINUTE, () => times(20, () => page));
    const more = Object.fromEntries(times(60, (n) => [`field_${n}`, 'x']));
    stream.run(HOUR, MINUTE, () => times(20, () => ({ ...page, ...more })));
    expect(stream.notices).toEqual([]);
  });

  test('that were in a log or two are forgotten after a day', () => {
    const stream = new Stream();
    stream.run(HOUR, MINUTE, (_, n) => [{ ...page, [`id_${n}`]: '1' }]);
    expect(stream.schema.fieldCount).toBe(62);
    stream.run(2 * DAY, 10 * MINUTE, () => [page]);
    expect(stream.schema.fieldCount).toBe(2);
  });
});

test('shares, types, pages and versions are those of the recent logs', () => {
  const stream = new Stream();
  stream.run(HOUR, 10_000, (_, n) => [
    { path: '/', price: String(n), version: n % 4 === 0 ? '2' : '1' },
    { path: '/' },
  ]);
  expect(stream.field('price')).toMatchObject({ type: 'integer', share: 0.5, types: [{ type: 'integer', share: 1 }] });
  expect(stream.field('price')?.versions).toEqual([
    { name: '1', share: 0.75 },
    { name: '2', share: 0.25 },
  ]);
  expect(stream.field('path')?.origins).toEqual([{ name: 'https://shop.test', share: 1 }]);
  expect(stream.field('path')?.versions[0]).toEqual({ name: null, share: 0.5 });
  stream.run(3 * DAY, 10_000, () => [{ path: '/' }]);
  expect(stream.field('price')?.share).toBeLessThan(0.01);
});

test('keys that mean something to JavaScript are keys like others', () => {
  const stream = new Stream();
  const hostile = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', '7', 'ключ', 'x'.repeat(128)];
  const log = JSON.parse(`{${hostile.map((key) => `${JSON.stringify(key)}:"1"`).join(',')}}`) as Log;
  stream.run(HOUR, MINUTE, () => [log]);
  stream.restart();
  stream.run(HOUR, MINUTE, () => [log]);
  const { fields } = stream.schema.describe();
  expect(fields.map(({ name }) => name).sort()).toEqual([...hostile].sort());
  expect(fields.every(({ type, share }) => type === 'integer' && share === 1)).toBe(true);
});
