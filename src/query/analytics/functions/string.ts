/** Functions of text. Places count from 1, in characters; from the end, if they are negative. */
import type { FunctionRow } from './row.js';

/** In characters. The time it takes is the product of both lengths, and the engine is deaf meanwhile. */
export const DISTANCE_LENGTH_MAX = 255;

export const STRINGS: readonly FunctionRow[] = [
  {
    form: 'length(varchar): bigint',
    doc: 'Characters',
    example: ["length('支付')", '2'],
    kind: 'scalar',
    sql: (text) => `toInt64(lengthUTF8(${text}))`,
  },
  {
    form: 'lower(varchar): varchar',
    doc: 'In small letters',
    example: ["lower('ÄB')", 'äb'],
    kind: 'scalar',
    sql: (text) => `lowerUTF8(${text})`,
  },
  {
    form: 'upper(varchar): varchar',
    doc: 'In large letters',
    example: ["upper('äb')", 'ÄB'],
    kind: 'scalar',
    sql: (text) => `upperUTF8(${text})`,
  },
  {
    form: 'substr(varchar, bigint): varchar',
    doc: 'From a place on',
    example: ["substr('logboom', 4)", 'boom'],
    kind: 'scalar',
    sql: (text, from) => `if(${from} = 0, '', substringUTF8(${text}, if(${from} = 0, 1, ${from})))`,
  },
  {
    form: 'substr(varchar, bigint, bigint): varchar',
    doc: 'From a place on, so many characters',
    example: ["substr('logboom', -4, 2)", 'bo'],
    kind: 'scalar',
    sql: (text, from, length) =>
      `if(${from} = 0, '', substringUTF8(${text}, if(${from} = 0, 1, ${from}), greatest(${length}, 0)))`,
  },
  {
    form: 'strpos(varchar, varchar): bigint',
    doc: 'Where the second begins in the first, 0 if nowhere; also `position(a IN b)`',
    example: ["strpos('logboom', 'boom')", '4'],
    kind: 'scalar',
    sql: (text, part) => `toInt64(positionUTF8(${text}, ${part}))`,
  },
  {
    form: 'replace(varchar, varchar): varchar',
    doc: 'Without any of the second in it',
    example: ["replace('a-b-c', '-')", 'abc'],
    kind: 'scalar',
    sql: (text, part) => `replaceAll(${text}, ${part}, '')`,
  },
  {
    form: 'replace(varchar, varchar, varchar): varchar',
    doc: 'With the third for every second',
    example: ["replace('a-b-c', '-', '+')", 'a+b+c'],
    kind: 'scalar',
    sql: (text, part, by) => `replaceAll(${text}, ${part}, ${by})`,
  },
  {
    form: 'split(varchar, constant varchar): array(varchar)',
    doc: 'The parts between a separator',
    example: ["split('a,b,c', ',')", '["a","b","c"]'],
    kind: 'scalar',
    sql: (text, separator) => `splitByString(${separator}, ${text})`,
  },
  {
    form: 'split(varchar, constant varchar, bigint): array(varchar)',
    doc: 'At most so many parts; the last one has the rest',
    example: ["split('a,b,c', ',', 2)", '["a","b,c"]'],
    kind: 'scalar',
    sql: (text, separator, limit) => {
      const parts = `splitByString(${separator}, ${text})`;
      const rest = `arrayStringConcat(arraySlice(${parts}, ${limit}), ${separator})`;
      return `if(length(${parts}) <= ${limit}, ${parts}, arrayPushBack(arraySlice(${parts}, 1, ${limit} - 1), ${rest}))`;
    },
  },
  {
    form: 'split_part(varchar, constant varchar, bigint): varchar',
    doc: 'One of the parts; NULL if there are not so many',
    example: ["split_part('a,b,c', ',', 2)", 'b'],
    kind: 'scalar',
    sql: (text, separator, place) => `arrayElementOrNull(splitByString(${separator}, ${text}), ${place})`,
  },
  {
    form: 'split_to_map(varchar, constant varchar, constant varchar): map(varchar, varchar)',
    doc: 'Pairs between the first separator, key and value between the second',
    example: ["split_to_map('a=1&b=2', '&', '=')", '{"a":"1","b":"2"}'],
    kind: 'scalar',
    sql: (text, between, within) => {
      const pairs = `arrayFilter(p -> position(p, ${within}) > 0, splitByString(${between}, ifNull(${text}, '')))`;
      const key = `arrayMap(p -> substring(p, 1, position(p, ${within}) - 1), ${pairs})`;
      const value = `arrayMap(p -> substring(p, position(p, ${within}) + length(${within})), ${pairs})`;
      return `mapFromArrays(${key}, ${value})`;
    },
  },
  {
    form: 'concat(varchar...): varchar',
    doc: 'One behind the other; also `a || b`',
    example: ["concat('a', 'b', 'c')", 'abc'],
    kind: 'scalar',
    sql: (...texts) => `concat(${texts.join(', ')})`,
  },
  {
    form: 'trim(varchar): varchar',
    doc: 'Without blanks at both ends',
    example: ["trim('  a ')", 'a'],
    kind: 'scalar',
    sql: (text) => `trimBoth(${text})`,
  },
  {
    form: 'ltrim(varchar): varchar',
    doc: 'Without blanks at the beginning',
    example: ["ltrim('  a ') || '|'", 'a |'],
    kind: 'scalar',
    sql: (text) => `trimLeft(${text})`,
  },
  {
    form: 'rtrim(varchar): varchar',
    doc: 'Without blanks at the end',
    example: ["'|' || rtrim(' a  ')", '| a'],
    kind: 'scalar',
    sql: (text) => `trimRight(${text})`,
  },
  {
    form: 'lpad(varchar, bigint, constant varchar): varchar',
    doc: 'Filled up at the beginning, or cut, to a length of at most 10,000',
    example: ["lpad('7', 3, '0')", '007'],
    kind: 'scalar',
    sql: (text, length, by) => `leftPadUTF8(${text}, least(greatest(${length}, 0), 10000), ${by})`,
  },
  {
    form: 'rpad(varchar, bigint, constant varchar): varchar',
    doc: 'Filled up at the end, or cut, to a length of at most 10,000',
    example: ["rpad('7', 3, '0')", '700'],
    kind: 'scalar',
    sql: (text, length, by) => `rightPadUTF8(${text}, least(greatest(${length}, 0), 10000), ${by})`,
  },
  {
    form: 'reverse(varchar): varchar',
    doc: 'From the end to the beginning',
    example: ["reverse('abc')", 'cba'],
    kind: 'scalar',
    sql: (text) => `reverseUTF8(${text})`,
  },
  {
    form: 'starts_with(varchar, varchar): boolean',
    doc: 'Whether the first begins with the second',
    example: ["starts_with('logboom', 'log')", 'true'],
    kind: 'scalar',
    sql: (text, part) => `startsWith(${text}, ${part})`,
  },
  {
    form: 'chr(bigint): varchar',
    doc: 'The character of a number',
    example: ['chr(25903)', '支'],
    kind: 'scalar',
    sql: characterSql,
  },
  {
    form: 'codepoint(varchar): bigint',
    doc: 'The number of a character',
    example: ["codepoint('支')", '25903'],
    kind: 'scalar',
    sql: codepointSql,
  },
  {
    form: 'levenshtein_distance(varchar, varchar): bigint',
    doc: `Changes of one character from the one to the other; NULL for texts of more than ${DISTANCE_LENGTH_MAX} characters`,
    example: ["levenshtein_distance('kitten', 'sitting')", '3'],
    kind: 'scalar',
    sql: distanceSql,
  },
];

