// Goal: of every reason there is something to look at, however many refusals another reason has; counts are true; and nothing
// grows.
import { describe, expect, test } from 'vitest';
import { newLogstore } from '../../test/support/catalog.js';
import { ManualClock } from '../../test/support/manual-clock.js';
import { ApiError } from '../errors.js';
import { OPEN_RULES } from '../model/write-rules.js';
import { DailyKey } from './daily-key.js';
import { createKeptAddress } from './kept-address.js';
import { mergeAnswers, RefusalLog, type RefusedRequest } from './refusal-log.js';

const WEB = newLogstore(1, 'shop', 'web');

function open() {
  const clock = new ManualClock();
  const log = new RefusalLog(clock, createKeptAddress(new DailyKey(clock)));
  let count = 0;
  const request = (changes: Partial<RefusedRequest> = {}): RefusedRequest => ({
    requestId: `ID${++count}`,
    method: 'POST',
    url: '/logstores/web/track?APIVersion=0.6.0',
    headers: {},
    address: '203.0.113.9',
    project: 'shop',
    logstoreName: 'web',
    logstore: WEB,
    body: null,
    ...changes,
  });
  return {
    clock,
    log,
    refuse(error: ApiError, changes?: Partial<RefusedRequest>): string {
      const refused = request(changes);
      log.record(refused, error.error, () => error);
      return refused.requestId;
    },
    list: (question: object = {}) => log.answer({ what: 'list', ...question }).refusals,
    minutes: (question: object = {}) => log.answer({ what: 'minutes', ...question }).steps,
  };
}

const badKey = new ApiError('InvalidKey', {}, { fault: { detail: 'a key is empty', offset: 17 } });
const denied = new ApiError('OriginDenied', {}, { fault: { detail: 'the page is not listed', field: 'Origin' } });

describe('a refusal', () => {
  test('says what was wrong, with what, and how to mend it', () => {
    const { refuse, list } = open();
    const requestId = refuse(badKey, {
      headers: { origin: 'https://shop.test', 'content-type': 'text/plain', 'user-agent': 'Mozilla/5.0' },
      body: Buffer.from('{"__logs__":[{"":"v","password":"hunter2"}]}'),
    });
    expect(list()).toEqual([
      {
        requestId,
        time: 1_795_046_385,
        wasRefused: true,
        reason: 'InvalidKey',
        status: 400,
        errorCode: 'InvalidKey',
        errorMessage: 'Invalid keys are in logs.',
        detail: 'a key is empty',
        offset: 17,
        field: null,
        advice: expect.stringMatching(/^Name the field otherwise/),
        project: 'shop',
        logstore: 'web',
        method: 'POST',
        path: '/logstores/web/track?APIVersion=0.6.0',
        origin: 'https://shop.test',
        address: '203.0.113.9',
        userAgent: 'Mozilla/5.0',
        client: 'web-track-browser, or a beacon',
        body: { bytes: 44, start: '{"__logs__":[{"":"v","password":"***"}]}', isText: true },
      },
    ]);
  });

  test('that was only reported says so', () => {
    const { log, list } = open();
    log.record({ ...REQUEST, requestId: 'R' }, 'OriginReported', () => denied);
    expect(list()).toMatchObject([{ reason: 'OriginReported', wasRefused: false, status: 401, field: 'Origin' }]);
  });

  test.each([
    ['whole', '203.0.113.9'],
    ['network', '203.0.113.0'],
    ['pseudonym', expect.stringMatching(/^anon-[0-9a-f]{12}$/)],
    ['none', null],
  ] as const)('has as much of the address as the logstore keeps: %s', (clientAddress, address) => {
    const { refuse, list } = open();
    refuse(badKey, { logstore: { ...WEB, writeRules: { ...OPEN_RULES, clientAddress } } });
    expect(list()[0]?.address).toEqual(address);
  });

  test('of a logstore that is not there has the network only', () => {
    const { refuse, list } = open();
    refuse(new ApiError('LogStoreNotExist', { logstore: 'x' }), {
      logstore: undefined,
      logstoreName: 'x'.repeat(9999),
    });
    expect(list()).toMatchObject([{ address: '203.0.113.0', logstore: `${'x'.repeat(300)}…` }]);
  });

  test('keeps the start of a body, whatever is in it', () => {
    const { refuse, list, clock } = open();
    const bodies = [
      Buffer.alloc(5000, '字'),
      Buffer.from('f09b7b22ff', 'hex'),
      Buffer.alloc(100, 0xff),
      Buffer.alloc(0),
    ];
    for (const body of bodies) {
      refuse(badKey, { body });
      clock.turn(1000);
    }
    expect(list().map(({ body }) => [body?.bytes, body?.isText, body?.start.length])).toEqual([
      [0, true, 0],
      [100, false, 128],
      [5, false, 10],
      [5000, true, 341],
    ]);
  });
});

