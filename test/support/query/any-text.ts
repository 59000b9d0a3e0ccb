/** Random texts, numbers and names: few, so that searches meet logs; some differ in case alone, some are words of others. */
import fc from 'fast-check';

const WORDS = [
  ...['a', 'B', 'b', 'ab', 'abc', 'error', 'Error', 'x.y-z_', 'ÄÖ', 'äö', 'and', '10.0.0.7', 'a-b'],
  ...['支付', '支', '付', 'c支'],
  ...['%', "O'", '\\', '{x:String}', '_', '[^a]', '\\x'],
];
const BETWEEN = [' ', ' ', '/', ':', ', ', '"', '\n', '?', '*', '\\"', '--', '\0', '-', '。', '  '];

/** Around each other, around the edges of their types, and what only looks like one. */
export const NUMBERS = [
  ...['0', '-0', '1', '5', '+5', '5.0', '-1.5', '.5', '1e3', '1000', '007', '9007199254740992', '9007199254740993'],
  ...['9223372036854775807', '9223372036854775808', '-9223372036854775808'],
];
const NO_NUMBERS = ['', ' 5', '5 ', 'nan', 'inf', '-Infinity', '1e400', '0x1f', '1_000', '5,0', '--5', 'e5', '.', '１'];

export const NAMES = [
  'path',
  'Path',
  '7',
  'a',
  '支付',
  'my field',
  'it\'s "x"',
  '__proto__',
  'source',
  'info',
  'status',
];

/** Into fields that may hold JSON, and what is none. */
export const PATHS = ['info.a', 'info.b.c', 'a.b', 'info.b', 'info..a', 'status.'];

/** Words in a row, with delimiters and what looks like them at either end and between. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...WORDS) },
  {
    weight: 4,
    arbitrary: fc.array(fc.constantFrom(...WORDS, ...BETWEEN), { maxLength: 6 }).map((pieces) => pieces.join('')),
  },
  { weight: 3, arbitrary: fc.constantFrom(...NUMBERS, ...NO_NUMBERS) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
);
