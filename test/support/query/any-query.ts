/** Random searches, logs and indexes that have something to do with each other. */
import fc from 'fast-check';
import type { IndexConfig, KeyIndex } from '../../../src/model/index-config.js';
import type { Bound, Piece, Query, Range, Scope, Test } from '../../../src/query/search/ast.js';
import type { SampleLog } from './evaluate.js';

/** Few, so that searches meet logs; some differ in case alone, some are words of others. */
const WORDS = [
  'a',
  'B',
  'b',
  'ab',
  'abc',
  'error',
  'Error',
  'x.y-z_',
  '支付',
  '支',
  'c支',
  'ÄÖ',
  'äö',
  'and',
  '10.0.0.7',
].concat(['%', "O'", '\\', '{x:String}', '_', '[^a]', '\\x', 'a-b']);
const BETWEEN = [' ', '/', ':', ', ', '"', '\n', '?', '*', '\\"', '--', '\0', '-', '。', '  '];
/** Around each other, around the edges of their types, and what only looks like one. */
const NUMBERS = [
  '0',
  '-0',
  '1',
  '5',
  '+5',
  '5.0',
  '-1.5',
  '.5',
  '1e3',
  '1000',
  '007',
  '9007199254740992',
  '9007199254740993',
].concat(['9223372036854775807', '9223372036854775808', '-9223372036854775808']);
const NO_NUMBERS = ['', ' 5', '5 ', 'nan', 'inf', '-Infinity', '1e400', '0x1f', '1_000', '5,0', '--5', 'e5', '.', '１'];
const NAMES = ['path', 'Path', 'status', '7', 'a', '支付', 'my field', 'it\'s "x"', '__proto__', 'source', 'info'];
const PATHS = ['info.a', 'info.b.c', 'a.b', 'info.b', 'info..a', 'status.'];

const anyName = fc.constantFrom(...NAMES);
const anyWord = fc.constantFrom(...WORDS);
const anyNumber = fc.constantFrom(...NUMBERS);

/** Words in a row, with delimiters and what looks like them at either end and between. */
const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: anyWord },
  {
    weight: 3,
    arbitrary: fc.array(fc.constantFrom(...WORDS, ...BETWEEN), { maxLength: 6 }).map((pieces) => pieces.join('')),
  },
  { weight: 2, arbitrary: fc.oneof(anyNumber, fc.constantFrom(...NO_NUMBERS)) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
);

const anyLeaf: fc.Arbitrary<unknown> = fc.oneof(
  anyText,
  fc.integer({ min: -10, max: 10_000 }),
  fc.constantFrom(1.5, -0.25, true, false, null),
);
/** JSON, but for some texts that only begin like it. */
const anyJson: fc.Arbitrary<string> = fc
  .record(
    {
      a: fc.oneof(anyLeaf, fc.array(anyLeaf, { maxLength: 2 })),
      b: fc.oneof(anyLeaf, fc.record({ c: anyLeaf }, { requiredKeys: [] })),
    },
    { requiredKeys: [] },
  )
  .chain((value) => fc.constantFrom(JSON.stringify(value), JSON.stringify(value), `${JSON.stringify(value)}}`));

const anyScope: fc.Arbitrary<Scope> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Scope>({ kind: 'anywhere' }) },
  { weight: 6, arbitrary: anyName.map((name): Scope => ({ kind: 'field', name })) },
  { weight: 3, arbitrary: fc.constantFrom(...PATHS).map((name): Scope => ({ kind: 'field', name })) },
  { weight: 2, arbitrary: fc.constantFrom<Scope>({ kind: 'topic' }, { kind: 'source' }) },
  { weight: 2, arbitrary: anyName.map((name): Scope => ({ kind: 'tag', name })) },
);

/** A word of a few characters, some of them open; or a quoted text that may go on. */
const anyPieces: fc.Arbitrary<readonly Piece[]> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom('a', 'e', 'E', '支', 'x.', '1', "O'", 'a/b', '/', '"', '\\'),
        fc.array(fc.constantFrom('*', '?', '*?', '*r', '?b', '/*', '/a*', '支*', '.?*_'), {
          minLength: 1,
          maxLength: 3,
        }),
      )
      .map(([first, others]) => pieces(first + others.join(''))),
  },
  {
    weight: 1,
    arbitrary: anyText
      .filter((text) => text !== '')
      .map((text): Piece[] => [{ kind: 'text', text: text.slice(0, 40) }, { kind: 'any' }]),
  },
);

function pieces(text: string): Piece[] {
  return (text.replace(/\*+/g, '*').match(/[*?]|[^*?]+/g) ?? []).map((piece): Piece => {
    if (piece === '*') return { kind: 'any' };
    return piece === '?' ? { kind: 'one' } : { kind: 'text', text: piece };
  });
}

