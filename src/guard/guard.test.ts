// Goal: whoever writes too much waits and nobody else does; who is refused uses up nothing; and all is decided from headers.
import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, test } from 'vitest';
import { newLogstore } from '../../test/support/catalog.js';
import { ManualClock } from '../../test/support/manual-clock.js';
import { ApiError } from '../errors.js';
import type { Logstore } from '../model/catalog.js';
import { DEFAULT_QUOTA, OPEN_RULES, type WriteQuota, type WriteRules } from '../model/write-rules.js';
import { Guard, type GuardSettings } from './guard.js';

const UNLIMITED = { requestsPerSecond: 0, bytesPerSecond: 0 };
const SETTINGS: GuardSettings = {
  address: UNLIMITED,
  exemptAddresses: [],
  origin: UNLIMITED,
  logstore: UNLIMITED,
  project: UNLIMITED,
  blockedAddresses: [],
};

interface World {
  readonly clock: ManualClock;
  /** What a request is answered: `200`, or the code of the error and, where it has one, Retry-After. */
  send(request?: { address?: string; headers?: IncomingHttpHeaders; to?: Logstore; bytes?: number }): string;
}

function open(settings: Partial<GuardSettings>, projectQuota: WriteQuota = DEFAULT_QUOTA): World {
  const clock = new ManualClock();
  const guard = new Guard({ settings: { ...SETTINGS, ...settings }, projectQuota: () => projectQuota, clock });
  return {
    clock,
    send({ address = '203.0.113.9', headers = {}, to = WEB, bytes = 100 } = {}) {
      try {
        return guard.admit(headers, address, to, bytes) === null ? '200' : '200, reported';
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return [error.code, ...error.headers.slice(1)].join(' ');
      }
    },
  };
}

function ruled(rules: Partial<WriteRules>): Logstore {
  return { ...newLogstore(7, 'default', 'ruled'), writeRules: { ...OPEN_RULES, ...rules } };
}

const WEB = newLogstore(1, 'default', 'web');
const APP = newLogstore(2, 'default', 'app');
const times = (count: number, send: () => string) => Array.from({ length: count }, send);
/** With one request a second eleven pass at once: ten, and one that goes into debt. */
const ONE = { requestsPerSecond: 1, bytesPerSecond: 0 };
const PASSED = Array<string>(11).fill('200');

describe('a limit in requests', () => {
  test.each<[string, Partial<GuardSettings>, WriteQuota, string]>([
    ['of an address', { address: ONE }, DEFAULT_QUOTA, 'ShardWriteQuotaExceed 1'],
    ['of an origin', { origin: ONE }, DEFAULT_QUOTA, 'ShardWriteQuotaExceed 1'],
    ['of all logstores', { logstore: ONE }, DEFAULT_QUOTA, 'ShardWriteQuotaExceed 1'],
    ['of all projects', { project: ONE }, DEFAULT_QUOTA, 'WriteQuotaExceed 1'],
    ['of this project', {}, { requestsPerSecond: 1, bytesPerSecond: null }, 'WriteQuotaExceed 1'],
  ])('%s', (_what, settings, projectQuota, refused) => {
    const { send, clock } = open(settings, projectQuota);
    const request = () => send({ headers: { origin: 'https://a.test' } });
    expect(times(12, request)).toEqual([...PASSED, refused]);
    clock.turn(1000);
    expect(times(2, request)).toEqual(['200', refused]);
    clock.turn(20_000);
    expect(times(12, request)).toEqual([...PASSED, refused]);
  });

  test('of one logstore, as its catalog entry says', () => {
    const { send } = open({ logstore: { requestsPerSecond: 1000, bytesPerSecond: 0 } });
    const to = ruled({ quota: { requestsPerSecond: 1, bytesPerSecond: null } });
    expect(times(12, () => send({ to }))).toEqual([...PASSED, 'ShardWriteQuotaExceed 1']);
    expect(times(20, () => send())).not.toContain('ShardWriteQuotaExceed 1');
  });

  test('that is 0 in the catalog lifts the one of the service', () => {
    const { send } = open({ logstore: ONE, project: ONE }, { requestsPerSecond: 0, bytesPerSecond: 0 });
    const to = ruled({ quota: { requestsPerSecond: 0, bytesPerSecond: 0 } });
    expect(new Set(times(100, () => send({ to })))).toEqual(new Set(['200']));
  });
});

