/**
 * What it costs to decide, before a body is read, whether a request may write: processor time and memory, with many rules and
 * very many known addresses.
 *
 *   node dist/bench/guard.js [rounds, 30 if not given]
 *
 * Each variant has a guard of its own; they take turns within a round, so that noise falls on all alike.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { Guard, type GuardSettings } from '../src/guard/guard.js';
import type { Logstore } from '../src/model/catalog.js';
import { DEFAULT_QUOTA, OPEN_RULES, type OriginPolicy } from '../src/model/write-rules.js';
import { systemClock } from '../src/platform/clock.js';
import { median, Report } from './support/report.js';

const rounds = Number(process.argv[2] ?? 30);
const WARM_UP_ROUNDS = 3;
const ADDRESSES = 1_000_000;
const RULES = 1000;
/** More than are remembered, so that each check is made. */
const PAGES = 100_000;
const ROUND_REQUESTS = 200_000;

const UNLIMITED = { requestsPerSecond: 0, bytesPerSecond: 0 };
const LIMITED = { requestsPerSecond: 1e6, bytesPerSecond: 1e12 };
const OFF: GuardSettings = {
  address: UNLIMITED,
  exemptAddresses: [],
  origin: UNLIMITED,
  logstore: UNLIMITED,
  project: UNLIMITED,
  blockedAddresses: [],
};
const DEFAULTS: GuardSettings = {
  ...OFF,
  address: LIMITED,
  exemptAddresses: ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '::1', 'fc00::/7'],
};
const EVERYTHING: GuardSettings = {
  ...DEFAULTS,
  origin: LIMITED,
  logstore: LIMITED,
  project: LIMITED,
  blockedAddresses: Array.from({ length: RULES }, (_, n) => `198.${n >> 8}.${n & 255}.0/25`),
};

const EXACT = Array.from({ length: RULES }, (_, n) => `https://shop-${n}.example.com`);
const WILDCARDS = Array.from({ length: RULES }, (_, n) => `https://*.shop-${n}.example.com`);

interface Variant {
  readonly name: string;
  readonly guard: Guard;
  readonly logstore: Logstore;
  readonly headers: readonly IncomingHttpHeaders[];
}

function variant(
  name: string,
  settings: GuardSettings,
  allowed: readonly string[],
  origin: (n: number) => string,
): Variant {
  const origins: OriginPolicy = { mode: allowed.length === 0 ? 'off' : 'report', allowed, withoutOrigin: 'refuse' };
  const logstore = {
    id: 1,
    project: 'shop',
    name: 'web',
    webTracking: true,
    ttlDays: 30,
    maxBytes: 0,
    appendMeta: false,
  };
  const rest = {
    createdAt: 0,
    updatedAt: 0,
    extras: {},
    index: null,
    quarantine: null,
    writeRules: { ...OPEN_RULES, origins },
  };
  return {
    name,
    guard: new Guard({ settings, projectQuota: () => DEFAULT_QUOTA, clock: systemClock }),
    logstore: { ...logstore, ...rest },
    headers: Array.from({ length: PAGES }, (_, n) => ({ origin: origin(n) })),
  };
}

const seen = (n: number) => `https://m.shop-${n % RULES}.example.com`;
const listed = (n: number) => `https://shop-${n % RULES}.example.com`;
const below = (n: number) => `https://m${n}.shop-${n % RULES}.example.com`;
const VARIANTS = [
  variant('all off', OFF, [], listed),
  variant('the defaults', DEFAULTS, [], listed),
  variant(`the defaults, ${RULES} origins`, DEFAULTS, EXACT, listed),
  variant(`the defaults, ${RULES} wildcards`, DEFAULTS, WILDCARDS, seen),
  variant(`the defaults, ${RULES} wildcards, always another page`, DEFAULTS, WILDCARDS, below),
  variant(`everything, ${RULES} wildcards, ${RULES} blocked networks`, EVERYTHING, WILDCARDS, below),
  variant(
    'everything, and a page that is not listed',
    EVERYTHING,
    WILDCARDS,
    (n) => `https://${'a.'.repeat(20)}x${n}.test`,
  ),
];

/** Nine in ten IPv4. The order is that of a shuffled list, so that each request meets another part of memory. */
const addresses = Array.from({ length: ADDRESSES }, (_, n) => {
  const mixed = Math.imul(n, 0x9e3779b1) >>> 0;
  if (n % 10 === 0) return `2001:db8:${(mixed >>> 16).toString(16)}:${(mixed & 0xffff).toString(16)}::1`;
  return `${(mixed >>> 24) | 1}.${(mixed >>> 16) & 255}.${(mixed >>> 8) & 255}.${mixed & 255}`;
});

const report = new Report('guard', 'Checks before the body');
const before = process.memoryUsage().rss;
for (const { guard, logstore, headers } of VARIANTS.slice(1, 2)) {
  for (const [n, address] of addresses.entries())
    guard.admit(headers[n % PAGES] as IncomingHttpHeaders, address, logstore, 1000);
}
const heldMb = (process.memoryUsage().rss - before) / 1e6;

const times = new Map(VARIANTS.map(({ name }) => [name, [] as number[]]));
for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
  for (const { name, guard, logstore, headers } of VARIANTS) {
    const from = (round + WARM_UP_ROUNDS) * ROUND_REQUESTS;
    const cpuBefore = process.cpuUsage();
    for (let n = from; n < from + ROUND_REQUESTS; n++) {
      guard.admit(headers[n % PAGES] as IncomingHttpHeaders, addresses[n % ADDRESSES] as string, logstore, 1000);
    }
    const { user, system } = process.cpuUsage(cpuBefore);
    if (round >= 0) times.get(name)?.push(((user + system) * 1000) / ROUND_REQUESTS);
  }
}

report.say(
  `Processor time of one request, medians of ${rounds} rounds of ${ROUND_REQUESTS} requests from ${ADDRESSES} addresses.`,
);
report.table(
  ['what', 'ns', 'least ns'],
  [...times].map(([name, all]) => [name, median(all).toFixed(0), Math.min(...all).toFixed(0)]),
);
report.say(`Resident memory grew by ${heldMb.toFixed(0)} MB while one guard met ${ADDRESSES} addresses.`);
report.write();
