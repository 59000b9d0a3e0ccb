/**
 * The first form of SLS's signatures: an HMAC over
 *
 *   {method}\n{Content-MD5}\n{Content-Type}\n{date}\n{x-log-* and x-acs-* headers, a line each}{path}?{pairs}
 *
 * Clients differ in two places, and each way is tried. The documents leave `x-log-date` out of the headers, and clients
 * that set it mostly do; some sign what they send. Pairs of the query are sorted by key or, in Node's SDK, as a whole,
 * which differs where one key is the beginning of another (`from`, `fromNs`).
 */
import { createHmac } from 'node:crypto';
import { type QueryPair, readQueryPairs, sortByKey } from './query-pairs.js';
import { isSameText } from './same-text.js';
import type { SignedParts } from './signed-parts.js';

export type V1Algorithm = 'sha1' | 'sha256';

/** Whether `signature` is what the holder of `secret` gives these parts. `date` is what counts as the date, as sent. */
export function isV1Signature(
  signature: string,
  parts: SignedParts,
  date: string,
  algorithm: V1Algorithm,
  secret: string,
): boolean {
  for (const resource of resources(parts)) {
    for (const lines of headerLines(parts)) {
      const { method, headers } = parts;
      const start = `${method}\n${headers['content-md5'] ?? ''}\n${headers['content-type'] ?? ''}\n${date}\n`;
      const expected = createHmac(algorithm, secret).update(`${start}${lines}${resource}`, 'latin1').digest('base64');
      if (isSameText(signature, expected)) return true;
    }
  }
  return false;
}

/** The path with its pairs, in each order that clients have; mostly they are one. */
function resources({ path, queryText }: SignedParts): Set<string> {
  const pairs = readQueryPairs(queryText);
  if (pairs.length === 0) return new Set([path]);
  const byKey = sortByKey(pairs).map(writePair).join('&');
  const byPair = pairs.map(writePair).sort().join('&');
  return new Set([`${path}?${byKey}`, `${path}?${byPair}`]);
}

function writePair({ key, value }: QueryPair): string {
  return value === null ? key : `${key}=${value}`;
}

/** Without `x-log-date` and, if there is one, with it. */
function headerLines({ headers }: SignedParts): string[] {
  const names = Object.keys(headers)
    .filter((name) => name.startsWith('x-log-') || name.startsWith('x-acs-'))
    .sort();
  const write = (lines: string[]) => lines.map((name) => `${name}:${String(headers[name]).trim()}\n`).join('');
  const undated = names.filter((name) => name !== 'x-log-date');
  return undated.length === names.length ? [write(names)] : [write(undated), write(names)];
}