describe('a limit in bytes', () => {
  test('lets a large body pass, and then makes wait for it', () => {
    const { send, clock } = open({ address: { requestsPerSecond: 0, bytesPerSecond: 1000 } });
    expect(send({ bytes: 3_000_000 })).toBe('200');
    expect(send({ bytes: 1 })).toBe('ShardWriteQuotaExceed 2990');
    expect(send({ bytes: 1, address: '203.0.113.10' })).toBe('200');
    clock.turn(2_990_000);
    expect(send({ bytes: 1 })).toBe('200');
  });

  test('of a project is told apart from one in requests', () => {
    const { send } = open({ project: { requestsPerSecond: 0, bytesPerSecond: 1000 } });
    expect(send({ bytes: 11_000 })).toBe('200');
    expect(send({})).toBe('WriteQuotaExceed 1');
  });
});

describe('one client', () => {
  test('that floods does not take what others may', () => {
    const { send } = open({ address: ONE, logstore: { requestsPerSecond: 10, bytesPerSecond: 0 } });
    times(1000, () => send({}));
    // 11 of the logstore's 100 are gone, and not a thousand.
    const others = Array.from({ length: 80 }, (_, n) => send({ address: `198.51.100.${n}` }));
    expect(new Set(others)).toEqual(new Set(['200']));
  });

  test('is one IPv4 address, or a /64 of IPv6', () => {
    const { send } = open({ address: ONE });
    times(11, () => send({ address: '2001:db8:1:2::1' }));
    expect(send({ address: '2001:db8:1:2:ffff:ffff:ffff:ffff' })).toBe('ShardWriteQuotaExceed 1');
    expect(send({ address: '2001:db8:1:3::1' })).toBe('200');
    times(11, () => send({ address: '192.0.2.1' }));
    expect(send({ address: '::ffff:192.0.2.1' })).toBe('ShardWriteQuotaExceed 1');
    expect(send({ address: '192.0.2.2' })).toBe('200');
  });

  test('in an exempt network has no limit; one without an address has', () => {
    const { send } = open({ address: ONE, exemptAddresses: ['10.0.0.0/8', '::1'] });
    expect(new Set(times(100, () => send({ address: '10.1.2.3' })))).toEqual(new Set(['200']));
    expect(new Set(times(100, () => send({ address: '::1' })))).toEqual(new Set(['200']));
    expect(times(12, () => send({ address: '' }))).toEqual([...PASSED, 'ShardWriteQuotaExceed 1']);
  });

  test('that is blocked writes nowhere', () => {
    const { send } = open({ blockedAddresses: ['198.51.100.0/24', '2001:db8::/32'] });
    expect(send({ address: '198.51.100.77' })).toBe('Unauthorized');
    expect(send({ address: '2001:db8:ffff::1', to: APP })).toBe('Unauthorized');
    expect(send({ address: '198.51.101.1' })).toBe('200');
  });
});

describe('a page that is not listed', () => {
  const origins = { mode: 'enforce', allowed: ['https://a.test'], withoutOrigin: 'refuse' } as const;

  test('is refused before it costs anything', () => {
    const { send } = open({ address: ONE });
    const to = ruled({ origins });
    times(100, () => send({ to, headers: { origin: 'https://evil.test' } }));
    expect(send({ to, headers: { origin: 'https://evil.test' } })).toBe('Unauthorized');
    expect(send({ to, headers: { origin: 'https://a.test' } })).toBe('200');
  });

  test('is only reported where the rules are to report, and counts like any other', () => {
    const { send } = open({ address: ONE });
    const to = ruled({ origins: { ...origins, mode: 'report' } });
    const headers = { origin: 'https://evil.test' };
    expect(times(12, () => send({ to, headers }))).toEqual([
      ...Array<string>(11).fill('200, reported'),
      'ShardWriteQuotaExceed 1',
    ]);
  });
});
