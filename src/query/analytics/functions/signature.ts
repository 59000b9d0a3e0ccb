/**
 * What a function takes and gives, read from a line as the documentation has it:
 *
 *   split_part(varchar, varchar, bigint): varchar
 *   coalesce(T...): T                                      the last argument once or more
 *   approx_percentile(double, constant double 0..1): double  a literal, of a number the smallest and largest
 *   transform(array(T), T -> U): array(U)                  a lambda; capital letters are any type
 */
import { arrayOf, commonType, implicitCost, mapOf, type ScalarType, type SqlType } from '../types.js';

export type Pattern =
  | { readonly kind: 'scalar'; readonly type: ScalarType }
  | { readonly kind: 'any'; readonly letter: string }
  | { readonly kind: 'array'; readonly item: Pattern }
  | { readonly kind: 'map'; readonly key: Pattern; readonly value: Pattern };

export interface Parameter {
  readonly pattern: Pattern;
  readonly isConstant: boolean;
  /** Of a literal number, or of the items of a literal array. */
  readonly range: readonly [min: number, max: number] | null;
  /** Of a lambda: what it takes; `pattern` is what it gives. */
  readonly lambda: readonly Pattern[] | null;
}

export interface Signature {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** The last parameter may be repeated. */
  readonly isVariadic: boolean;
  readonly result: Pattern;
}

/** What letters stand for. */
export type Bindings = Map<string, SqlType>;

export function readSignature(form: string): Signature {
  const [, name = '', inside = '', result = ''] = /^(\w+)\((.*)\): (.+)$/.exec(form) ?? [];
  const isVariadic = inside.endsWith('...');
  const parameters = splitList(inside.replace(/\.\.\.$/, '')).map(readParameter);
  return { name, parameters, isVariadic, result: readPattern(result) };
}

function readParameter(text: string): Parameter {
  const isConstant = text.startsWith('constant ');
  const [, min, max] = / (-?\d+)\.\.(\d+)$/.exec(text) ?? [];
  const range = min === undefined ? null : ([Number(min), Number(max)] as const);
  const [taken, given] = text.replace(/^constant | -?\d+\.\.\d+$/g, '').split(' -> ');
  if (given === undefined) return { pattern: readPattern(taken ?? ''), isConstant, range, lambda: null };
  const lambda = splitList((taken ?? '').replace(/^\((.*)\)$/, '$1')).map(readPattern);
  return { pattern: readPattern(given), isConstant, range, lambda };
}

function readPattern(text: string): Pattern {
  if (/^[A-Z]$/.test(text)) return { kind: 'any', letter: text };
  const [, outer, inside] = /^(array|map)\((.*)\)$/.exec(text) ?? [];
  const [first = '', second = ''] = splitList(inside ?? '');
  if (outer === 'array') return { kind: 'array', item: readPattern(first) };
  if (outer === 'map') return { kind: 'map', key: readPattern(first), value: readPattern(second) };
  const type = SCALARS.find((name) => name === text);
  if (type === undefined) throw new Error(`no such type in the table of functions: ${text}`);
  return { kind: 'scalar', type };
}

const SCALARS: readonly ScalarType[] = [
  'boolean',
  'bigint',
  'double',
  'varchar',
  'json',
  'timestamp',
  'timestamp with time zone',
  'date',
  'interval day to second',
];

/** Splits at commas that are not in brackets. */
function splitList(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    else if ((char === ',' && depth === 0) || char === '') {
      const part = text.slice(from, at).trim();
      if (part !== '') parts.push(part);
      from = at + 1;
    }
  }
  return parts;
}

/** The parameters for so many arguments; null if the function does not take so many. */
export function parametersFor({ parameters, isVariadic }: Signature, count: number): readonly Parameter[] | null {
  const last = parameters.at(-1);
  if (!isVariadic || last === undefined) return parameters.length === count ? parameters : null;
  if (count < parameters.length) return null;
  return [...parameters, ...Array.from({ length: count - parameters.length }, () => last)];
}

/**
 * How far a value of this type has to be changed to fit; null if it does not. Letters that are met for the first time, or
 * that have to become wider, are written into `bindings`.
 */
export function fitCost(pattern: Pattern, type: SqlType, bindings: Bindings): number | null {
  switch (pattern.kind) {
    case 'scalar':
      return implicitCost(type, pattern.type);
    case 'any': {
      const bound = bindings.get(pattern.letter);
      const common = bound === undefined ? type : commonType(bound, type);
      if (common === null) return null;
      bindings.set(pattern.letter, common);
      return 0;
    }
    case 'array':
      if (type === 'unknown') return 0;
      if (typeof type === 'string' || type.kind !== 'array') return null;
      return fitCost(pattern.item, type.item, bindings);
    case 'map': {
      if (type === 'unknown') return 0;
      if (typeof type === 'string' || type.kind !== 'map') return null;
      const key = fitCost(pattern.key, type.key, bindings);
      const value = fitCost(pattern.value, type.value, bindings);
      return key === null || value === null ? null : key + value;
    }
  }
}

export function typeOf(pattern: Pattern, bindings: Bindings): SqlType {
  switch (pattern.kind) {
    case 'scalar':
      return pattern.type;
    case 'any':
      return bindings.get(pattern.letter) ?? 'unknown';
    case 'array':
      return arrayOf(typeOf(pattern.item, bindings));
    case 'map':
      return mapOf(typeOf(pattern.key, bindings), typeOf(pattern.value, bindings));
  }
}
