/** Server-Sent Events as they arrive (HTML Living Standard, section 9.2), in the form our server writes them. */
import { readLines } from './lines.js';

export interface ServerEvent {
  /** Empty for one that only brings an id. */
  readonly name: string;
  readonly id: string;
  readonly data: string;
}

/** The server sends something every 15 s. After this long without, the connection is dead, though nobody said so. */
const SILENCE_MS_MAX = 45_000;

export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  let event = { name: '', id: '', data: '' };
  for await (const line of readLines(whileTalking(body))) {
    if (line === '') {
      yield event;
      event = { name: '', id: '', data: '' };
    } else if (line.startsWith('id: ')) {
      event.id = line.slice('id: '.length);
    } else if (line.startsWith('event: ')) {
      event.name = line.slice('event: '.length);
    } else if (line.startsWith('data: ')) {
      event.data = line.slice('data: '.length);
    }
  }
}

async function* whileTalking(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const silence = setTimeout(() => void reader.cancel(), SILENCE_MS_MAX);
      const { done, value } = await reader.read().finally(() => clearTimeout(silence));
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
