// Goal: lines and events are the same wherever the network cuts them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEvents } from './event-stream.js';
import { readLines } from './lines.js';

/** `text` in pieces that end at `cuts`, as bytes: cuts may fall inside of a character. */
function streamOf(text: string, cuts: readonly number[] = []): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return new ReadableStream({
    start(controller) {
      let from = 0;
      for (const end of ends) {
        controller.enqueue(bytes.slice(from, end));
        from = end;
      }
      controller.close();
    },
  });
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const cuts = fc.array(fc.nat(), { maxLength: 8 });

test('lines do not depend on how the bytes arrive', async () => {
  const line = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n]/g, ''));
  await fc.assert(
    fc.asyncProperty(fc.array(line), cuts, async (lines, at) => {
      expect(await collect(readLines(streamOf(lines.map((text) => `${text}\n`).join(''), at)))).toEqual(lines);
    }),
  );
});

test('a last line without an end counts', async () => {
  expect(await collect(readLines(streamOf('a\r\nb')))).toEqual(['a', 'b']);
});

test('events have their name, data and the last id', async () => {
  const text = 'retry: 1000\n\nid: 7\nevent: log\ndata: {"a":"支付"}\n\n: a comment\n\nid: 8\n\ndata: x\ndata:y\n\n';
  await fc.assert(
    fc.asyncProperty(cuts, async (at) => {
      expect(await collect(readEvents(streamOf(text, at)))).toEqual([
        { id: '7', name: 'log', data: '{"a":"支付"}' },
        { id: '8', name: 'message', data: '' },
        { id: '8', name: 'message', data: 'x\ny' },
      ]);
    }),
  );
});
