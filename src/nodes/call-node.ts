/** Asks another node of the cluster, at its admin listener. */
import * as z from 'zod';
import { ApiError } from '../errors.js';
import type { Clock } from '../platform/clock.js';
import { openDeadline } from '../platform/deadline.js';
import { receivedError, SENT_ERROR, type SentError } from '../platform/sent-error.js';
import { NODE_CALL_HEADER, type NodeCall, signCall } from './call-signature.js';

export const NODE_CALLS_PATH = '/api/v1/node-calls';

/** What goes back to the one who called. */
export type NodeAnswer = { readonly value: unknown } | { readonly error: SentError };

const ANSWER = z.union([z.object({ error: SENT_ERROR }), z.object({ value: z.json() })]);

/** All checkpoints of a consumer group with as many shards as there may be fit into it. */
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;

export interface NodeAddress {
  /** Of the node's admin listener. */
  readonly url: string;
  /** Of the cluster. */
  readonly secret: string;
}

/** Resolves to what the procedure of that name returned there. Throws what it threw; ServerBusy if the node is out of reach. */
export async function callNode(
  { url, secret }: NodeAddress,
  call: NodeCall,
  { clock, msMax }: { readonly clock: Clock; readonly msMax: number },
): Promise<unknown> {
  const { signal, close } = openDeadline(msMax);
  try {
    const answer = await ask(new URL(`${NODE_CALLS_PATH}/${call.to}/${encodeURIComponent(call.name)}`, url), call, {
      [NODE_CALL_HEADER]: signCall(secret, call, clock.wallMs()),
      signal,
    });
    if ('error' in answer) throw receivedError(answer.error);
    return answer.value;
  } finally {
    close();
  }
}

async function ask(
  url: URL,
  { argument }: NodeCall,
  { signal, ...headers }: { readonly signal: AbortSignal; readonly [NODE_CALL_HEADER]: string },
): Promise<NodeAnswer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      // Nothing stands for no argument.
      body: JSON.stringify(argument ?? null),
      redirect: 'error',
      signal,
    });
    const text = await readText(response, ANSWER_BYTES_MAX);
    if (!response.ok) throw new Error(`${url.origin} answered ${response.status}: ${text.slice(0, 200)}`);
    // It has proved nothing to us but that it has this address; that is the operator's word. Someone else may have it by now.
    return ANSWER.parse(JSON.parse(text));
  } catch (cause) {
    throw new ApiError('ServerBusy', {}, { cause });
  }
}

async function readText({ body }: Response, bytesMax: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body ?? []) {
    bytes += piece.length;
    if (bytes > bytesMax) throw new Error(`the answer has more than ${bytesMax} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}