/** Both are cut as well: the engine may compute what it does not need. */
function distanceSql(a: string, b: string): string {
  const [short, other] = [a, b].map((text) => `substringUTF8(${text}, 1, ${DISTANCE_LENGTH_MAX + 1})`);
  const isLong = [short, other].map((text) => `lengthUTF8(${text}) > ${DISTANCE_LENGTH_MAX}`).join(' OR ');
  return `if(${isLong}, NULL, toInt64(editDistanceUTF8(${short}, ${other})))`;
}

/** The engine knows bytes: these are the forms of UTF-8, one to four of them. */
function characterSql(code: string): string {
  const rest = (shift: number) => `128 + bitAnd(bitShiftRight(${code}, ${shift}), 63)`;
  const first = (mark: number, shift: number) => `${mark} + bitShiftRight(${code}, ${shift})`;
  const forms = [
    `${code} < 0 OR ${code} > 1114111, NULL`,
    `${code} < 128, char(${code})`,
    `${code} < 2048, char(${first(192, 6)}, ${rest(0)})`,
    `${code} < 65536, char(${first(224, 12)}, ${rest(6)}, ${rest(0)})`,
  ];
  return `multiIf(${forms.join(', ')}, char(${first(240, 18)}, ${rest(12)}, ${rest(6)}, ${rest(0)}))`;
}

function codepointSql(text: string): string {
  const byte = (place: number) => `toInt64(reinterpretAsUInt8(substring(${text}, ${place}, 1)))`;
  const rest = (place: number, shift: number) => `bitShiftLeft(bitAnd(${byte(place)}, 63), ${shift})`;
  const first = (mask: number, shift: number) => `bitShiftLeft(bitAnd(${byte(1)}, ${mask}), ${shift})`;
  const forms = [
    `isNull(${text}) OR ${text} = '', NULL`,
    `${byte(1)} < 128, ${byte(1)}`,
    `${byte(1)} < 224, ${first(31, 6)} + ${rest(2, 0)}`,
    `${byte(1)} < 240, ${first(15, 12)} + ${rest(2, 6)} + ${rest(3, 0)}`,
  ];
  return `multiIf(${forms.join(', ')}, ${first(7, 18)} + ${rest(2, 12)} + ${rest(3, 6)} + ${rest(4, 0)})`;
}
