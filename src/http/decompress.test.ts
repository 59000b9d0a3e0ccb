// Goal: what clients compress comes out whole, and no bytes at all make us decode more than we allow or read what is not ours.
import { deflateRawSync, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { compressSync, uncompressSync } from 'lz4-napi';
import { describe, expect, test } from 'vitest';
import { type Decompressed, decompress, lz4Size } from './decompress.js';

const BYTES_MAX = 3 * 1024 * 1024;
/** The example of the wire format. */
const RAW = '{"__topic__":"t","__logs__":[{"foo":"bar","n":"1"},{"foo":"bar","n":"2"}]}';
const LZ4 =
  'f0097b225f5f746f7069635f5f223a2274222c225f5f6c6f67730f00fd085b7b22666f6f223a22626172222c226e223a2231227d2c1600602232227d5d7d';
const ZLIB =
  '789cab568a8f2fc92fc84c8e8f57b2522a51d2518a8fcfc94f2f0671a3ab95d2f2f395ac9492128b947494f294ac940c956a7530458d946a636b0161f1160a';

const hex = (text: string) => Buffer.from(text, 'hex');
const decode = (bytes: Buffer, codec: 'lz4' | 'deflate', declaredBytes = 0, bytesMax = BYTES_MAX) =>
  decompress(bytes, codec, { declaredBytes, bytesMax });
const lz4 = (raw: Buffer) => compressSync(raw).subarray(4); // without the size it puts in front
const text = (result: Decompressed) => (result.kind === 'raw' ? result.bytes.toString() : result.kind);

describe('the bytes of the wire format', () => {
  test.each([
    ['lz4', 'lz4', hex(LZ4)],
    ['lz4, literals alone', 'lz4', Buffer.concat([hex('f03b'), Buffer.from(RAW)])],
    ['deflate as zlib', 'deflate', hex(ZLIB)],
    ['deflate as raw', 'deflate', hex(ZLIB).subarray(2, -4)],
  ] as const)('%s', (_what, codec, bytes) => {
    for (const declared of [0, 1, 10, 73, 74, 75, 1000, BYTES_MAX, BYTES_MAX * 10]) {
      const result = decode(bytes, codec, declared);
      expect(text(result)).toBe(RAW);
    }
  });
});

test.each(['lz4', 'deflate'] as const)('an empty body is no %s', (codec) => {
  expect(decode(Buffer.alloc(0), codec, 10)).toEqual({ kind: 'malformed' });
});

describe('lz4', () => {
  test.each([
    ['a block that is only a size', 'ffffffff'],
    ['a literal that goes on behind the end', 'f0ff41'],
    ['a match at offset 0', '14410000'],
    ['a match at offset 0, then a literal', '144100001042'],
    ['a match before the start', '14410500'],
    ['a match before the start, then a literal', '144105001042'],
    ['half an offset', '144101'],
    ['a match at the end', '14410100'],
    ['a literal length without end', `f0${'ff'.repeat(1000)}`],
    ['a match length without end', `1f410100${'ff'.repeat(1000)}`],
    ['a token and nothing else', '10'],
  ])('refuses %s', (_what, block) => {
    for (const declared of [0, 1, 5, 9, 100, BYTES_MAX]) {
      expect(decode(hex(block), 'lz4', declared)).toEqual({ kind: 'malformed' });
    }
  });

  test('an empty text is a block of one zero byte', () => {
    expect(decode(hex('00'), 'lz4', 0)).toEqual({ kind: 'raw', bytes: Buffer.alloc(0) });
  });

  test('decodes up to the limit and not a byte more', () => {
    const raw = Buffer.alloc(10_000, 'log');
    for (const declared of [0, 100, 10_000, 20_000]) {
      expect(decode(lz4(raw), 'lz4', declared, 10_000)).toEqual({ kind: 'raw', bytes: raw });
      expect(decode(lz4(raw), 'lz4', declared, 9_999)).toEqual({ kind: 'tooLarge' });
    }
  });

  test('a bomb is measured, not decoded', () => {
    const bomb = hex(`1f410100${'ff'.repeat(3_000_000)}00100042`);
    const before = process.cpuUsage();
    expect(decode(bomb, 'lz4', 74)).toEqual({ kind: 'tooLarge' });
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(500);
  });

  test('the walk knows the exact size of whatever the compressor makes', () => {
    const runs = fc.array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat({ max: 30 })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(runs, fc.nat({ max: 4000 }), (parts, declared) => {
        const raw = Buffer.concat(parts.flatMap(([bytes, times]) => Array<Uint8Array>(times).fill(bytes)));
        expect(lz4Size(lz4(raw), BYTES_MAX)).toBe(raw.length);
        expect(decode(lz4(raw), 'lz4', declared)).toEqual({ kind: 'raw', bytes: raw });
      }),
    );
  });

  test('random and damaged blocks: what is decoded has the size the walk says, and memory of others never shows', () => {
    const damaged = fc
      .tuple(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(), fc.nat({ max: 255 }))
      .map(([raw, at, byte]) => {
        const block = Buffer.from(lz4(Buffer.concat([raw, raw, raw])));
        block[at % block.length] = byte;
        return block;
      });
    const random = fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(damaged, random), fc.nat({ max: 700 }), (block, declared) => {
        const result = decode(block, 'lz4', declared, 10_000);
        if (result.kind === 'tooLarge') expect(lz4Size(block, 10_000)).toBeGreaterThan(10_000);
        if (result.kind !== 'raw') return;
        expect(result.bytes.length).toBe(lz4Size(block, 10_000));
        expect(result.bytes).toEqual(referenceLz4(block));
      }),
      { numRuns: 2000 },
    );
  });

  test('the decoder itself refuses to go beyond the size it is given', () => {
    const block = Buffer.concat([Buffer.from([73, 0, 0, 0]), hex(LZ4)]);
    expect(() => uncompressSync(block)).toThrow();
  });
});

