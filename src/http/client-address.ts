/** Who sent a request: the peer, or what trusted proxies say of it. */
import type { IncomingMessage } from 'node:http';
import { AddressRanges } from '../model/address-ranges.js';
import { readAddress } from '../model/ip-address.js';

/** Proxies in a row that are believed. Real chains have two or three; a client can claim thousands. */
const HOPS_MAX = 16;

/** `trusted` are addresses and networks, `10.0.0.0/8` or `2001:db8::1`, whose X-Forwarded-For is believed. */
export function createClientAddress(trusted: readonly string[]): (request: IncomingMessage) => string {
  const proxies = new AddressRanges(trusted);
  const words = new Uint32Array(4);
  const isTrusted = (address: string) => readAddress(address, words) && proxies.has(words);

  return (request) => {
    const peer = plainAddress(request.socket.remoteAddress ?? '');
    const forwarded = request.headers['x-forwarded-for'];
    if (proxies.isEmpty || forwarded === undefined || !isTrusted(peer)) return peer;
    const text = String(forwarded);
    // The right-most address that no trusted proxy has: everything left of it is only what that client claims.
    let client = peer;
    let to = text.length;
    for (let hop = 0; hop < HOPS_MAX && to >= 0; hop++) {
      const comma = to === 0 ? -1 : text.lastIndexOf(',', to - 1);
      const address = plainAddress(text.slice(comma + 1, to).trim());
      if (!readAddress(address, words)) return client;
      client = address;
      if (!proxies.has(words)) return client;
      to = comma;
    }
    return client;
  };
}

/** IPv4 as IPv4, also where the socket is an IPv6 one; no zone, as that names an interface of ours. */
function plainAddress(address: string): string {
  const plain = address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
  const zone = plain.indexOf('%');
  return zone === -1 ? plain : plain.slice(0, zone);
}
