/**
 * Server-Sent Events (HTML Living Standard, section 9.2) from an answer of `fetch`. The browser's own EventSource can neither
 * show what an error says nor send a header of ours.
 */
import { readLines } from './lines.js';

export interface ServerEvent {
  /** Of the last event that brought one; empty before. */
  readonly id: string;
  readonly name: string;
  /** Empty for an event that only brings an id. */
  readonly data: string;
}

export async function* readEvents(bytes: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  let [id, name, isSeen] = ['', 'message', false];
  let data: string[] = [];
  for await (const line of readLines(bytes)) {
    if (line === '') {
      if (isSeen) yield { id, name, data: data.join('\n') };
      [name, isSeen, data] = ['message', false, []];
      continue;
    }
    const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'id') id = value;
    else if (field === 'event') name = value;
    else if (field === 'data') data.push(value);
    // Comments and unknown fields.
    else continue;
    isSeen = true;
  }
}
