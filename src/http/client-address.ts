/** Who sent a request: the peer, or what trusted proxies say of it. */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** `trusted` are addresses and networks, `10.0.0.0/8` or `2001:db8::1`, whose X-Forwarded-For is believed. */
export function createClientAddress(trusted: readonly string[]): (request: IncomingMessage) => string {
  const proxies = new BlockList();
  for (const network of trusted) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, Number(bits), family);
  }
  const isTrusted = (address: string) => proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

  return (request) => {
    const peer = plainAddress(request.socket.remoteAddress ?? '');
    const forwarded = request.headers['x-forwarded-for'];
    if (trusted.length === 0 || forwarded === undefined || !isTrusted(peer)) return peer;
    // The right-most address that no trusted proxy has: everything left of it is only what that client claims.
    let client = peer;
    for (const hop of String(forwarded).split(',').reverse()) {
      const address = plainAddress(hop.trim());
      if (isIP(address) === 0) return client;
      client = address;
      if (!isTrusted(address)) return client;
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
