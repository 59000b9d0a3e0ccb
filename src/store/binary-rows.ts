/** Rows as ClickHouse's RowBinary has them, straight from its answer: for what is passed on without becoming text in between. */
import type { Readable } from 'node:stream';
import { EXCEPTION_TAG_HEADER_NAME, extractErrorAtTheEndOfChunk, type ResponseHeaders } from '@clickhouse/client';
import type { Deadline } from '../platform/deadline.js';
import { discard } from '../platform/discard.js';

/**
 * The bytes of the rows, cut anywhere; a piece is valid until the next one is asked for. Throws what `explain` makes of whatever
 * ended them early, and until it has returned nobody knows that nothing will: behind rows it may yield the text of an error as
 * well.
 */
export async function* binaryRows(
  stream: Readable,
  headers: ResponseHeaders,
  ending: Deadline,
  explain: (error: unknown) => never,
): AsyncGenerator<Buffer, void> {
  const tag = String(headers[EXCEPTION_TAG_HEADER_NAME] ?? '');
  const end = Buffer.from(`${tag}\r\n__exception__\r\n`);
  let before: Buffer = Buffer.alloc(0);
  let last: Buffer = Buffer.alloc(0);
  // The client looks at the signal only until the first byte. Closing the connection ends the query in the engine.
  const close = (): void => void stream.destroy(new Error('the query is given up'));
  ending.signal.addEventListener('abort', close, { once: true });
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      discard(before);
      [before, last] = [last, chunk];
      yield chunk;
    }
  } catch (error) {
    explain(error);
  } finally {
    ending.signal.removeEventListener('abort', close);
    ending.close();
    stream.destroy();
  }
  // What the text of an error looks like could be in a row, but not the tag, which is drawn for each answer.
  const tail = Buffer.concat([before, last]);
  if (tag !== '' && tail.subarray(-end.length).equals(end)) explain(extractErrorAtTheEndOfChunk(tail, tag));
}