const anyBound: fc.Arbitrary<Bound> = fc.record({ number: anyNumber, isIncluded: fc.boolean() });
const anyRange: fc.Arbitrary<Range> = fc.oneof(
  anyBound.map((low): Range => ({ low, high: null })),
  anyBound.map((high): Range => ({ low: null, high })),
  fc.record({ low: anyBound, high: anyBound }),
  anyNumber.map((number) => ({ low: { number, isIncluded: true }, high: { number, isIncluded: true } })),
);

const aTextTest: fc.Arbitrary<Test> = fc.oneof(
  {
    weight: 3,
    arbitrary: anyText.filter((text) => text !== '').map((text): Test => ({ kind: 'words', text })),
  },
  { weight: 1, arbitrary: anyText.filter((text) => text !== '').map((text): Test => ({ kind: 'phrase', text })) },
  { weight: 2, arbitrary: anyPieces.map((some): Test => ({ kind: 'wildcard', pieces: some })) },
);
const aFieldTest: fc.Arbitrary<Test> = fc.oneof(
  { weight: 4, arbitrary: aTextTest },
  { weight: 1, arbitrary: fc.constantFrom<Test>({ kind: 'present' }, { kind: 'empty' }) },
  { weight: 2, arbitrary: anyRange.map((range): Test => ({ kind: 'range', range })) },
);

const anyTerm: fc.Arbitrary<Query> = anyScope.chain((scope) =>
  (scope.kind === 'anywhere' ? aTextTest : aFieldTest).map((test): Query => ({ kind: 'term', scope, test })),
);

/** Any tree that the parser can return. */
export const anyQuery: fc.Arbitrary<Query> = fc.letrec<{ query: Query; operands: Query[] }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 5, arbitrary: anyTerm },
    { weight: 1, arbitrary: fc.constant<Query>({ kind: 'all' }) },
    { weight: 2, arbitrary: tie('operands').map((operands): Query => ({ kind: 'and', operands })) },
    { weight: 2, arbitrary: tie('operands').map((operands): Query => ({ kind: 'or', operands })) },
    { weight: 2, arbitrary: tie('query').map((operand): Query => ({ kind: 'not', operand })) },
  ),
  operands: fc.array(tie('query'), { minLength: 2, maxLength: 3 }),
})).query;

const anyField = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(anyName, anyText) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('info', 'a'), anyJson) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...PATHS), anyText) },
);

export const anyLog: fc.Arbitrary<SampleLog> = fc.record({
  topic: anyText,
  source: anyText,
  tags: fc.uniqueArray(fc.tuple(anyName, anyText), { maxLength: 2, selector: ([name]) => name }),
  fields: fc.uniqueArray(anyField, { maxLength: 5, selector: ([name]) => name }),
});

const wordRules = {
  token: fc.oneof(
    fc.constantFrom([], [',', ' '], ['-', '/', ' '], ['a', '\n'], ['。', ' '], ['"', "'", '\\', '\t', ':', '\0']),
    fc.constant([...`,'";=()[]{}?@&<>/: \n\t\r`]),
  ),
  caseSensitive: fc.boolean(),
  chn: fc.boolean(),
};
const aTypedKey = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('text' as const), ...wordRules }, { requiredKeys: ['type'] }) },
  { weight: 2, arbitrary: fc.constantFrom<KeyIndex>({ type: 'long' }, { type: 'double' }) },
);
const aJsonKey = fc.record(
  {
    type: fc.constant('json' as const),
    ...wordRules,
    index_all: fc.boolean(),
    json_keys: entries(fc.constantFrom('a', 'b.c', 'b'), aTypedKey),
  },
  { requiredKeys: ['type'] },
);
const someNames = fc.uniqueArray(
  fc.constantFrom('path', 'status', 'info', '__topic__', '__tag__:a', '__source__', 'a'),
  { maxLength: 4 },
);

/** Any that the API takes, and none. */
export const anyIndex: fc.Arbitrary<IndexConfig | null> = fc.option(
  fc
    .record(
      {
        line: fc
          .record({ ...wordRules, include_keys: someNames, exclude_keys: someNames }, { requiredKeys: ['token'] })
          .map(({ include_keys = [], exclude_keys = [], ...line }) =>
            include_keys.length > 0 ? { ...line, include_keys } : { ...line, exclude_keys },
          ),
        keys: entries(
          fc.constantFrom(...NAMES, 'info', 'info.a', 'a', '__topic__', '__tag__:a'),
          fc.oneof({ weight: 3, arbitrary: aTypedKey }, { weight: 2, arbitrary: aJsonKey }),
        ),
      },
      { requiredKeys: [] },
    )
    .filter(({ line, keys }) => line !== undefined || keys !== undefined),
  { freq: 2 },
);

/** Not `fc.dictionary`: `__proto__` is a key like any other here, as it is after JSON.parse. */
function entries<T>(name: fc.Arbitrary<string>, value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> {
  return fc
    .uniqueArray(fc.tuple(name, value), { maxLength: 8, selector: ([key]) => key })
    .map((pairs) => Object.fromEntries(pairs));
}