describe('a flood', () => {
  test('of one reason leaves the others alone, of one logstore too', () => {
    const { refuse, list, clock } = open();
    const rare = refuse(badKey);
    const elsewhere = refuse(denied, { logstore: newLogstore(2, 'shop', 'app'), logstoreName: 'app' });
    for (let n = 0; n < 10_000; n++) {
      refuse(denied);
      if (n % 100 === 0) clock.turn(1000);
    }
    const ids = list().map(({ requestId }) => requestId);
    expect(ids).toContain(rare);
    expect(ids).toContain(elsewhere);
    expect(ids).toHaveLength(34);
    expect(list({ requestId: rare })).toHaveLength(1);
    expect(list({ reason: 'InvalidKey' }).map(({ requestId }) => requestId)).toEqual([rare]);
    expect(list({ project: 'shop', logstore: 'app' }).map(({ requestId }) => requestId)).toEqual([elsewhere]);
    expect(list({ limit: 5 })).toHaveLength(5);
  });

  test('of names that nobody has makes no places, and one of logstores not too many', () => {
    const { refuse, list } = open();
    for (let n = 0; n < 1000; n++) {
      refuse(new ApiError('LogStoreNotExist', { logstore: `x${n}` }), { logstore: undefined, logstoreName: `x${n}` });
    }
    expect(list()).toHaveLength(8);
    for (let n = 0; n < 1000; n++) refuse(badKey, { logstoreName: `known${n}` });
    expect(list()).toHaveLength(256);
  });

  test('is described only as far as it is kept', () => {
    const { log } = open();
    let described = 0;
    for (let n = 0; n < 1000; n++) {
      log.record(REQUEST, 'OriginDenied', () => {
        described++;
        return denied;
      });
    }
    expect(described).toBe(8);
  });
});

describe('counts', () => {
  test('are of all, by minute, reason and page', () => {
    const { refuse, minutes, clock } = open();
    const from = (origin: string) => ({ headers: { origin } });
    for (let n = 0; n < 100; n++) refuse(denied, from('https://evil.test'));
    refuse(badKey, from('https://shop.test'));
    refuse(badKey, { headers: { referer: 'https://shop.test/cart?x=1' } });
    clock.turn(60_000);
    refuse(badKey);
    expect(minutes()).toEqual([
      {
        time: 1_795_046_340,
        count: 102,
        byReason: { OriginDenied: 100, InvalidKey: 2 },
        byOrigin: { 'https://evil.test': 100, 'https://shop.test': 2 },
        otherOrigins: 0,
      },
      { time: 1_795_046_400, count: 1, byReason: { InvalidKey: 1 }, byOrigin: { none: 1 }, otherOrigins: 0 },
    ]);
    expect(minutes({ project: 'shop', logstore: 'other' })).toEqual([]);
    clock.turn(3_600_000);
    expect(minutes()).toEqual([]);
  });

  test('of forged pages by the thousand still show the ones with most, and add up', () => {
    const { refuse, minutes } = open();
    for (let n = 0; n < 5000; n++) {
      refuse(denied, { headers: { origin: `https://${n}.test` } });
      if (n % 4 === 0) refuse(denied, { headers: { origin: 'https://often.test' } });
      if (n % 1000 === 0) refuse(denied, { headers: { origin: '__proto__' } });
    }
    const [step] = minutes();
    expect(step?.byOrigin['https://often.test']).toBeGreaterThan(500);
    expect(Object.keys(step?.byOrigin ?? {}).length).toBeLessThanOrEqual(20);
    const named = Object.values(step?.byOrigin ?? {}).reduce((sum, count) => sum + count, 0);
    expect(named + (step?.otherOrigins ?? 0)).toBe(step?.count);
    expect(step?.count).toBe(5000 + 1250 + 5);
  });

  test('of several workers are one', () => {
    const [one, two] = [open(), open()];
    one.refuse(denied, { headers: { origin: 'https://a.test' } });
    two.clock.turn(1000);
    two.refuse(denied, { headers: { origin: 'https://a.test' } });
    two.refuse(badKey);
    const minutes = mergeAnswers([one, two].map(({ log }) => log.answer({ what: 'minutes' })));
    expect(minutes.steps).toMatchObject([
      { count: 3, byReason: { OriginDenied: 2, InvalidKey: 1 }, byOrigin: { 'https://a.test': 2, none: 1 } },
    ]);
    const list = mergeAnswers(
      [one, two].map(({ log }) => log.answer({ what: 'list', limit: 2 })),
      2,
    );
    expect(list.refusals).toHaveLength(2);
    expect(list.refusals[0]?.time).toBe(1_795_046_386);
  });
});

test('a pseudonym is the same all day in every process that has the key, and another one the next day', () => {
  const clock = new ManualClock();
  const first = new DailyKey(clock);
  const kept = [createKeptAddress(first), createKeptAddress(new DailyKey(clock, first.ofDay))];
  const names = () => kept.map((keep) => keep('pseudonym', '203.0.113.9'));
  const [today, same] = names();
  expect(same).toBe(today);
  expect(kept[0]?.('pseudonym', '203.0.113.10')).not.toBe(today);
  clock.turn(3 * 86_400_000);
  const later = [...names(), createKeptAddress(new DailyKey(clock, first.ofDay))('pseudonym', '203.0.113.9')];
  expect(new Set(later).size).toBe(1);
  expect(later[0]).not.toBe(today);
});

const REQUEST: RefusedRequest = {
  requestId: 'X',
  method: 'GET',
  url: '/logstores/web/track.gif',
  headers: {},
  address: '',
  project: 'shop',
  logstoreName: 'web',
  logstore: WEB,
  body: null,
};
