// Goal: an index that is opened in the form and saved without a change is the same index, and a change changes just that.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { IndexConfig, KeyIndex } from '../../../src/api/logstore-index.js';
import { configOf, draftOf, namesLost, newKey } from './index-draft.js';
import { printTokens, readTokens } from './tokens.js';

const TOKEN = [',', ' ', '\n', '\\'];

const words = {
  token: fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 2 })),
  caseSensitive: fc.boolean(),
  chn: fc.boolean(),
};
const key: fc.Arbitrary<KeyIndex> = fc.record(
  {
    ...words,
    type: fc.constantFrom('text', 'long', 'double', 'json'),
    alias: fc.string({ minLength: 1 }),
    doc_value: fc.boolean(),
    json_keys: fc.constant({ usedTime: { type: 'double' as const } }),
  },
  { requiredKeys: ['type'] },
);
const name = fc.string({ unit: 'grapheme' }).filter((text) => text !== '__proto__');
const config: fc.Arbitrary<IndexConfig> = fc.record(
  {
    line: fc.record({ ...words, include_keys: fc.array(name) }, { requiredKeys: ['token'] }),
    keys: fc.dictionary(name, key, { minKeys: 1 }),
    max_text_len: fc.nat(),
  },
  { requiredKeys: ['line'] },
);

test('unchanged, it is the same', () => {
  fc.assert(
    fc.property(config, (given) => {
      expect(configOf(draftOf(given, TOKEN), TOKEN)).toEqual(given);
    }),
  );
});

test('delimiters are read as they are printed', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.constantFrom(...'\\nrt,; \n\r\t中😀')), (tokens) => {
      expect(readTokens(printTokens(tokens))).toEqual(tokens);
    }),
  );
});

describe('a change', () => {
  const given: IndexConfig = {
    keys: { price: { type: 'text', token: [','], alias: 'p', doc_value: true }, info: { type: 'json', json_keys: {} } },
  };

  test('of one field leaves the others', () => {
    const draft = draftOf(given, TOKEN);
    const [price, info] = draft.keys;
    if (price === undefined || info === undefined) throw new Error('both are there');
    const keys = [
      { ...price, type: 'long' as const, alias: '', docValue: false },
      { ...info, tokens: '|\\t' },
    ];
    expect(configOf({ ...draft, keys }, TOKEN)).toEqual({
      keys: {
        price: { type: 'long', token: [','], doc_value: false },
        info: { type: 'json', json_keys: {}, token: ['|', '\t'] },
      },
    });
  });

  test('that takes everything away leaves no index', () => {
    expect(configOf({ ...draftOf(given, TOKEN), keys: [] }, TOKEN)).toBeNull();
  });
});

test('as soon as a field is named, those that are not are lost to searches', () => {
  const draft = draftOf(null, TOKEN);
  expect(namesLost(draft, ['a', 'b'])).toEqual([]);
  expect(namesLost({ ...draft, keys: [newKey('a', 'text', TOKEN)] }, ['a', 'b'])).toEqual(['b']);
});
