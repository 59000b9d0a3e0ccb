// Goal: the client's address is the peer's unless a proxy we trust says otherwise, and forged headers change nothing.
import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { createClientAddress } from './client-address.js';

function from(peer: string, forwarded?: string): IncomingMessage {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  // Only these two are read.
  return { socket: { remoteAddress: peer }, headers } as unknown as IncomingMessage;
}

const address = createClientAddress(['10.0.0.0/8', '2001:db8::/32', '127.0.0.1']);

test.each([
  ['no proxy', '203.0.113.9', undefined, '203.0.113.9'],
  ['IPv4 in an IPv6 socket', '::ffff:203.0.113.9', undefined, '203.0.113.9'],
  ['a forged header from anyone', '203.0.113.9', '1.2.3.4', '203.0.113.9'],
  ['one trusted proxy', '10.1.2.3', '203.0.113.9', '203.0.113.9'],
  ['a chain of trusted proxies', '127.0.0.1', '203.0.113.9, 10.9.9.9', '203.0.113.9'],
  ['what the client claims before it', '10.1.2.3', '1.2.3.4, 203.0.113.9', '203.0.113.9'],
  ['all hops trusted', '10.1.2.3', '10.1.1.1, 10.2.2.2', '10.1.1.1'],
  ['garbage', '10.1.2.3', 'unknown', '10.1.2.3'],
  ['garbage further left', '10.1.2.3', '<script>, 10.2.2.2', '10.2.2.2'],
  ['an IPv6 client', '2001:db8::7', '2001:470::1', '2001:470::1'],
  ['an IPv6 zone', 'fe80::1%eth0', undefined, 'fe80::1'],
  ['a forwarded IPv6 zone', '10.1.2.3', 'fe80::1%eth0', 'fe80::1'],
  ['a forwarded IPv4 in IPv6', '10.1.2.3', '::ffff:203.0.113.9', '203.0.113.9'],
  ['brackets and a port', '10.1.2.3', '[2001:470::1]:443', '10.1.2.3'],
  ['a port', '10.1.2.3', '203.0.113.9:443', '10.1.2.3'],
  ['no address', '10.1.2.3', '', '10.1.2.3'],
  ['commas alone', '10.1.2.3', ',,,', '10.1.2.3'],
  ['a comma at the end', '10.1.2.3', '203.0.113.9,', '10.1.2.3'],
  ['a comma at the start', '10.1.2.3', ',10.2.2.2', '10.2.2.2'],
  ['a quote and a newline', '10.1.2.3', '"\n', '10.1.2.3'],
  ['another form of the same', '10.1.2.3', '10.2.2.2,  203.0.113.9  ', '203.0.113.9'],
  ['a chain without end', '10.1.2.3', `1.2.3.4${', 10.2.2.2'.repeat(6000)}`, '10.2.2.2'],
  ['one long name', '10.1.2.3', 'x'.repeat(60_000), '10.1.2.3'],
])('%s', (_what, peer, forwarded, expected) => {
  expect(address(from(peer, forwarded))).toBe(expected);
});

test('without trusted proxies the header is never read', () => {
  expect(createClientAddress([])(from('127.0.0.1', '1.2.3.4'))).toBe('127.0.0.1');
});
