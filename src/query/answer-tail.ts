/** The answer to a tail: Server-Sent Events (HTML Living Standard, section 9.2), for as long as the client listens. */
import { ApiError } from '../errors.js';
import type { Exchange } from '../http/route.js';
import type { Clock } from '../platform/clock.js';
import { logEntryText } from './answer-json.js';
import { clientShard } from './freshness.js';
import { printLog } from './log-row.js';
import { openOutflow } from './outflow.js';
import { printCursor } from './tail-cursor.js';
import type { TailEvent } from './tail-event.js';
import { explainTrouble, printTrouble } from './trouble.js';

/** Without an event for so long, an id alone is sent: proxies see that the stream lives, and the client where it is. */
const HEARTBEAT_MS = 15_000;

/** What a client should wait before it comes again. */
const RETRY_MS = 1000;

/**
 * `events` is called with a signal that aborts when the client goes away. Whatever fails ends the stream with an `error`
 * event, so that clients have one way to learn of it, at the beginning as later. With `entries` logs come with their ids.
 */
export async function answerTail(
  exchange: Exchange,
  clock: Clock,
  entries: boolean,
  events: (signal: AbortSignal) => AsyncIterable<TailEvent>,
): Promise<void> {
  const { request, response, commonHeaders, requestId } = exchange;
  response.writeHead(200, [...commonHeaders, 'Content-Type', 'text/event-stream', 'Cache-Control', 'no-store']);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const outflow = openOutflow(response);
  let writtenMs = Number.NEGATIVE_INFINITY;
  const write = async (text: string) => {
    writtenMs = clock.monotonicMs();
    await outflow.write(text);
  };
  try {
    await outflow.write(`retry: ${RETRY_MS}\n\n`);
    for await (const event of events(outflow.signal)) {
      const id = `id: ${printCursor(event.cursor)}\n`;
      switch (event.kind) {
        case 'log':
          await write(
            entries
              ? `${id}event: entry\ndata: ${logEntryText(event.row)}\n\n`
              : `${id}event: log\ndata: ${printLog(event.row)}\n\n`,
          );
          break;
        case 'behind':
          await write(`${id}event: behind\ndata: ${JSON.stringify({ logGroups: event.logGroups })}\n\n`);
          break;
        case 'leftOut':
          await write(`${id}event: leftOut\ndata: ${JSON.stringify({ logs: event.logs })}\n\n`);
          break;
        case 'missing':
          await write(`${id}event: missing\ndata: ${JSON.stringify({ shards: event.shards.map(clientShard) })}\n\n`);
          break;
        case 'lookedThrough':
        case 'caughtUp':
          if (clock.monotonicMs() - writtenMs >= HEARTBEAT_MS) await write(`${id}\n`);
      }
    }
  } catch (thrown) {
    outflow.signal.throwIfAborted();
    const trouble = explainTrouble(thrown);
    await outflow.flush(`event: error\ndata: ${printTrouble(trouble, requestId)}\n\n`);
    if (!(trouble instanceof ApiError)) throw trouble;
  }
  response.end();
}
