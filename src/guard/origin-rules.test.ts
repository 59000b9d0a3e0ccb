// Goal: exactly the pages that are listed may write, whatever the headers Origin and Referer hold and the patterns look like.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printOriginPattern, readOriginPattern } from '../model/origin.js';
import { OriginRules, type OriginVerdict } from './origin-rules.js';

function rulesOf(...allowed: string[]): OriginRules {
  return new OriginRules({ mode: 'enforce', allowed, withoutOrigin: 'refuse' });
}

const RULES = rulesOf(
  ...['https://shop.example.com', 'plain.example.org', 'https://*.example.net', 'http://localhost:*'],
  ...[
    'https://odd.example.com:8443',
    '*.lab.example:*',
    'http://[::1]:3000',
    'capacitor://localhost',
    'null',
    'written-out.example.org:443',
  ],
);

describe('an origin', () => {
  test.each<[string, OriginVerdict]>([
    ['https://shop.example.com', 'allowed'],
    ['http://shop.example.com', 'notListed'],
    ['https://shop.example.com:8443', 'notListed'],
    ['https://shop.example.com:443', 'allowed'], // browsers leave a default port out
    ['https://www.shop.example.com', 'notListed'],
    ['https://shop.example.com.evil.test', 'notListed'],
    ['https://evil-shop.example.com', 'notListed'],
    ['https://plain.example.org', 'allowed'],
    ['http://plain.example.org', 'allowed'],
    ['http://plain.example.org:81', 'notListed'],
    ['https://written-out.example.org', 'allowed'],
    ['http://written-out.example.org', 'notListed'],
    ['capacitor://plain.example.org', 'notListed'],
    ['https://a.example.net', 'allowed'],
    ['https://a.b.c.example.net', 'allowed'],
    ['https://example.net', 'notListed'],
    ['https://notexample.net', 'notListed'],
    ['https://.example.net', 'malformed'],
    ['http://a.example.net', 'notListed'],
    ['https://a.example.net.evil.test', 'notListed'],
    ['http://localhost', 'allowed'],
    ['http://localhost:5173', 'allowed'],
    ['https://localhost:5173', 'notListed'],
    ['https://odd.example.com:8443', 'allowed'],
    ['https://odd.example.com', 'notListed'],
    ['http://x.lab.example:1', 'allowed'],
    ['https://x.y.lab.example:65535', 'allowed'],
    ['http://[::1]:3000', 'allowed'],
    ['capacitor://localhost', 'allowed'],
    ['null', 'allowed'],
    ['file://', 'notListed'],
    ['', 'malformed'],
    ['NULL', 'malformed'],
    ['*', 'malformed'],
    ['https://*.example.net', 'malformed'],
    ['shop.example.com', 'malformed'],
    ['https://SHOP.example.com', 'malformed'],
    ['https://shop.example.com/', 'malformed'],
    ['https://shop.example.com@evil.test', 'malformed'],
    ['https://shop.example.com\\@evil.test', 'malformed'],
    ['https://shop.example.com, https://evil.test', 'malformed'],
    ['https://shop.example.com\u0000', 'malformed'],
    ['javascript:alert(1)', 'malformed'],
    [`https://${'a.'.repeat(30_000)}example.net`, 'malformed'],
  ])('%s', (origin, verdict) => {
    expect(RULES.check(origin, 'https://shop.example.com/')).toBe(verdict);
  });
});

describe('without an origin the referer decides', () => {
  test.each<[string | undefined, OriginVerdict]>([
    ['https://shop.example.com/cart?item=1#top', 'allowed'],
    ['https://shop.example.com', 'allowed'],
    ['https://shop.example.com?x', 'allowed'],
    ['https://a.example.net/', 'allowed'],
    ['https://evil.test/https://shop.example.com/', 'notListed'],
    ['https://evil.test?https://shop.example.com', 'notListed'],
    ['https://evil.test#https://shop.example.com', 'notListed'],
    ['https://shop.example.com@evil.test/', 'malformed'],
    ['https://evil.test\\.example.net/', 'malformed'],
    ['https://user:pass@shop.example.com/', 'malformed'],
    ['//shop.example.com/', 'malformed'],
    ['about:client', 'malformed'],
    ['x'.repeat(60_000), 'malformed'],
    [`https://${'x'.repeat(60_000)}`, 'malformed'],
    ['', 'missing'],
    [undefined, 'missing'],
  ])('%s', (referer, verdict) => {
    expect(RULES.check(undefined, referer)).toBe(verdict);
  });

  test('and without both the rule for that', () => {
    const rules = new OriginRules({ mode: 'enforce', allowed: [], withoutOrigin: 'accept' });
    expect(rules.check(undefined, undefined)).toBe('allowed');
    expect(rules.check('https://evil.test', undefined)).toBe('notListed');
    expect(rules.check(undefined, 'https://evil.test/')).toBe('notListed');
  });
});

