/**
 * What a search means, told without SQL: the oracle that the compiler is held against. It shares nothing with the compiler
 * but the tree and the names of an index, and takes the plainest way: texts are cut into words, and words are compared.
 */
import type { IndexConfig, KeyIndex } from '../../../src/model/index-config.js';
import type { Piece, Query, Range, Scope, Term } from '../../../src/query/search/ast.js';
import { printTerm } from '../../../src/query/search/print.js';

export interface SampleLog {
  readonly topic: string;
  readonly source: string;
  readonly tags: readonly (readonly [name: string, value: string])[];
  readonly fields: readonly (readonly [name: string, value: string])[];
}

/** The index does not allow this search. */
export class Refused extends Error {}

/** Throws Refused, if at all, for every log: what is not reached is asked too. */
export function matches(query: Query, log: SampleLog, index: IndexConfig | null = null): boolean {
  switch (query.kind) {
    case 'all':
      return true;
    case 'and':
      return query.operands.map((operand) => matches(operand, log, index)).every(Boolean);
    case 'or':
      return query.operands.map((operand) => matches(operand, log, index)).some(Boolean);
    case 'not':
      return !matches(query.operand, log, index);
    case 'term':
      return matchesTerm(query, log, index);
  }
}

interface Rules {
  readonly delimiters: string;
  readonly caseSensitive: boolean;
  readonly chn: boolean;
}

const DEFAULTS: Rules = { delimiters: `,'";=()[]{}?@&<>/: \n\t\r`, caseSensitive: false, chn: false };

/** The value of a scope in one log, undefined where it lacks it, and how it is searched. */
type Found =
  | { readonly kind: 'texts'; readonly texts: readonly string[]; readonly rules: Rules }
  | { readonly kind: 'text'; readonly value: string | undefined; readonly rules: Rules; readonly isComparable: boolean }
  | { readonly kind: 'label'; readonly value: string | undefined; readonly isComparable: boolean }
  | { readonly kind: 'number'; readonly type: 'long' | 'double'; readonly value: string | undefined };

function matchesTerm(term: Term, log: SampleLog, index: IndexConfig | null): boolean {
  const { scope, test } = term;
  const found = find(scope, log, index);
  if (test.kind === 'range') return matchesRange(term, test.range, found, log, index);
  if (found === null) throw new Refused('not indexed');
  if (test.kind === 'present') return found.kind !== 'texts' && found.value !== undefined;
  if (test.kind === 'empty') return found.kind !== 'texts' && found.value === '';

  const pieces: readonly Piece[] = test.kind === 'wildcard' ? test.pieces : [{ kind: 'text', text: test.text }];
  switch (found.kind) {
    case 'label':
      return found.value !== undefined && whole(pieces).test(found.value);
    case 'number':
      if (test.kind === 'wildcard' || numberOf(test.text, 'double') === null) throw new Refused('not a number');
      return isWithin({ low: included(test.text), high: included(test.text) }, found.value, found.type);
    case 'text':
    case 'texts': {
      const texts = found.kind === 'texts' ? found.texts : found.value === undefined ? [] : [found.value];
      const wanted = wordsOf(pieces, found.rules);
      if (wanted.length === 0) {
        if (found.kind === 'texts') throw new Refused('no word');
        return texts.some((text) => whole(pieces).test(text));
      }
      const there = texts.map((text) => wordsOf([{ kind: 'text', text }], found.rules));
      return test.kind === 'phrase'
        ? there.some((words) => hasSequence(words.flatMap(single), wanted.flatMap(single)))
        : wanted.every((word) => there.flat().some((other) => word.matches(other)));
    }
  }
}

function matchesRange(
  term: Term,
  range: Range,
  found: Found | null,
  log: SampleLog,
  index: IndexConfig | null,
): boolean {
  if (found?.kind === 'number') return isWithin(range, found.value, found.type);
  if (found !== null && found.kind !== 'texts' && found.isComparable) return isWithin(range, found.value, 'double');
  const words: Query = { kind: 'term', scope: { kind: 'anywhere' }, test: { kind: 'words', text: printTerm(term) } };
  return matches(words, log, index);
}

// Where a scope looks.

function find(scope: Scope, log: SampleLog, index: IndexConfig | null): Found | null {
  switch (scope.kind) {
    case 'anywhere':
      return { kind: 'texts', ...fullText(log, index) };
    case 'topic':
      return label(log.topic, '__topic__', index);
    case 'source':
      return label(log.source, '__source__', index);
    case 'tag':
      return label(valueNamed(log.tags, scope.name), `__tag__:${scope.name}`, index);
    case 'field':
      return field(scope.name, log, index);
  }
}

function label(value: string | undefined, key: string, index: IndexConfig | null): Found {
  const type = keysOf(index).get(key)?.type;
  return type === 'long' || type === 'double'
    ? { kind: 'number', type, value }
    : { kind: 'label', value, isComparable: index === null };
}

function fullText(log: SampleLog, index: IndexConfig | null): { texts: string[]; rules: Rules } {
  const line = index?.line;
  const include = index !== null && line === undefined ? [...keysOf(index).keys()] : (line?.include_keys ?? []);
  const exclude = line?.exclude_keys ?? [];
  const isIn = (key: string) =>
    include.length > 0 || (index !== null && line === undefined) ? include.includes(key) : !exclude.includes(key);
  const texts = [
    ...(isIn('__topic__') ? [log.topic] : []),
    ...(isIn('__source__') ? [log.source] : []),
    ...log.tags.filter(([name]) => isIn(`__tag__:${name}`)).flat(),
    ...log.fields.filter(([name]) => isIn(name)).flat(),
  ];
  return { texts, rules: line === undefined ? DEFAULTS : rulesOf(line, DEFAULTS) };
}

