// Goal: an address is in the set exactly if one of the networks has it, however they overlap.
import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AddressRanges } from './address-ranges.js';
import { readAddress } from './ip-address.js';

function has(networks: readonly string[], address: string): boolean {
  const words = new Uint32Array(4);
  expect(readAddress(address, words)).toBe(true);
  return new AddressRanges(networks).has(words);
}

test.each([
  [['203.0.113.7'], '203.0.113.7', true],
  [['203.0.113.7'], '203.0.113.8', false],
  [['203.0.113.99/24'], '203.0.113.0', true],
  [['203.0.113.0/24'], '203.0.114.0', false],
  [['0.0.0.0/0'], '255.255.255.255', true],
  [['0.0.0.0/0'], '::1', false],
  [['::/0'], '1.2.3.4', true],
  [['::ffff:10.0.0.0/104'], '10.9.9.9', true],
  [['2001:db8::/33'], '2001:db8:7fff::', true],
  [['2001:db8::/33'], '2001:db8:8000::', false],
  [[], '1.2.3.4', false],
])('%j, %s: %s', (networks, address, isIn) => {
  expect(has(networks, address)).toBe(isIn);
});

test('any networks, like those of Node', () => {
  // Few different bits, so that networks overlap and addresses meet them.
  const address = fc.oneof(
    fc.array(fc.constantFrom(0, 1, 128, 255), { minLength: 4, maxLength: 4 }).map((octets) => octets.join('.')),
    fc
      .array(fc.constantFrom('0', '1', '8000', 'ffff'), { minLength: 8, maxLength: 8 })
      .map((groups) => groups.join(':')),
  );
  const network = fc
    .tuple(address, fc.nat(128))
    .map(([text, bits]) => `${text}/${isIP(text) === 4 ? bits % 33 : bits}`);
  fc.assert(
    fc.property(fc.array(network, { maxLength: 12 }), address, (networks, probe) => {
      const list = new BlockList();
      for (const text of networks) {
        const [ip = '', bits] = text.split('/');
        // Node takes networks and addresses of two families for one where IPv6 maps IPv4; not of interest here.
        if (isIP(ip) === isIP(probe)) list.addSubnet(ip, Number(bits), isIP(ip) === 4 ? 'ipv4' : 'ipv6');
      }
      const alike = networks.filter((text) => text.includes(':') === probe.includes(':'));
      expect(has(alike, probe)).toBe(list.check(probe, isIP(probe) === 4 ? 'ipv4' : 'ipv6'));
    }),
    { numRuns: 2000 },
  );
});
