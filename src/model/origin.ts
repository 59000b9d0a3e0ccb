/**
 * Web origins, as the header `Origin` has them, and the patterns in which an operator lists those that may write.
 *
 *   https://shop.example.com         this one; without a port it is the scheme's own
 *   shop.example.com                 the same over https or http
 *   https://*.example.com            every host below example.com, at any depth, and not example.com itself
 *   http://localhost:*               any port
 *   null, file://                    pages without an origin of their own: sandboxed frames, local files
 *
 * An origin is what RFC 6454, 6.2 serialises: lower case, no default port, hosts in ASCII. Browsers write nothing else, so
 * that anything else is no origin here.
 */
import { domainToASCII } from 'node:url';

export interface Origin {
  readonly scheme: string;
  /** A name in ASCII, an IPv4 address, or an IPv6 one in brackets. */
  readonly host: string;
  /** Digits; empty for the default one of the scheme. */
  readonly port: string;
}

export interface OriginPattern {
  /** Null for both http and https. */
  readonly scheme: string | null;
  /** Of a wildcard, what follows `*.`. */
  readonly host: string;
  readonly isWildcard: boolean;
  /** As of an origin, or `*` for all. */
  readonly port: string;
}

/** Origins that have no host; they stand for nothing but themselves. */
export const OPAQUE_ORIGINS: readonly string[] = ['null', 'file://'];

/** RFC 1035: a name is 253 characters at most; scheme and port beside it. */
export const ORIGIN_LENGTH_MAX = 300;

const SCHEME = '[a-z][a-z0-9+.-]{0,31}';
const HOST = '[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?|\\[[0-9a-f:.]{2,45}\\]';
const ORIGIN = new RegExp(`^(${SCHEME})://(${HOST})(?::(\\d{1,5}))?$`);
const PATTERN = new RegExp(`^(?:(${SCHEME})://)?(\\*\\.)?(${HOST})(?::(\\d{1,5}|\\*))?$`);

const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };

/** `scheme://host[:port]`. */
export function printOrigin({ scheme, host, port }: Origin): string {
  return `${scheme}://${host}${port === '' ? '' : `:${port}`}`;
}

/** Undefined for what no browser sends as an origin. */
export function readOrigin(text: string): Origin | undefined {
  const [, scheme, host, port = ''] = text.length > ORIGIN_LENGTH_MAX ? [] : (ORIGIN.exec(text) ?? []);
  return scheme === undefined || host === undefined ? undefined : { scheme, host, port: portOf(scheme, port) };
}

/** A port as origins have it: empty for the default one of the scheme. */
export function portOf(scheme: string, port: string): string {
  return DEFAULT_PORTS[scheme] === port ? '' : port;
}

/** The origin of a URL without user and password, as the header `Referer` is, as text; undefined if it is no such URL. */
export function originTextOf(url: string): string | undefined {
  const from = url.indexOf('://');
  if (from === -1 || from > ORIGIN_LENGTH_MAX) return undefined;
  let to = from + 3;
  while (to < url.length && to <= ORIGIN_LENGTH_MAX && !isEndOfAuthority(url.charCodeAt(to))) to++;
  return url.slice(0, to);
}

/** Undefined for what is no pattern. Case and default ports do not matter, and names may be in any script. */
export function readOriginPattern(text: string): OriginPattern | undefined {
  const [, scheme = null, star, host = '', port = ''] = PATTERN.exec(inAscii(text.trim())) ?? [];
  if (host === '' || host.includes('..') || (star !== undefined && host.startsWith('['))) return undefined;
  return { scheme, host, isWildcard: star !== undefined, port: scheme === null ? port : portOf(scheme, port) };
}

/** As it is kept and shown. */
export function printOriginPattern({ scheme, host, isWildcard, port }: OriginPattern): string {
  return `${scheme === null ? '' : `${scheme}://`}${isWildcard ? '*.' : ''}${host}${port === '' ? '' : `:${port}`}`;
}

/** In lower case, labels in other scripts as they stand in DNS; empty for what cannot be a pattern. */
function inAscii(pattern: string): string {
  if (pattern.length > ORIGIN_LENGTH_MAX || /[\0-\x20]/.test(pattern)) return '';
  return pattern.toLowerCase().replace(/[^:/*.]*[^\0-\x7f][^:/*.]*/g, (label) => domainToASCII(label));
}

function isEndOfAuthority(code: number): boolean {
  return code === 0x2f || code === 0x3f || code === 0x23; // / ? #
}