function field(name: string, log: SampleLog, index: IndexConfig | null): Found | null {
  const keys = keysOf(index);
  const parts = name.split('.');
  const own = valueNamed(log.fields, name);
  if (keys.size === 0) {
    const inner = leafOf(valueNamed(log.fields, parts[0] ?? ''), parts.slice(1));
    return { kind: 'text', value: own ?? inner, rules: DEFAULTS, isComparable: index === null };
  }
  const key = keys.get(name);
  if (key !== undefined) return typed(own, key, DEFAULTS);
  if (parts.includes('')) return null;
  for (let length = parts.length - 1; length > 0; length -= 1) {
    const json = keys.get(parts.slice(0, length).join('.'));
    if (json?.type !== 'json') continue;
    const path = parts.slice(length);
    const value = leafOf(valueNamed(log.fields, parts.slice(0, length).join('.')), path);
    const rules = rulesOf(withoutEmptyToken(json), DEFAULTS);
    const leaf = new Map(Object.entries(json.json_keys ?? {})).get(path.join('.'));
    if (leaf !== undefined) return typed(value, leaf, rules);
    if (json['index_all'] !== false) return { kind: 'text', value, rules, isComparable: true };
  }
  return null;
}

function typed(value: string | undefined, key: KeyIndex, others: Rules): Found {
  if (key.type === 'long' || key.type === 'double') return { kind: 'number', type: key.type, value };
  const given = key.type === 'json' ? withoutEmptyToken(key) : key;
  return { kind: 'text', value, rules: rulesOf(given, others), isComparable: false };
}

function withoutEmptyToken(key: KeyIndex): KeyIndex {
  return key.token?.length === 0 ? { ...key, token: undefined } : key;
}

function rulesOf(given: Pick<KeyIndex, 'token' | 'caseSensitive' | 'chn'>, others: Rules): Rules {
  return {
    delimiters: given.token === undefined ? others.delimiters : `${given.token.join('')}\n`,
    caseSensitive: given.caseSensitive ?? others.caseSensitive,
    chn: given.chn ?? others.chn,
  };
}

function keysOf(index: IndexConfig | null): Map<string, KeyIndex> {
  return new Map(Object.entries(index?.keys ?? {}));
}

function valueNamed(entries: SampleLog['fields'], name: string): string | undefined {
  return entries.find(([key]) => key === name)?.[1];
}

/** The text at a path in a value that is JSON. */
function leafOf(json: string | undefined, path: readonly string[]): string | undefined {
  if (json === undefined || path.length === 0 || path.includes('')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  for (const key of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key))
      return undefined;
    value = new Map<string, unknown>(Object.entries(value)).get(key);
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

// Numbers.

function isWithin({ low, high }: Range, value: string | undefined, type: 'long' | 'double'): boolean {
  const number = numberOf(value ?? '', type);
  if (number === null) return false;
  const at = (text: string) =>
    numberOf(text, 'long') !== null && type === 'long' ? BigInt(text.replace('+', '')) : Number(text);
  const isAbove = low === null || (low.isIncluded ? number >= at(low.number) : number > at(low.number));
  const isBelow = high === null || (high.isIncluded ? number <= at(high.number) : number < at(high.number));
  return isAbove && isBelow;
}

function included(number: string) {
  return { number, isIncluded: true };
}

function numberOf(text: string, type: 'long' | 'double'): number | bigint | null {
  if (type === 'long') {
    if (!/^[+-]?\d+$/.test(text)) return null;
    const number = BigInt(text.replace('+', ''));
    return number === BigInt.asIntN(64, number) ? number : null;
  }
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text)) ? Number(text) : null;
}

// Words.

/** A word of a log, or of a search: then with what it matches. */
interface Word {
  readonly text: string;
  /** A run of Han characters, each of which is a word. */
  readonly isHan: boolean;
  matches(other: Word): boolean;
}

function wordsOf(pieces: readonly Piece[], rules: Rules): Word[] {
  // Wildcards as characters that no text has, so that the whole can be cut like a text.
  const marks = { any: '\u{10fffe}', one: '\u{10ffff}' };
  const text = pieces.map((piece) => (piece.kind === 'text' ? piece.text : marks[piece.kind])).join('');
  const delimited = [...text].map((char) => (rules.delimiters.includes(char) ? '\n' : char)).join('');
  const cut = rules.chn
    ? delimited.replace(/[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]+/gu, '\n$&\n')
    : delimited;
  return cut
    .split('\n')
    .filter((word) => word.replaceAll(marks.any, '') !== '')
    .map((word) => {
      const text = rules.caseSensitive ? word : word.toLowerCase();
      const isHan = rules.chn && /^[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u.test(text);
      const pattern = [...text].map((char) => (char === marks.any ? '.*' : char === marks.one ? '.' : escaped(char)));
      const expression = new RegExp(`^${pattern.join('')}$`, 'su');
      return {
        text,
        isHan,
        matches: (other) =>
          isHan ? other.isHan && other.text.includes(text) : !other.isHan && expression.test(other.text),
      };
    });
}

/** Each Han character on its own. */
function single(word: Word): string[] {
  return word.isHan ? [...word.text] : [word.text];
}

function hasSequence(words: readonly string[], wanted: readonly string[]): boolean {
  return words.some((_, start) => wanted.every((word, i) => words[start + i] === word));
}

/** Matches a value as a whole. */
function whole(pieces: readonly Piece[]): RegExp {
  const pattern = pieces.map((piece) =>
    piece.kind === 'text' ? [...piece.text].map(escaped).join('') : piece.kind === 'any' ? '.*' : '.',
  );
  return new RegExp(`^${pattern.join('')}$`, 'su');
}

function escaped(char: string): string {
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
}
