// Goal: answers are compressed for clients that ask for it in SLS's words, and for nobody else.
import { expect, test } from 'vitest';
import { answerCodec, compress } from './compress.js';
import { decompress, hasZstd } from './decompress.js';

const text = Buffer.from('{"data":[{"n":"1"},{"n":"1"},{"n":"1"}]}');

test.each(['lz4', ...(hasZstd ? ['zstd'] : [])])('what is compressed with %s is what it was', (asked) => {
  const codec = answerCodec(asked);
  if (codec === null) throw new Error(`${asked} is not known`);
  const packed = compress(text, codec);
  expect(packed).not.toEqual(text);
  expect(decompress(packed, codec, { declaredBytes: text.length, bytesMax: 1000 })).toEqual({
    kind: 'raw',
    bytes: text,
  });
});

test.each([undefined, '', 'gzip', 'deflate', 'identity', 'gzip, deflate, br, zstd', 'lz4, zstd'])(
  '%j asks for none',
  (asked) => {
    expect(answerCodec(asked)).toBeNull();
  },
);
