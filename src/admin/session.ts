/**
 * A session of the console: a token that stands for an access key, kept by the browser in a cookie that scripts cannot read.
 *
 *   {access key id}.{expiry, Unix seconds}.{HMAC-SHA-256 of both, base64url}
 *
 * It is made with the key's own secret, so that every worker knows it without a table of sessions, it outlives a restart, and a
 * key that is disabled or deleted ends its sessions at once. Signing out makes the browser forget it.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AccessKey } from '../model/catalog.js';

export const SESSION_SECONDS = 12 * 3600;

const COOKIE = 'logboom_session';

/** Sent by the console with everything that changes something. A form or link of another site cannot set a header. */
export const CONSOLE_HEADER = 'x-logboom-console';

export function sealSession({ id, secret }: Pick<AccessKey, 'id' | 'secret'>, nowSeconds: number): string {
  const claim = `${id}.${nowSeconds + SESSION_SECONDS}`;
  return `${claim}.${sign(claim, secret).toString('base64url')}`;
}

/** The key of a token that is genuine and not over; else undefined. Whether the key is enabled is the caller's to ask. */
export function openSession(
  token: string,
  nowSeconds: number,
  findKey: (id: string) => AccessKey | undefined,
): AccessKey | undefined {
  const [, claim = '', id = '', expiry = '', mac = ''] = /^(([^.]+)\.(\d{1,15}))\.([\w-]{43})$/.exec(token) ?? [];
  const key = findKey(id);
  if (key === undefined || Number(expiry) <= nowSeconds) return undefined;
  return timingSafeEqual(sign(claim, key.secret), Buffer.from(mac, 'base64url')) ? key : undefined;
}

function sign(claim: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(`logboom session\n${claim}`).digest();
}

/** The token that a request brings, or undefined. */
export function readSessionCookie({ headers }: IncomingMessage): string | undefined {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (pair.slice(0, equals).trim() === COOKIE) return pair.slice(equals + 1).trim();
  }
  return undefined;
}

/** The value of `Set-Cookie`; an empty token takes the cookie away. */
export function printSessionCookie(token: string, request: IncomingMessage): string {
  // Who claims https falsely keeps his own browser from sending the cookie, and harms nobody else.
  const isSecure = 'encrypted' in request.socket || request.headers['x-forwarded-proto'] === 'https';
  const maxAge = token === '' ? 0 : SESSION_SECONDS;
  return `${COOKIE}=${token}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
}
