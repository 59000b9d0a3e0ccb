/**
 * The fourth form of SLS's signatures. The canonical request is
 *
 *   {method}\n{path}\n{pairs}\n{headers, a line each}\n{their names}\n{SHA-256 of the body}
 *
 * and what is signed is its hash with the scope {date}/{region}/sls/aliyun_v4_request, by a key made of these and the
 * secret. The signed headers are not listed in the request: they are `content-type`, `host`, `x-log-*` and `x-acs-*`, as
 * they arrived.
 *
 * Clients differ in two places, and each way is tried. Some do not sign `host`, or without its port; some sign the path
 * as it was before they encoded it.
 */
import { createHash, createHmac } from 'node:crypto';
import type { V4Authorization } from './authorization.js';
import { decodeBytes, readQueryPairs, sortByKey } from './query-pairs.js';
import { isSameText } from './same-text.js';
import type { SignedParts } from './signed-parts.js';

const ALGORITHM = 'SLS4-HMAC-SHA256';

/** SHA-256 of nothing. */
export const EMPTY_BODY_HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Whether the signature is what the holder of `secret` gives these parts. `bodyHash` is in hexadecimal digits. */
export function isV4Signature(
  { date, region, signature }: Pick<V4Authorization, 'date' | 'region' | 'signature'>,
  parts: SignedParts,
  bodyHash: string,
  secret: string,
): boolean {
  const scope = `${date}/${region}/sls/aliyun_v4_request`;
  const key = signingKey(secret, date, region);
  const pairs = canonicalQuery(parts.queryText);
  for (const path of new Set([parts.path || '/', decodeBytes(parts.path)])) {
    for (const host of new Set([parts.headers.host, undefined, withoutPort(parts.headers.host)])) {
      const { lines, names } = canonicalHeaders(parts, host);
      const request = `${parts.method}\n${path}\n${pairs}\n${lines}\n${names}\n${bodyHash}`;
      const requestHash = createHash('sha256').update(request, 'latin1').digest('hex');
      const text = `${ALGORITHM}\n${String(parts.headers['x-log-date'] ?? '')}\n${scope}\n${requestHash}`;
      if (isSameText(signature, createHmac('sha256', key).update(text, 'latin1').digest('hex'))) return true;
    }
  }
  return false;
}

function signingKey(secret: string, date: string, region: string): Buffer {
  const parts = [date, region, 'sls', 'aliyun_v4_request'];
  return parts.reduce(
    (key, part) => createHmac('sha256', key).update(part, 'latin1').digest(),
    Buffer.from(`aliyun_v4${secret}`),
  );
}

/** Keys are not encoded, values are; a value that is empty is left out with its `=`. */
function canonicalQuery(queryText: string): string {
  return sortByKey(readQueryPairs(queryText))
    .map(({ key, value }) => (value ? `${key}=${encodeBytes(value)}` : key))
    .join('&');
}

/** RFC 3986: all but unreserved characters, in upper-case digits. */
function encodeBytes(text: string): string {
  return text.replace(/[^\w.~-]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

function canonicalHeaders({ headers }: SignedParts, host: string | undefined): { lines: string; names: string } {
  const names = Object.keys(headers).filter(isSignedHeader);
  if (host !== undefined) names.push('host');
  names.sort();
  const lines = names.map((name) => `${name}:${String(name === 'host' ? host : headers[name]).trim()}\n`).join('');
  return { lines, names: names.join(';') };
}

function isSignedHeader(name: string): boolean {
  if (name === 'content-type' || name.startsWith('x-acs-')) return true;
  return name.startsWith('x-log-') && !name.startsWith('x-log-meta-');
}

function withoutPort(host: string | undefined): string | undefined {
  return host?.replace(/:\d+$/, '');
}