describe('deflate', () => {
  test('decodes up to the limit and not a byte more', () => {
    const raw = Buffer.alloc(100_000, 'log');
    for (const bytes of [deflateSync(raw), deflateRawSync(raw)]) {
      expect(decode(bytes, 'deflate', 5, 100_000)).toEqual({ kind: 'raw', bytes: raw });
      expect(decode(bytes, 'deflate', 5, 99_999)).toEqual({ kind: 'tooLarge' });
    }
  });

  test('a bomb costs what its allowed part costs', () => {
    const bomb = deflateSync(Buffer.alloc(100 * 1024 * 1024));
    const before = process.cpuUsage();
    expect(decode(bomb, 'deflate')).toEqual({ kind: 'tooLarge' });
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(500);
  });

  test('ignores what stands behind the end', () => {
    expect(text(decode(Buffer.concat([hex(ZLIB), Buffer.from('more')]), 'deflate'))).toBe(RAW);
  });

  test('a raw stream that starts like zlib', () => {
    // A stored block whose padding and length happen to be 78 01: one byte, `A`; then an empty last block.
    expect(text(decode(hex('780100feff41010000ffff'), 'deflate'))).toBe('A');
  });

  test.each([
    ['cut short', hex(ZLIB).subarray(0, 40)],
    ['a wrong checksum', Buffer.concat([hex(ZLIB).subarray(0, -4), Buffer.alloc(4)])],
    ['no deflate at all', Buffer.from(RAW)],
    ['one byte', Buffer.from([0x78])],
  ])('refuses a stream: %s', (_what, bytes) => {
    expect(decode(bytes, 'deflate')).toEqual({ kind: 'malformed' });
  });
});

/** A decoder as the format's description has it. */
function referenceLz4(block: Buffer): Buffer {
  const out: number[] = [];
  let i = 0;
  const byte = () => {
    if (i >= block.length) throw new Error('the block breaks off');
    return block.readUInt8(i++);
  };
  const length = (start: number) => {
    let sum = start;
    for (let more = start === 15; more; ) {
      const next = byte();
      sum += next;
      more = next === 255;
    }
    return sum;
  };
  for (;;) {
    const token = byte();
    for (let left = length(token >> 4); left > 0; left--) out.push(byte());
    if (i === block.length) return Buffer.from(out);
    const offset = byte() + 256 * byte();
    if (offset === 0 || offset > out.length) throw new Error('a match outside of the text');
    for (let left = length(token & 15) + 4; left > 0; left--) out.push(out[out.length - offset] ?? 0);
  }
}
