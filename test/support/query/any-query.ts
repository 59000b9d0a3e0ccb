/** Random searches. */
import fc from 'fast-check';
import type { Bound, Piece, Query, Range, Scope, Test } from '../../../src/query/search/ast.js';
import { isNumber } from '../../../src/query/search/number.js';
import { anyText, NAMES, NUMBERS, PATHS } from './any-text.js';

/** What searches are about: names of fields and tags, and what is found in logs. */
export interface Subject {
  readonly names: readonly string[];
  readonly values: readonly (readonly [Scope, string])[];
}

/** Any tree that the parser can return, mostly about this subject. */
export function anyQuery(subject: Subject = { names: NAMES, values: [] }): fc.Arbitrary<Query> {
  return fc.letrec<{ query: Query; operands: Query[] }>((tie) => ({
    query: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      { weight: 12, arbitrary: anyTerm(subject) },
      { weight: 1, arbitrary: fc.constant<Query>({ kind: 'all' }) },
      { weight: 2, arbitrary: tie('operands').map((operands): Query => ({ kind: 'and', operands })) },
      { weight: 2, arbitrary: tie('operands').map((operands): Query => ({ kind: 'or', operands })) },
      { weight: 2, arbitrary: tie('query').map((operand): Query => ({ kind: 'not', operand })) },
    ),
    operands: fc.array(tie('query'), { minLength: 2, maxLength: 3 }),
  })).query;
}

function anyTerm({ names, values }: Subject): fc.Arbitrary<Query> {
  const anyhow = anyScope(names).chain((scope) =>
    anyTermIn(
      scope,
      values.map(([, value]) => value),
    ),
  );
  if (values.length === 0) return anyhow;
  const apt = fc.constantFrom(...values).chain(([scope, value]) => anyTermIn(scope, [value]));
  return fc.oneof({ weight: 3, arbitrary: apt }, { weight: 1, arbitrary: anyhow });
}

/** About these texts and parts of them. */
function anyTermIn(scope: Scope, texts: readonly string[]): fc.Arbitrary<Query> {
  const textTest = anyTextTest(texts.filter(isSome));
  const fieldTest: fc.Arbitrary<Test> = fc.oneof(
    { weight: 5, arbitrary: textTest },
    { weight: 1, arbitrary: fc.constantFrom<Test>({ kind: 'present' }, { kind: 'empty' }) },
    {
      weight: texts.some(isNumber) ? 5 : 1,
      arbitrary: anyRange(texts.filter(isNumber)).map((range): Test => ({ kind: 'range', range })),
    },
  );
  return (scope.kind === 'anywhere' ? textTest : fieldTest).map((test): Query => ({ kind: 'term', scope, test }));
}

function anyScope(names: readonly string[]): fc.Arbitrary<Scope> {
  const name = fc.constantFrom(...names);
  return fc.oneof(
    { weight: 5, arbitrary: fc.constant<Scope>({ kind: 'anywhere' }) },
    { weight: 6, arbitrary: name.map((named): Scope => ({ kind: 'field', name: named })) },
    { weight: 4, arbitrary: fc.constantFrom(...PATHS).map((path): Scope => ({ kind: 'field', name: path })) },
    { weight: 2, arbitrary: fc.constantFrom<Scope>({ kind: 'topic' }, { kind: 'source' }) },
    { weight: 2, arbitrary: name.map((named): Scope => ({ kind: 'tag', name: named })) },
  );
}

function anyTextTest(texts: readonly string[]): fc.Arbitrary<Test> {
  const text = fc.oneof({ weight: 3, arbitrary: anyPart(texts) }, { weight: 1, arbitrary: anyText.filter(isSome) });
  return fc.oneof(
    { weight: 3, arbitrary: text.map((words): Test => ({ kind: 'words', text: words })) },
    { weight: 2, arbitrary: text.map((words): Test => ({ kind: 'phrase', text: words })) },
    { weight: 3, arbitrary: anyPieces(text).map((pieces): Test => ({ kind: 'wildcard', pieces })) },
  );
}

/** A text that occurs, or what is between two places in it. */
function anyPart(texts: readonly string[]): fc.Arbitrary<string> {
  if (texts.length === 0) return anyText.filter(isSome);
  const text = fc.constantFrom(...texts);
  const part = fc.tuple(text, fc.nat(6), fc.integer({ min: 1, max: 10 }));
  return fc.oneof(
    text,
    part.map(([whole, from, length]) => [...whole].slice(from, from + length).join('') || whole),
  );
}

/** A text of which some characters are open, or a quoted one that may go on. */
function anyPieces(text: fc.Arbitrary<string>): fc.Arbitrary<readonly Piece[]> {
  const opened = fc
    .tuple(
      text,
      fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 }),
      fc.constantFrom('*', '?', '*?'),
    )
    .map(([whole, places, signs]) => openCharacters(whole, places, signs));
  const quoted = text.map((whole): Piece[] => [
    { kind: 'text', text: [...whole].slice(0, 20).join('') },
    { kind: 'any' },
  ]);
  return fc.oneof({ weight: 3, arbitrary: opened }, { weight: 1, arbitrary: quoted });
}

/** Of characters that can stand without quotes; places behind the end add to it. */
function openCharacters(text: string, places: readonly number[], signs: string): Piece[] {
  const bare = [...text.replace(/[\s():|<>=[\]*?]/g, '/')].slice(0, 20);
  places.forEach((place, i) => {
    bare[Math.min(place, bare.length)] = signs.charAt(i % signs.length);
  });
  return (
    bare
      .join('')
      .replace(/\*+/g, '*')
      .match(/[*?]|[^*?]+/g) ?? []
  ).map((piece): Piece => {
    if (piece === '*') return { kind: 'any' };
    return piece === '?' ? { kind: 'one' } : { kind: 'text', text: piece };
  });
}

function anyRange(numbers: readonly string[]): fc.Arbitrary<Range> {
  const number = fc.constantFrom(...NUMBERS, ...numbers, ...numbers);
  const bound: fc.Arbitrary<Bound> = fc.record({ number, isIncluded: fc.boolean() });
  return fc.oneof(
    bound.map((low): Range => ({ low, high: null })),
    bound.map((high): Range => ({ low: null, high })),
    fc.record({ low: bound, high: bound }),
    number.map((only) => ({ low: { number: only, isIncluded: true }, high: { number: only, isIncluded: true } })),
  );
}

function isSome(text: string): boolean {
  return text !== '';
}
