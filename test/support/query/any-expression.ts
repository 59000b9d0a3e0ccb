/** Random expressions of SQL, and their text. */
import fc from 'fast-check';
import { type Comparison, callOf, type Expression } from '../../../src/query/analytics/ast.js';

/** Small, so that products of a few stay within 64 bits. */
const NUMBERS = [0n, 1n, 2n, 3n, 7n, -1n, -5n, 60n];
const TEXTS = ['', 'a', 'b', 'ab', "it's", 'ä'];
const COMPARISONS: readonly Comparison[] = ['=', '<>', '<', '<=', '>', '>='];

type Kind = 'number' | 'text' | 'truth';
const at = 0;

const leaf = (kind: Kind): fc.Arbitrary<Expression> => {
  const literal = (value: bigint | string | boolean | null): Expression => {
    // As it is written: a negative number is the negation of one.
    if (typeof value !== 'bigint' || value >= 0n) return { kind: 'literal', at, value };
    return { kind: 'unary', at, operator: '-', operand: { kind: 'literal', at, value: -value } };
  };
  const column = (name: string): Expression => ({ kind: 'column', at, qualifier: null, name });
  switch (kind) {
    case 'number':
      return fc.oneof(fc.constantFrom(...NUMBERS).map(literal), fc.constantFrom('n', 'm').map(column));
    case 'text':
      return fc.oneof(fc.constantFrom(...TEXTS).map(literal), fc.constantFrom('s', 't').map(column));
    case 'truth':
      return fc.constantFrom(true, false, null).map(literal);
  }
};

type Level = Readonly<Record<Kind, fc.Arbitrary<Expression>>>;

/** Expressions of at most so many levels, by what kind of value they have. */
export function anyExpression(depth: number): Level {
  if (depth === 0) return { number: leaf('number'), text: leaf('text'), truth: leaf('truth') };
  const inner = anyExpression(depth - 1);
  const number = fc
    .tuple(fc.constantFrom('+', '-', '*', '/', '%'), inner.number, inner.number)
    .map(([operator, left, right]): Expression => ({ kind: 'binary', at, operator, left, right }));
  const text = fc
    .tuple(inner.text, inner.text)
    .map(([left, right]): Expression => ({ kind: 'binary', at, operator: '||', left, right }));
  const of = (kind: Kind, own: fc.Arbitrary<Expression>) => fc.oneof(leaf(kind), own, own, anyChoice(inner, kind));
  return { number: of('number', number), text: of('text', text), truth: of('truth', anyTruth(inner)) };
}

/** What chooses between values of a kind. */
function anyChoice(inner: Level, kind: Kind): fc.Arbitrary<Expression> {
  const value = inner[kind];
  return fc.oneof(
    fc.tuple(inner.truth, value, fc.option(value)).map(([condition, result, otherwise]): Expression => {
      return { kind: 'case', at, operand: null, branches: [{ condition, result }], otherwise };
    }),
    fc.tuple(inner.number, inner.number, value).map(([operand, condition, result]): Expression => {
      return { kind: 'case', at, operand, branches: [{ condition, result }], otherwise: null };
    }),
    fc.tuple(value, value).map((args) => callOf('coalesce', at, args)),
    fc.tuple(value, value).map((args) => callOf('nullif', at, args)),
    fc.tuple(inner.truth, value, value).map((args) => callOf('if', at, args)),
  );
}

function anyTruth(inner: Level): fc.Arbitrary<Expression> {
  const ofEither = (make: (value: fc.Arbitrary<Expression>) => fc.Arbitrary<Expression>) =>
    fc.oneof(make(inner.number), make(inner.text));
  return fc.oneof(
    ofEither((value) =>
      fc
        .tuple(fc.constantFrom(...COMPARISONS), value, value)
        .map(([operator, left, right]): Expression => ({ kind: 'binary', at, operator, left, right })),
    ),
    fc
      .tuple(fc.constantFrom<'and' | 'or'>('and', 'or'), fc.array(inner.truth, { minLength: 2, maxLength: 3 }))
      .map(([operator, operands]): Expression => ({ kind: 'logical', at, operator, operands })),
    inner.truth.map((operand): Expression => ({ kind: 'unary', at, operator: 'not', operand })),
    ofEither((value) => value.map((operand): Expression => ({ kind: 'isNull', at, operand }))),
    fc
      .tuple(inner.number, inner.number, inner.number)
      .map(([operand, low, high]): Expression => ({ kind: 'between', at, operand, low, high })),
    ofEither((value) =>
      fc
        .tuple(value, fc.array(value, { minLength: 1, maxLength: 3 }))
        .map(([operand, list]): Expression => ({ kind: 'in', at, operand, list })),
    ),
  );
}

/** Every operand in brackets. */
export function printExpression(node: Expression): string {
  const inner = (child: Expression) => `(${printExpression(child)})`;
  const list = (children: readonly Expression[]) => children.map(printExpression).join(', ');
  switch (node.kind) {
    case 'literal':
      return typeof node.value === 'string' ? `'${node.value.replaceAll("'", "''")}'` : String(node.value);
    case 'column':
      return `"${node.name.replaceAll('"', '""')}"`;
    case 'unary':
      return `${node.operator} ${inner(node.operand)}`;
    case 'binary':
      return `${inner(node.left)} ${node.operator} ${inner(node.right)}`;
    case 'logical':
      return node.operands.map(inner).join(` ${node.operator} `);
    case 'isNull':
      return `${inner(node.operand)} IS NULL`;
    case 'between':
      return `${inner(node.operand)} BETWEEN ${inner(node.low)} AND ${inner(node.high)}`;
    case 'in':
      return `${inner(node.operand)} IN (${list(node.list)})`;
    case 'case': {
      const branches = node.branches.map(({ condition, result }) => `WHEN ${inner(condition)} THEN ${inner(result)}`);
      const operand = node.operand === null ? '' : ` ${inner(node.operand)}`;
      const otherwise = node.otherwise === null ? '' : ` ELSE ${inner(node.otherwise)}`;
      return `CASE${operand} ${branches.join(' ')}${otherwise} END`;
    }
    case 'call':
      return `${node.name}(${list(node.arguments)})`;
    default:
      throw new Error(`not among the random expressions: ${node.kind}`);
  }
}
