/** Regular expressions: those of RE2, which take time in proportion to the text whatever the pattern. */
import type { FunctionRow, WrittenCall } from './row.js';

/** Look-around, possessive and back references: what other engines have and RE2 has not. */
const BEYOND_RE2 = /\(\?<?[=!]|\(\?>|\\[1-9]|\\k</;

/** The pattern as a placeholder. What is wrong with it otherwise the store will say. */
function patternOf({ args, refuse, translation }: WrittenCall): string {
  const pattern = String(args[1]?.constant);
  if (BEYOND_RE2.test(pattern.replaceAll('\\\\', ''))) {
    throw refuse(1, 'regular expressions are those of RE2, without look-around and back references');
  }
  return translation.bind(pattern);
}

function textOf({ args }: WrittenCall): string {
  return args[0]?.sql ?? 'NULL';
}

export const REGEXPS: readonly FunctionRow[] = [
  {
    form: 'regexp_like(varchar, constant varchar): boolean',
    doc: 'Whether the pattern is found anywhere in it',
    example: ["regexp_like('TypeError: x', '^[A-Z]\\w+Error')", 'true'],
    kind: 'written',
    sql: (call) => `match(${textOf(call)}, ${patternOf(call)})`,
  },
  {
    form: 'regexp_extract(varchar, constant varchar): varchar',
    doc: 'What the pattern finds first; NULL if nothing',
    example: ["regexp_extract('v2.14.3', '\\d+\\.\\d+')", '2.14'],
    kind: 'written',
    sql: (call) => group(call, 0),
  },
  {
    form: 'regexp_extract(varchar, constant varchar, constant bigint): varchar',
    doc: 'What the n-th group in brackets finds first',
    example: ["regexp_extract('v2.14.3', '(\\d+)\\.(\\d+)', 2)", '14'],
    kind: 'written',
    sql: (call) => group(call, Number(call.args[2]?.constant)),
  },
  {
    form: 'regexp_extract_all(varchar, constant varchar): array(varchar)',
    doc: 'Everything the pattern finds',
    example: ["regexp_extract_all('a1b22', '\\d+')", '["1","22"]'],
    kind: 'written',
    sql: (call) => groups(call, 0),
  },
  {
    form: 'regexp_extract_all(varchar, constant varchar, constant bigint): array(varchar)',
    doc: 'Everything the n-th group finds',
    example: ["regexp_extract_all('a1b22', '([a-z])(\\d+)', 1)", '["a","b"]'],
    kind: 'written',
    sql: (call) => groups(call, Number(call.args[2]?.constant)),
  },
  {
    form: 'regexp_replace(varchar, constant varchar): varchar',
    doc: 'Without anything the pattern finds',
    example: ["regexp_replace('/user/123', '\\d+')", '/user/'],
    kind: 'written',
    sql: (call) => `replaceRegexpAll(${textOf(call)}, ${patternOf(call)}, '')`,
  },
  {
    form: 'regexp_replace(varchar, constant varchar, constant varchar): varchar',
    doc: 'With something else for it; `$1` is what the first group found',
    example: ["regexp_replace('2021-01', '(\\d+)-(\\d+)', '$2/$1')", '01/2021'],
    kind: 'written',
    sql: (call) => {
      const by = String(call.args[2]?.constant)
        .replaceAll('\\', '\\\\')
        .replace(/\$(\d)/g, '\\$1');
      return `replaceRegexpAll(${textOf(call)}, ${patternOf(call)}, ${call.translation.bind(by)})`;
    },
  },
  {
    form: 'regexp_split(varchar, constant varchar): array(varchar)',
    doc: 'The parts between what the pattern finds',
    example: ["regexp_split('a1b22c', '\\d+')", '["a","b","c"]'],
    kind: 'written',
    sql: (call) => `splitByRegexp(${patternOf(call)}, ${textOf(call)})`,
  },
];

/** All groups of all matches. The whole pattern is made a group as well: the engine has none otherwise, or leaves it out. */
function matchesOf(call: WrittenCall, number: number): string {
  const pattern = patternOf(call);
  const groupCount = [
    ...String(call.args[1]?.constant).matchAll(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\((?!\?(?!P?<))/g),
  ];
  const known = groupCount.filter(([found]) => found.startsWith('(')).length;
  if (!Number.isInteger(number) || number < 0 || number > known) {
    throw call.refuse(2, `Pattern has ${known} groups. Cannot access group ${number}`);
  }
  return `extractAllGroupsVertical(ifNull(${textOf(call)}, ''), concat('(', ${pattern}, ')'))`;
}

function group(call: WrittenCall, number: number): string {
  return `arrayElementOrNull(arrayElement(${matchesOf(call, number)}, 1), ${number + 1})`;
}

function groups(call: WrittenCall, number: number): string {
  const name = call.translation.name('m');
  return `arrayMap(${name} -> ${name}[${number + 1}], ${matchesOf(call, number)})`;
}
