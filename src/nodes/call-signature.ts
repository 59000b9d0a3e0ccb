/** How a node of a cluster proves to another that it is one: the secret that all of them have, over what it asks and when. */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface NodeCall {
  /** The number of the node that is asked: an address may lead to another one. */
  readonly to: number;
  readonly name: string;
  readonly argument: unknown;
}

/** Name of the header that carries it. */
export const NODE_CALL_HEADER = 'x-logboom-node-call';

/** Clocks of nodes may be apart by this much; and so long could a call be repeated by who listens on the wire. */
const AGE_MS_MAX = 5 * 60_000;

/** `1795046385123 9f3a…`: Unix milliseconds, and HMAC-SHA256 in hexadecimal digits. */
export function signCall(secret: string, call: NodeCall, nowMs: number): string {
  return `${nowMs} ${digest(secret, call, nowMs).toString('hex')}`;
}

export function isSigned(secret: string, call: NodeCall, signature: string, nowMs: number): boolean {
  const [, time = '', hex = ''] = /^(\d{1,15}) ([0-9a-f]{64})$/.exec(signature) ?? [];
  if (time === '' || Math.abs(nowMs - Number(time)) > AGE_MS_MAX) return false;
  return timingSafeEqual(Buffer.from(hex, 'hex'), digest(secret, call, Number(time)));
}

function digest(secret: string, { to, name, argument }: NodeCall, timeMs: number): Buffer {
  return createHmac('sha256', secret)
    .update(`${timeMs}\n${to}\n${name}\n${JSON.stringify(argument)}`)
    .digest();
}
