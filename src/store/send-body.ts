/** A file as the body of a request, read as it is sent. */
import * as fs from 'node:fs';
import { StoreUnavailable } from './store.js';

/** In memory at a time. */
const PIECE_BYTES = 256 * 1024;

/** `send` resolves when the body was sent and answered. Trouble with the file is not told as the server's. */
export async function sendBody(path: string, send: (body: fs.ReadStream) => Promise<unknown>): Promise<void> {
  const body = fs.createReadStream(path, { highWaterMark: PIECE_BYTES });
  let unreadable: Error | undefined;
  body.once('error', (error) => {
    unreadable = error;
  });
  try {
    await send(body);
  } catch (error) {
    throw unreadable === undefined ? error : new StoreUnavailable('a segment cannot be read', { cause: unreadable });
  } finally {
    body.destroy();
  }
}
