// Goal: what is an IP address is read as the number it is, whatever its form, and nothing else is taken for one.
import { isIP, SocketAddress } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { networkOf, readAddress } from './ip-address.js';

function wordsOf(text: string): number[] | null {
  const words = new Uint32Array([1, 2, 3, 4]); // what an address before it left
  return readAddress(text, words) ? [...words] : null;
}

test.each([
  ['0.0.0.0', [0, 0, 0xffff, 0]],
  ['255.255.255.255', [0, 0, 0xffff, 0xffffffff]],
  ['203.0.113.9', [0, 0, 0xffff, 0xcb007109]],
  ['::ffff:203.0.113.9', [0, 0, 0xffff, 0xcb007109]],
  ['::ffff:cb00:7109', [0, 0, 0xffff, 0xcb007109]],
  ['::', [0, 0, 0, 0]],
  ['::1', [0, 0, 0, 1]],
  ['1::', [0x10000, 0, 0, 0]],
  ['2001:DB8::8:800:200C:417A', [0x20010db8, 0, 0x00080800, 0x200c417a]],
  ['1:2:3:4:5:6:7:8', [0x10002, 0x30004, 0x50006, 0x70008]],
  ['1:2:3:4:5:6:7::', [0x10002, 0x30004, 0x50006, 0x70000]],
  ['1:2:3:4:5:6:1.2.3.4', [0x10002, 0x30004, 0x50006, 0x01020304]],
])('%s', (text, words) => {
  expect(wordsOf(text)).toEqual(words);
});

test.each([
  ...[
    '',
    ' ',
    '1',
    '1.2.3',
    '1.2.3.4.',
    '.1.2.3.4',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '1.2.3.4 ',
    '0x7f.1.1.1',
    '1..2.3',
  ],
  ...[
    ':',
    ':::',
    '1:',
    ':1',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '::1:2:3:4:5:6:7:8',
  ],
  ...[
    '12345::',
    '::g',
    '::1%eth0',
    '[::1]',
    '::1.2.3',
    '1:2:3:4:5:6:7:1.2.3.4',
    '::1.2.3.4:5',
    'unknown',
    '-',
    '１.2.3.4',
  ],
  '1'.repeat(60_000),
])('%s is none', (text) => {
  expect(isIP(text)).toBe(0 || (text.includes('%') ? 6 : 0));
  expect(wordsOf(text)).toBeNull();
});

describe('like Node', () => {
  test('any IPv4 address, any IPv6 address', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const family = text.includes(':') ? 'ipv6' : 'ipv4';
        const words = wordsOf(text);
        const same = wordsOf(new SocketAddress({ address: text, family }).address);
        expect(words).not.toBeNull();
        expect(words).toEqual(same);
      }),
    );
  });

  test('any text', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0123456789abf:.% '), maxLength: 30 });
    fc.assert(
      fc.property(text, (any) => {
        if (!any.includes('%')) expect(wordsOf(any) !== null).toBe(isIP(any) !== 0);
      }),
      { numRuns: 2000 },
    );
  });
});

test.each([
  ['203.0.113.9', '203.0.113.0'],
  ['::ffff:203.0.113.9', '203.0.113.0'],
  ['2001:db8:7:8:9:a:b:c', '2001:db8:7::'],
  ['::1', '0:0:0::'],
  ['', ''],
])('the network of %s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
