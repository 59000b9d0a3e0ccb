// Goal: every byte of a file is in exactly one piece, good lines come out unaltered, and memory stays bounded.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameLine } from '../model/checked-line.js';
import type { DiskFile } from '../platform/disk.js';
import { type Piece, readSegment } from './read-segment.js';

/** A file that answers with a few bytes at a time, and remembers the largest read. */
function memoryFile(bytes: Buffer, readBytesMax: number): DiskFile & { largestRead: number } {
  const unused = () => Promise.reject(new Error('a segment is only read'));
  return {
    largestRead: 0,
    async read(target, position) {
      this.largestRead = Math.max(this.largestRead, target.length);
      return bytes.copy(target, 0, position, position + readBytesMax);
    },
    write: unused,
    sync: unused,
    truncate: unused,
    close: unused,
  };
}

async function readAll(bytes: Buffer, readBytesMax = 1e9): Promise<(Piece & { text: string })[]> {
  const pieces: (Piece & { text: string })[] = [];
  for await (const piece of readSegment(memoryFile(bytes, readBytesMax))) {
    // A line's bytes are valid only until the next piece.
    pieces.push({ ...piece, text: piece.kind === 'line' ? piece.rest.toString() : '' });
  }
  return pieces;
}

const line = (text: string) => frameLine(Buffer.from(`"v":${JSON.stringify(text)}}\n`));

test('good lines between any garbage come out, in whatever steps the file is read', async () => {
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom(Buffer.from('\n'), Buffer.from('{"crc":"'), Buffer.alloc(60), line('cut').subarray(0, 30)),
  );
  const part = fc.oneof(
    fc.string({ maxLength: 300 }).map((text) => ({ isLine: true, bytes: line(text) })),
    garbage.map((bytes) => ({ isLine: false, bytes: Buffer.concat([bytes, Buffer.from('\n')]) })),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 12 }), fc.integer({ min: 1, max: 400 }), async (parts, step) => {
      const bytes = Buffer.concat(parts.map((each) => each.bytes));
      const pieces = await readAll(bytes, step);
      let at = 0;
      for (const piece of pieces) {
        expect(piece.at).toBe(at);
        at += piece.bytes;
      }
      expect(at).toBe(bytes.length);
      const sent = parts.filter(({ isLine }) => isLine).map((each) => each.bytes.subarray(35).toString());
      expect(pieces.filter(({ kind }) => kind === 'line').map(({ text }) => text)).toEqual(sent);
    }),
  );
});

test.each([
  ['a line that is cut', Buffer.concat([line('a'), line('b').subarray(0, -1)]), ['line', 'torn']],
  ['zeros', Buffer.concat([line('a'), Buffer.alloc(100)]), ['line', 'torn']],
  ['zeros and a newline', Buffer.concat([line('a'), Buffer.alloc(100), Buffer.from('\n')]), ['line', 'damaged']],
  ['a last line whose length is beyond the end', withLength(line('a'), '00000fff'), ['damaged']],
  [
    'a first line whose length is beyond the end',
    Buffer.concat([withLength(line('a'), '00000fff'), line('b')]),
    ['damaged', 'line'],
  ],
  [
    'a line whose newline is damaged',
    Buffer.concat([Buffer.from(line('a').toString().replace('\n', 'x')), line('b')]),
    ['damaged', 'line'],
  ],
  ['nothing', Buffer.alloc(0), []],
])('a file that ends in %s', async (_what, bytes, kinds) => {
  expect((await readAll(bytes)).map(({ kind }) => kind)).toEqual(kinds);
});

function withLength(bytes: Buffer, hex: string): Buffer {
  bytes.write(hex, 25);
  return bytes;
}

test('garbage without a newline is not gathered in memory', async () => {
  const file = memoryFile(Buffer.alloc(50_000_000, 'x'), 1_000_000);
  const kinds: string[] = [];
  for await (const { kind } of readSegment(file)) kinds.push(kind);
  expect(kinds).toEqual(['damaged']);
  expect(file.largestRead).toBeLessThanOrEqual(4 * 1024 * 1024);
});
