/** Who sent a signed request, and whether its body is the one that was signed. */
import { createHash } from 'node:crypto';
import { ApiError } from '../../errors.js';
import type { AccessKey } from '../../model/catalog.js';
import type { Clock } from '../../platform/clock.js';
import type { Exchange } from '../route.js';
import { readAuthorization, type V1Authorization, type V4Authorization } from './authorization.js';
import { checkSkew, readCompactDate, readHttpDate } from './request-time.js';
import { isSameText } from './same-text.js';
import type { SignedParts } from './signed-parts.js';
import { isV1Signature, type V1Algorithm } from './v1.js';
import { EMPTY_BODY_HASH, isV4Signature } from './v4.js';

export interface Signer {
  readonly key: AccessKey;
  /**
   * To be called with the body as it was sent, still compressed, before anything is done with it: the signature covers
   * digests that the client gave. Throws ParameterInvalid for a wrong Content-MD5, SignatureNotMatch for a wrong hash.
   */
  checkBody(body: Buffer): void;
}

/** Finds out from the headers alone, before a body is read. Its errors come in the order of SLS's own checks. */
export type Authenticate = (exchange: Exchange) => Signer;

export interface AuthenticateDeps {
  readonly findKey: (id: string) => AccessKey | undefined;
  readonly clock: Clock;
}

export function createAuthenticator({ findKey, clock }: AuthenticateDeps): Authenticate {
  return ({ request, path, queryText }) => {
    const parts: SignedParts = { method: request.method ?? '', path, queryText, headers: request.headers };
    const authorization = readAuthorization(parts.headers.authorization);
    const claim =
      authorization.version === 'v1' ? readV1Claim(authorization, parts) : readV4Claim(authorization, parts);
    checkSkew(claim.seconds, claim.date, clock.wallMs());

    const id = authorization.keyId;
    const key = findKey(id);
    if (key === undefined) throw new ApiError('AccessKeyNotFound', { id });
    if (!key.isEnabled) throw new ApiError('AccessKeyDisabled', { id });
    // Temporary credentials do not exist here: `x-acs-security-token` is a signed header like any other.
    if (!claim.isSignedWith(key.secret)) throw notMatched(authorization.signature);

    return { key, checkBody: (body) => checkBody(body, parts, claim.bodyHash, authorization.signature) };
  };
}

/** What a request says of its signature, before it is known whether that is true. */
interface Claim {
  /** As sent. */
  readonly date: string;
  /** The same in Unix seconds. */
  readonly seconds: number;
  /** SHA-256 of the body in hexadecimal digits, where the signature covers it. */
  readonly bodyHash: string | undefined;
  isSignedWith(secret: string): boolean;
}

function readV1Claim({ signature }: V1Authorization, parts: SignedParts): Claim {
  const { headers } = parts;
  const algorithm = readAlgorithm(headers['x-log-signaturemethod']);
  const date = String(headers['x-log-date'] ?? headers.date ?? '');
  return {
    date,
    seconds: readHttpDate(date),
    bodyHash: undefined,
    isSignedWith: (secret) => isV1Signature(signature, parts, date, algorithm, secret),
  };
}

function readAlgorithm(header: string | string[] | undefined): V1Algorithm {
  const method = String(header ?? '');
  if (method === '') throw new ApiError('MissingSignatureMethod');
  switch (method.toLowerCase()) {
    case 'hmac-sha1':
      return 'sha1';
    case 'hmac-sha256':
      return 'sha256';
    default:
      throw new ApiError('InvalidSignatureMethod', { method });
  }
}

function readV4Claim(authorization: V4Authorization, parts: SignedParts): Claim {
  const date = String(parts.headers['x-log-date'] ?? '');
  const bodyHash = String(parts.headers['x-log-content-sha256'] ?? EMPTY_BODY_HASH);
  return {
    date,
    seconds: readCompactDate(date),
    bodyHash,
    isSignedWith: (secret) =>
      date.startsWith(authorization.date) && isV4Signature(authorization, parts, bodyHash, secret),
  };
}

function checkBody(body: Buffer, { headers }: SignedParts, bodyHash: string | undefined, signature: string): void {
  const md5 = headers['content-md5'];
  if (md5 !== undefined && md5 !== '' && !isSameText(String(md5).toUpperCase(), digest('md5', body).toUpperCase())) {
    throw new ApiError('ParameterInvalid', { reason: 'Content-MD5 does not match the request body.' });
  }
  if (bodyHash !== undefined && !isSameText(bodyHash, digest('sha256', body))) throw notMatched(signature);
}

function digest(algorithm: 'md5' | 'sha256', body: Buffer): string {
  return createHash(algorithm).update(body).digest('hex');
}

function notMatched(signature: string): ApiError {
  return new ApiError('SignatureNotMatch', { signature });
}
