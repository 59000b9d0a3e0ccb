/** Functions of arrays and maps. Places count from 1, or from -1 at the end. */
import type { FunctionRow } from './row.js';

/** Items of `sequence`, as in Presto. */
const SEQUENCE_MAX = 10_000;

export const COLLECTIONS: readonly FunctionRow[] = [
  {
    form: 'cardinality(array(T)): bigint',
    doc: 'How many items',
    example: ['cardinality(array[1, 2])', '2'],
    kind: 'scalar',
    sql: (array) => `toInt64(length(${array}))`,
  },
  {
    form: 'cardinality(map(T, U)): bigint',
    doc: 'How many keys',
    example: ["cardinality(split_to_map('a=1', '&', '='))", '1'],
    kind: 'scalar',
    sql: (map) => `toInt64(length(${map}))`,
  },
  {
    form: 'element_at(array(T), bigint): T',
    doc: 'One item; NULL if there are not so many; also `a[n]`',
    example: ["element_at(split('a,b', ','), -1)", 'b'],
    kind: 'written',
    sql: ({ args: [array, index], type }) => {
      // The engine has no NULL among arrays and maps: one that is not there is empty.
      const engine = typeof type === 'string' ? 'arrayElementOrNull' : 'arrayElement';
      return `${engine}(${array?.sql}, ${index?.sql})`;
    },
  },
  {
    form: 'element_at(map(T, U), T): U',
    doc: 'The value of a key; also `m[key]`',
    example: ["element_at(split_to_map('a=1', '&', '='), 'b')", 'null'],
    kind: 'written',
    sql: ({ args: [map, key], type }) => {
      const found = `arrayElement(${map?.sql}, assumeNotNull(${key?.sql}))`;
      return typeof type === 'string'
        ? `if(mapContains(${map?.sql}, assumeNotNull(${key?.sql})), ${found}, NULL)`
        : found;
    },
  },
  {
    form: 'contains(array(T), T): boolean',
    doc: 'Whether an item is in it',
    example: ["contains(array['a', 'b'], 'b')", 'true'],
    kind: 'scalar',
    sql: (array, item) => `has(${array}, ${item})`,
  },
  {
    form: 'array_join(array(T), varchar): varchar',
    doc: 'The items as a text, without NULLs',
    example: ["array_join(array[1, 2], '-')", '1-2'],
    kind: 'scalar',
    sql: (array, separator) => `arrayStringConcat(arrayMap(i -> toString(i), ${array}), ${separator})`,
  },
  {
    form: 'array_distinct(array(T)): array(T)',
    doc: 'Each item once',
    example: ['array_distinct(array[1, 2, 1])', '[1,2]'],
    kind: 'scalar',
    sql: (array) => `arrayDistinct(${array})`,
  },
  {
    form: 'array_sort(array(T)): array(T)',
    doc: 'In order, NULLs last',
    example: ['array_sort(array[3, null, 1])', '[1,3,null]'],
    kind: 'scalar',
    sql: (array) => `arraySort(${array})`,
  },
  {
    form: 'reverse(array(T)): array(T)',
    doc: 'From the end to the beginning',
    example: ['reverse(array[1, 2])', '[2,1]'],
    kind: 'scalar',
    sql: (array) => `arrayReverse(${array})`,
  },
  {
    form: 'array_max(array(T)): T',
    doc: 'The largest item',
    example: ['array_max(array[1, 3, 2])', '3'],
    kind: 'scalar',
    sql: (array) => `arrayReduce('maxOrNull', ${array})`,
  },
  {
    form: 'array_min(array(T)): T',
    doc: 'The smallest item',
    example: ['array_min(array[2, 1])', '1'],
    kind: 'scalar',
    sql: (array) => `arrayReduce('minOrNull', ${array})`,
  },
  {
    form: 'array_position(array(T), T): bigint',
    doc: 'Where an item is; 0 if nowhere',
    example: ["array_position(array['a', 'b'], 'b')", '2'],
    kind: 'scalar',
    sql: (array, item) => `toInt64(indexOf(${array}, ${item}))`,
  },
  {
    form: 'array_intersect(array(T), array(T)): array(T)',
    doc: 'Items of both',
    example: ['array_intersect(array[1, 2], array[2, 3])', '[2]'],
    kind: 'scalar',
    sql: (a, b) => `arrayIntersect(${a}, ${b})`,
  },
  {
    form: 'slice(array(T), bigint, bigint): array(T)',
    doc: 'So many items from a place on',
    example: ['slice(array[1, 2, 3], 2, 2)', '[2,3]'],
    kind: 'scalar',
    sql: (array, from, length) => `arraySlice(${array}, ${from}, greatest(${length}, 0))`,
  },
  {
    form: 'flatten(array(array(T))): array(T)',
    doc: 'The items of the items',
    example: ['flatten(array[array[1], array[2]])', '[1,2]'],
    kind: 'scalar',
    sql: (array) => `arrayFlatten(${array})`,
  },
  {
    form: 'sequence(bigint, bigint): array(bigint)',
    doc: `All whole numbers from the one to the other, at most ${SEQUENCE_MAX}`,
    example: ['sequence(1, 3)', '[1,2,3]'],
    kind: 'scalar',
    sql: (from, to) => {
      const count = `toUInt64(least(greatest(ifNull(${to} - ${from} + 1, 0), 0), ${SEQUENCE_MAX}))`;
      return `arrayMap(i -> toInt64(i) + assumeNotNull(${from}), range(${count}))`;
    },
  },
  {
    form: 'transform(array(T), T -> U): array(U)',
    doc: 'What a lambda makes of each item',
    example: ['transform(array[1, 2], v -> v * 10)', '[10,20]'],
    kind: 'scalar',
    sql: (array, lambda) => `arrayMap(${lambda}, ${array})`,
  },
  {
    form: 'filter(array(T), T -> boolean): array(T)',
    doc: 'The items that meet a condition',
    example: ['filter(array[1, 2, 3], v -> v > 1)', '[2,3]'],
    kind: 'scalar',
    sql: (array, lambda) => `arrayFilter(${lambda}, ${array})`,
  },
  {
    form: 'any_match(array(T), T -> boolean): boolean',
    doc: 'Whether any does',
    example: ['any_match(array[1, 2], v -> v > 1)', 'true'],
    kind: 'scalar',
    sql: (array, lambda) => `arrayExists(${lambda}, ${array})`,
  },
  {
    form: 'all_match(array(T), T -> boolean): boolean',
    doc: 'Whether all do',
    example: ['all_match(array[1, 2], v -> v > 1)', 'false'],
    kind: 'scalar',
    sql: (array, lambda) => `arrayAll(${lambda}, ${array})`,
  },
  {
    form: 'map(array(T), array(U)): map(T, U)',
    doc: 'A map of keys and values',
    example: ["map(array['a', 'b'], array[1, 2])", '{"a":1,"b":2}'],
    kind: 'scalar',
    sql: (keys, values) => {
      const count = `least(length(${keys}), length(${values}))`;
      return `mapFromArrays(arrayMap(k -> assumeNotNull(k), arraySlice(${keys}, 1, ${count})), arraySlice(${values}, 1, ${count}))`;
    },
  },
  {
    form: 'map_keys(map(T, U)): array(T)',
    doc: 'Its keys',
    example: ["map_keys(map(array['a'], array[1]))", '["a"]'],
    kind: 'scalar',
    sql: (map) => `mapKeys(${map})`,
  },
  {
    form: 'map_values(map(T, U)): array(U)',
    doc: 'Its values',
    example: ["map_values(map(array['a'], array[1]))", '[1]'],
    kind: 'scalar',
    sql: (map) => `mapValues(${map})`,
  },
  {
    form: 'map_filter(map(T, U), (T, U) -> boolean): map(T, U)',
    doc: 'The pairs that meet a condition',
    example: ["map_filter(map(array['a', 'b'], array[1, 2]), (k, v) -> v > 1)", '{"b":2}'],
    kind: 'scalar',
    sql: (map, lambda) => `mapFilter(${lambda}, ${map})`,
  },
];
