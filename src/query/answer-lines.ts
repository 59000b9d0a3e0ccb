/**
 * The answer to a query: NDJSON, a log or a row of SQL a line, written while the store still searches.
 *
 * It is complete when it ends as HTTP says it must (with the last, empty chunk). If the search fails on the way, a line
 * with `errorCode` and `errorMessage` follows, which no log can be taken for, since it lacks `__time__`; then the
 * connection is cut, so that a client that reads no further than HTTP knows too.
 */
import type { Exchange } from '../http/route.js';
import { openOutflow } from './outflow.js';
import { explainTrouble, printTrouble } from './trouble.js';

/** Lines are gathered to about so many characters; until then, what goes wrong is still answered with its own status. */
const PIECE_LENGTH = 64 * 1024;

/** `lines` is called with a signal that aborts when the client goes away. Throws what `explainTrouble` makes of a failure. */
export async function answerLines(
  exchange: Exchange,
  lines: (signal: AbortSignal) => AsyncIterable<string>,
): Promise<void> {
  const { response, commonHeaders } = exchange;
  const outflow = openOutflow(response);
  const begin = () => {
    if (response.headersSent) return;
    response.writeHead(200, [...commonHeaders, 'Content-Type', 'application/x-ndjson', 'Cache-Control', 'no-store']);
  };
  let piece = '';
  try {
    for await (const line of lines(outflow.signal)) {
      piece += `${line}\n`;
      if (piece.length < PIECE_LENGTH) continue;
      begin();
      await outflow.write(piece);
      piece = '';
    }
  } catch (thrown) {
    outflow.signal.throwIfAborted();
    const trouble = explainTrouble(thrown);
    if (response.headersSent)
      await outflow.flush(`${piece}${printTrouble(trouble, exchange.requestId)}
`);
    throw trouble;
  }
  begin();
  response.end(piece);
}
