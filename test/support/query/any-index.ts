/** Random indexes. */
import fc from 'fast-check';
import type { IndexConfig, KeyIndex } from '../../../src/model/index-config.js';

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
/** Any that the API takes, and none; for fields of these names, topic, source and tags. */
export function anyIndex(names: readonly string[]): fc.Arbitrary<IndexConfig | null> {
  const key = fc.constantFrom(...names, ...names.map((name) => `__tag__:${name}`), '__topic__', '__source__');
  const keys = fc.uniqueArray(key, { maxLength: 4 });
  const line = fc
    .record({ ...wordRules, include_keys: keys, exclude_keys: keys }, { requiredKeys: ['token'] })
    .map(({ include_keys = [], exclude_keys = [], ...rules }) =>
      include_keys.length > 0 ? { ...rules, include_keys } : { ...rules, exclude_keys },
    );
  const typed = entries(
    fc.constantFrom(...names, ...names, ...names, '__topic__', `__tag__:${names[0]}`, 'info.a', 'status'),
    fc.oneof({ weight: 3, arbitrary: aTypedKey }, { weight: 2, arbitrary: aJsonKey }),
  );
  return fc.option(
    fc
      .record({ line, keys: typed }, { requiredKeys: [] })
      .filter((index) => index.line !== undefined || index.keys !== undefined),
    { freq: 2 },
  );
}

/** Not `fc.dictionary`: `__proto__` is a key like any other here, as it is after JSON.parse. */
function entries<T>(name: fc.Arbitrary<string>, value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> {
  return fc
    .uniqueArray(fc.tuple(name, value), { minLength: 1, maxLength: 8, selector: ([key]) => key })
    .map((pairs) => Object.fromEntries(pairs));
}
