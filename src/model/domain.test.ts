// Goal: whatever is taken for a custom domain is the host that a browser sends, and nothing else is taken.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDomainHost } from './domain.js';

test.each([
  ['track.shop.example.com', 'track.shop.example.com'],
  ['Track.Shop.Example.COM', 'track.shop.example.com'],
  ['例子.cn', 'xn--fsqu00a.cn'],
  ['_logs.example.com', '_logs.example.com'],
])('%s', (text, host) => {
  expect(readDomainHost(text)).toBe(host);
});

test.each([
  '',
  'localhost',
  '127.0.0.1',
  '0x7f.1',
  '::1',
  '[::1]',
  'a b.com',
  'shop.example.com:8080',
  'https://shop.example.com',
  '*.example.com',
  '.example.com',
  'example.com.',
  '-a.example.com',
  'a..example.com',
  `${'a'.repeat(64)}.com`,
  `${'a.'.repeat(130)}com`,
])('is no custom domain: %s', (text) => {
  expect(readDomainHost(text)).toBeUndefined();
});

test('whatever is taken is the host of a URL, and is taken again unchanged', () => {
  fc.assert(
    fc.property(fc.oneof(fc.domain(), fc.string({ unit: 'grapheme' })), (text) => {
      const host = readDomainHost(text);
      if (host === undefined) return;
      expect(new URL(`https://${host}/`).hostname).toBe(host);
      expect(readDomainHost(host)).toBe(host);
    }),
  );
});
