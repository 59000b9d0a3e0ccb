/**
 * IP addresses as numbers. An address is four words of 32 bits, most significant first; IPv4 is the IPv6 address that maps
 * it, ::ffff:a.b.c.d. Reading takes no memory: addresses are read for every tracked request.
 */

/** Reads `text` into `words`, which has room for four; false if it is no address. A zone (`%eth0`) is none of an address. */
export function readAddress(text: string, words: Uint32Array): boolean {
  if (text.length > 45) return false;
  if (text.indexOf(':') !== -1) return readV6(text, words);
  const v4 = readV4(text, 0);
  if (v4 === -1) return false;
  words[0] = 0;
  words[1] = 0;
  words[2] = V4_PREFIX;
  words[3] = v4;
  return true;
}

export function isV4(words: Uint32Array): boolean {
  return words[0] === 0 && words[1] === 0 && words[2] === V4_PREFIX;
}

/** The network of an address, `203.0.113.0` or `2001:db8:7::`: 24 bits of IPv4, 48 of IPv6. Empty if it is no address. */
export function networkOf(address: string): string {
  const words = new Uint32Array(4);
  if (!readAddress(address, words)) return '';
  const [high = 0, second = 0, , v4 = 0] = words;
  if (isV4(words)) return `${v4 >>> 24}.${(v4 >>> 16) & 255}.${(v4 >>> 8) & 255}.0`;
  return `${[high >>> 16, high & 0xffff, second >>> 16].map((group) => group.toString(16)).join(':')}::`;
}

const V4_PREFIX = 0xffff;
const DOT = 0x2e;
const COLON = 0x3a;

/** From `from` to the end; -1 if that is no IPv4 address. */
function readV4(text: string, from: number): number {
  let value = 0;
  let octet = -1;
  let octets = 0;
  for (let i = from; i <= text.length; i++) {
    const code = i === text.length ? DOT : text.charCodeAt(i);
    if (code === DOT) {
      if (octet === -1 || octets === 4) return -1;
      value = value * 256 + octet;
      octets++;
      octet = -1;
    } else {
      const digit = code - 0x30;
      // No leading zeros: some read them as octal numbers.
      if (digit < 0 || digit > 9 || octet === 0) return -1;
      octet = octet === -1 ? digit : octet * 10 + digit;
      if (octet > 255) return -1;
    }
  }
  return octets === 4 ? value : -1;
}

function readV6(text: string, words: Uint32Array): boolean {
  let count = 0;
  /** How many groups stand before `::`; -1 if it does not occur. */
  let gap = -1;
  let at = 0;
  if (text.startsWith('::')) {
    gap = 0;
    at = 2;
  }
  while (at < text.length) {
    if (count === 8) return false;
    const from = at;
    let group = 0;
    for (; at < text.length && at - from < 5; at++) {
      const digit = hexDigit(text.charCodeAt(at));
      if (digit === -1) break;
      group = group * 16 + digit;
    }
    if (at < text.length && text.charCodeAt(at) === DOT) {
      const v4 = readV4(text, from);
      if (v4 === -1 || count > 6) return false;
      putGroup(words, count++, v4 >>> 16);
      putGroup(words, count++, v4 & 0xffff);
      break;
    }
    if (at === from || at - from > 4) return false;
    putGroup(words, count++, group);
    if (at === text.length) break;
    if (text.charCodeAt(at++) !== COLON || at === text.length) return false;
    if (text.charCodeAt(at) === COLON) {
      if (gap !== -1) return false;
      gap = count;
      at++;
    }
  }
  if (gap === -1) return count === 8;
  // The groups behind the gap go to the end; zeros take their place.
  const behind = count - gap;
  for (let i = 1; i <= 8 - gap; i++) putGroup(words, 8 - i, i <= behind ? groupAt(words, count - i) : 0);
  return count < 8;
}

function groupAt(words: Uint32Array, index: number): number {
  const word = words[index >> 1] as number;
  return index % 2 === 0 ? word >>> 16 : word & 0xffff;
}

function putGroup(words: Uint32Array, index: number, group: number): void {
  const word = words[index >> 1] as number;
  words[index >> 1] = index % 2 === 0 ? (group << 16) | (word & 0xffff) : (word & 0xffff0000) | group;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