describe('a pattern', () => {
  test.each([
    ['https://Shop.Example.com:443', 'https://shop.example.com'],
    ['HTTP://shop.example.com:80', 'http://shop.example.com'],
    [' shop.example.com ', 'shop.example.com'],
    ['shop.example.com:443', 'shop.example.com:443'],
    ['https://*.bücher.example', 'https://*.xn--bcher-kva.example'],
    ['https://商店.example:8443', 'https://xn--czrs0t.example:8443'],
    ['chrome-extension://abcdefghijklmnop', 'chrome-extension://abcdefghijklmnop'],
    ['http://10.0.0.7:*', 'http://10.0.0.7:*'],
  ])('%s is kept as %s', (text, kept) => {
    const pattern = readOriginPattern(text);
    expect(pattern && printOriginPattern(pattern)).toBe(kept);
  });

  test.each([
    ...[
      '',
      '*',
      '*.',
      '*.*',
      '**.example.com',
      'a*.example.com',
      'a.*.example.com',
      '.example.com',
      'example..com',
      '*://example.com',
    ],
    ...[
      'https://',
      'https://example.com/',
      'https://example.com/path',
      'https://u@example.com',
      'https://example.com:',
      '*.[::1]',
    ],
    ...[
      'https://example.com:999999',
      'https://example.com:-1',
      'https://exa mple.com',
      'a\nb',
      'a\u0000b',
      '(a+)+$',
      '[',
      '[::1',
      'example.com.',
    ],
    ...['https://xn--\u0000.example', '\ud800.example', 'a'.repeat(1000), `${'*.'.repeat(50)}example.com`],
  ])('%j is none', (text) => {
    expect(readOriginPattern(text)).toBeUndefined();
  });

  test('that is none lists nothing', () => {
    expect(rulesOf('*', '.*', '').check('https://evil.test', undefined)).toBe('notListed');
  });
});

test('any mix of patterns allows what one of them alone would', () => {
  const label = fc.constantFrom('a', 'b', 'c');
  const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
  const scheme = fc.constantFrom('http', 'https');
  const port = fc.constantFrom('', ':81', ':82');
  const origin = fc.tuple(scheme, host, port).map(([s, h, p]) => `${s}://${h}${p}`);
  const pattern = fc
    .tuple(fc.option(scheme, { nil: '' }), fc.boolean(), host, fc.oneof(port, fc.constant(':*')))
    .map(([s, star, h, p]) => `${s === '' ? '' : `${s}://`}${star ? '*.' : ''}${h}${p}`);

  /** The rule as the page of patterns tells it, one pattern at a time. */
  function allows(text: string, page: string): boolean {
    const {
      scheme: wanted,
      isWildcard,
      host: name,
      port: wantedPort,
    } = readOriginPattern(text) as never as {
      scheme: string | null;
      isWildcard: boolean;
      host: string;
      port: string;
    };
    const [, s, h = '', p = ''] = /^(https?):\/\/([^:]+):?(.*)$/.exec(page) ?? [];
    const isHost = isWildcard ? h.endsWith(`.${name}`) : h === name;
    return isHost && (wanted === null || wanted === s) && (wantedPort === '*' || wantedPort === p);
  }

  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 6 }), origin, (patterns, page) => {
      const expected = patterns.some((text) => allows(text, page)) ? 'allowed' : 'notListed';
      expect(rulesOf(...patterns).check(page, undefined)).toBe(expected);
    }),
    { numRuns: 1000 },
  );
});
