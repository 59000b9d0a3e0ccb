// Goal: whatever a crash or a bad disk leaves, the reader says which it was and never returns altered bytes.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { declaredEnd, frameLine, LINE_BYTES_MAX, readLine } from './checked-line.js';

const rest = Buffer.from('"a":"b"}\n');
const line = frameLine(rest); // 35 bytes of frame + 9

function flipBit(bytes: Buffer, byte: number, bit = 0): Buffer {
  const copy = Buffer.from(bytes);
  copy[byte] = (copy[byte] as number) ^ (1 << bit);
  return copy;
}

describe('a framed line', () => {
  test('is one JSON object that holds the rest', () => {
    expect(JSON.parse(line.toString())).toEqual({ crc: expect.any(String), len: '00000009', a: 'b' });
  });

  test('is read back with the offset of the next one', () => {
    const two = Buffer.concat([line, frameLine(Buffer.from('"c":1}\n'))]);
    expect(readLine(two, 0)).toEqual({ kind: 'line', rest, nextOffset: 44 });
    expect(readLine(two, 44)).toMatchObject({ kind: 'line', nextOffset: two.length });
    expect(readLine(two, two.length)).toEqual({ kind: 'end' });
  });

  test('has the very bytes the format page shows', () => {
    expect(frameLine(Buffer.from('"v":1}\n')).toString()).toBe('{"crc":"e9728a96","len":"00000007","v":1}\n');
  });
});

describe('a damaged line is named for what happened to it', () => {
  test.each([
    ['cut inside the frame', line.subarray(0, 20), 'torn'],
    ['cut inside the rest', line.subarray(0, 40), 'torn'],
    ['cut before the newline', line.subarray(0, 43), 'torn'],
    ['one bit of the rest flipped', flipBit(line, 36), 'corrupt'],
    ['one bit of the checksum flipped', flipBit(line, 9), 'corrupt'],
    ['length zeroed', Buffer.from(line).fill('0', 25, 33), 'corrupt'],
    ['length beyond the largest line', Buffer.from(line).fill('f', 25, 33), 'corrupt'],
    ['zeros', Buffer.alloc(64), 'corrupt'],
    ['foreign text', Buffer.from('hello world\n'), 'corrupt'],
  ])('%s', (_what, bytes, kind) => {
    expect(readLine(bytes, 0).kind).toBe(kind);
  });
});

test('no single flipped bit goes unseen', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), fc.nat(7), (json, n, bit) => {
      const bytes = frameLine(Buffer.from(`"v":${json}}\n`));
      expect(readLine(flipBit(bytes, n % bytes.length, bit), 0).kind).not.toBe('line');
    }),
  );
});

test('a line at the largest size is read and one byte more is not', () => {
  const largest = Buffer.alloc(LINE_BYTES_MAX, 'x');
  largest.write('}\n', LINE_BYTES_MAX - 2);
  expect(readLine(frameLine(largest), 0).kind).toBe('line');
  const over = Buffer.concat([Buffer.from('x'), largest]);
  expect(readLine(frameLine(over), 0)).toEqual({ kind: 'corrupt', reason: 'length' });
});

test('a damaged line still says where it ends, as long as its length is whole', () => {
  const damaged = Buffer.concat([flipBit(line, line.length - 1), line]);
  expect(declaredEnd(damaged, 0)).toBe(line.length);
  expect(declaredEnd(damaged, line.length)).toBe(damaged.length);
  expect(declaredEnd(Buffer.from(line).fill('x', 25, 33), 0)).toBe(-1);
  expect(declaredEnd(line.subarray(0, 40), 0)).toBe(-1);
  expect(declaredEnd(line.subarray(0, 20), 0)).toBe(-1);
});
