/** The answer to a tail: Server-Sent Events (HTML Living Standard, section 9.2), for as long as the client listens. */
import { ApiError } from '../errors.js';
import type { Exchange } from '../http/route.js';
import type { Clock } from '../platform/clock.js';
import { printLog } from './log-row.js';
import { openOutflow } from './outflow.js';
import type { TailEvent } from './tail.js';
import { printCursor } from './tail-cursor.js';
import { explainTrouble, printTrouble } from './trouble.js';

/** Without an event for so long, an id alone is sent: proxies see that the stream lives, and the client where it is. */
const HEARTBEAT_MS = 15_000;

/** What a client should wait before it comes again. */
const RETRY_MS = 1000;

/**
 * `events` is called with a signal that aborts when the client goes away. A failure before the first event is thrown as
 * `explainTrouble` has it; later it becomes an `error` event and ends the stream.
 */
export async function answerTail(
  exchange: Exchange,
  clock: Clock,
  events: (signal: AbortSignal) => AsyncIterable<TailEvent>,
): Promise<void> {
  const { request, response, commonHeaders, requestId } = exchange;
  const outflow = openOutflow(response);
  let writtenMs = Number.NEGATIVE_INFINITY;
  const write = async (text: string) => {
    if (!response.headersSent) {
      response.writeHead(200, [...commonHeaders, 'Content-Type', 'text/event-stream', 'Cache-Control', 'no-store']);
      await outflow.write(`retry: ${RETRY_MS}\n\n`);
    }
    writtenMs = clock.monotonicMs();
    await outflow.write(text);
  };
  try {
    for await (const event of events(outflow.signal)) {
      const id = `id: ${printCursor(event.cursor)}\n`;
      switch (event.kind) {
        case 'log':
          await write(`${id}event: log\ndata: ${printLog(event.row)}\n\n`);
          break;
        case 'behind':
          await write(`${id}event: behind\ndata: ${JSON.stringify({ logGroups: event.logGroups })}\n\n`);
          break;
        case 'caughtUp':
          if (clock.monotonicMs() - writtenMs >= HEARTBEAT_MS) await write(`${id}\n`);
      }
      // Whoever asks for the headers alone has them now.
      if (request.method === 'HEAD') break;
    }
  } catch (thrown) {
    outflow.signal.throwIfAborted();
    const trouble = explainTrouble(thrown);
    if (!response.headersSent) throw trouble;
    await outflow.flush(`event: error\ndata: ${printTrouble(trouble, requestId)}\n\n`);
    if (!(trouble instanceof ApiError)) throw trouble;
  }
  response.end();
}
