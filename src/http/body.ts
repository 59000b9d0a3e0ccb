/** Reads request bodies, within limits. */
import { ApiError } from '../errors.js';
import { discard } from '../platform/discard.js';
import { BufferPool } from './buffer-pool.js';
import { type Arrival, InFlight } from './in-flight.js';
import type { Exchange } from './route.js';

/** A body in memory. Its bytes are valid until it is released. */
export interface Body {
  readonly bytes: Buffer;
  release(): void;
}

/** The client went away before its body was complete. Nobody is there to be answered. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

export interface BodyReader {
  /**
   * Reads the whole body. Throws PostBodyTooLarge over `bytesMax`, ServerBusy when all bodies together are over their
   * limit, ClientGone. What it holds is charged until `release`.
   */
  read(exchange: Exchange, bytesMax: number): Promise<Body>;
}

export function createBodyReader(pool: BufferPool, inFlight: InFlight, tooLarge: () => ApiError): BodyReader {
  return {
    read(exchange, bytesMax) {
      const { request, response, expectsContinue } = exchange;
      const declared = request.headers['content-length'];
      // In HTTP/2 the end of a body needs no announcement.
      const isOpenEnded = request.headers['transfer-encoding'] !== undefined || request.httpVersionMajor === 2;
      if (declared === undefined && !isOpenEnded) {
        return Promise.reject(new ApiError('MissingContentLength'));
      }
      const declaredBytes = declared === undefined ? 0 : Number(declared);
      if (declaredBytes > bytesMax) return Promise.reject(tooLarge());
      if (!inFlight.take(declaredBytes)) return Promise.reject(new ApiError('ServerBusy'));
      if (expectsContinue) response.writeContinue();

      return new Promise((resolve, reject) => {
        let charged = declaredBytes;
        let pooled: Buffer | null = null;
        let first: Buffer | null = null;
        let bytes = 0;
        const arrival: Arrival = {
          startedMs: exchange.startedMs,
          get bytes() {
            return bytes;
          },
          giveUp: () => stop(new ApiError('RequestTimeout')),
        };
        inFlight.begin(arrival);

        const release = () => {
          inFlight.giveBack(charged);
          charged = 0;
          if (pooled !== null) pool.giveBack(pooled);
          if (first !== null) discard(first);
          pooled = null;
          first = null;
        };
        const detach = () => {
          inFlight.end(arrival);
          request.off('data', onData).off('end', onEnd).off('close', onClose);
          exchange.onBodyBroken = null;
        };
        const stop = (error: Error) => {
          detach();
          release();
          reject(error);
        };
        const onData = (chunk: Buffer) => {
          const total = bytes + chunk.length;
          if (total > bytesMax) return stop(tooLarge());
          if (total > charged) {
            if (!inFlight.take(total - charged)) return stop(new ApiError('ServerBusy'));
            charged = total;
          }
          if (first === null && pooled === null && total >= declaredBytes) {
            // Most bodies come in one piece: no copy.
            first = chunk;
          } else {
            pooled = withRoom(pool, pooled, first, bytes, Math.max(total, declaredBytes));
            if (first !== null) discard(first);
            first = null;
            chunk.copy(pooled, bytes);
            discard(chunk);
          }
          bytes = total;
        };
        const onEnd = () => {
          detach();
          resolve({ bytes: first ?? pooled?.subarray(0, bytes) ?? EMPTY, release });
        };
        const onClose = () => stop(new ClientGone('the client went away'));
        request.on('data', onData).on('end', onEnd).on('close', onClose);
        exchange.onBodyBroken = stop;
      });
    },
  };
}

/** A JSON body of at most `bytesMax` bytes, decoded; anything else is refused. For APIs off the ingest path. */
export async function readJson(exchange: Exchange, bytesMax: number): Promise<unknown> {
  const reader = createBodyReader(new BufferPool(0), new InFlight(bytesMax), () => new ApiError('JsonBodyInvalid'));
  const { bytes } = await reader.read(exchange, bytesMax);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ApiError('JsonBodyInvalid', {}, { cause });
  }
}

const EMPTY = Buffer.alloc(0);

/** A pooled buffer with room for `bytesMin` that holds the `bytes` read so far. */
function withRoom(
  pool: BufferPool,
  pooled: Buffer | null,
  first: Buffer | null,
  bytes: number,
  bytesMin: number,
): Buffer {
  if (pooled !== null && pooled.length >= bytesMin) return pooled;
  const larger = pool.take(bytesMin);
  (pooled ?? first)?.copy(larger, 0, 0, bytes);
  if (pooled !== null) pool.giveBack(pooled);
  return larger;
}
