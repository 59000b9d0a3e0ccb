/**
 * Expressions, from the loosest binding to the closest:
 *
 *   or, and, not, predicates (= < BETWEEN IN LIKE IS), || , + -, * / %, unary -, AT TIME ZONE, [index]
 */
import { type BinaryOperator, type Comparison, callOf, type Expression } from './ast.js';
import { type Parsing, parseCall, parseWordExpression } from './parse-primary.js';

/** Operators of one kind in a row: each makes the tree one node higher. */
const CHAIN_MAX = 50;

const COMPARISONS: readonly Comparison[] = ['=', '<>', '<', '<=', '>', '>='];
const LEVELS: readonly (readonly BinaryOperator[])[] = [['||'], ['+', '-'], ['*', '/', '%']];

/** Throws AnalyticsError. */
export function parseExpression(parsing: Parsing): Expression {
  return parsing.stream.nested(() => parseLogical(parsing, 'or'));
}

function parseLogical(parsing: Parsing, operator: 'or' | 'and'): Expression {
  const { stream } = parsing;
  const { at } = stream;
  const read = () => (operator === 'or' ? parseLogical(parsing, 'and') : parseNot(parsing));
  const first = read();
  const operands = [first];
  while (stream.acceptWords(operator)) operands.push(read());
  return operands.length === 1 ? first : { kind: 'logical', at, operator, operands };
}

function parseNot(parsing: Parsing): Expression {
  const { stream } = parsing;
  const { at } = stream;
  if (!stream.acceptWords('not')) return parsePredicate(parsing);
  return { kind: 'unary', at, operator: 'not', operand: stream.nested(() => parseNot(parsing)) };
}

function parsePredicate(parsing: Parsing): Expression {
  const { stream } = parsing;
  let operand = parseValue(parsing);
  for (let count = 0; ; count += 1) {
    if (count > CHAIN_MAX) throw stream.error(`there may be ${CHAIN_MAX} comparisons in a row, not more`);
    const further = parsePredicateBehind(parsing, operand);
    if (further === null) return operand;
    operand = further;
  }
}

/** Null if no predicate follows. */
function parsePredicateBehind(parsing: Parsing, operand: Expression): Expression | null {
  const { stream } = parsing;
  const { at } = stream;
  const comparison = COMPARISONS.find((symbol) => stream.acceptSymbol(symbol));
  if (comparison !== undefined) {
    return { kind: 'binary', at, operator: comparison, left: operand, right: parseValue(parsing) };
  }
  if (stream.acceptWords('is')) {
    const negated = stream.acceptWords('not');
    stream.expectWord('null');
    return negatedIf(negated, { kind: 'isNull', at, operand });
  }
  const negated = stream.acceptWords('not');
  if (stream.acceptWords('between')) {
    const low = parseValue(parsing);
    stream.expectWord('and');
    return negatedIf(negated, { kind: 'between', at, operand, low, high: parseValue(parsing) });
  }
  if (stream.acceptWords('in')) return negatedIf(negated, parseIn(parsing, at, operand));
  if (stream.acceptWords('like')) {
    const pattern = parseValue(parsing);
    const escapeBy = stream.acceptWords('escape') ? parseValue(parsing) : null;
    return negatedIf(negated, { kind: 'like', at, operand, pattern, escape: escapeBy });
  }
  if (negated) throw stream.unexpected('BETWEEN, IN or LIKE');
  return null;
}

function parseIn(parsing: Parsing, at: number, operand: Expression): Expression {
  const { stream } = parsing;
  stream.expectSymbol('(');
  const isQuery = stream.isWord('select') || stream.isWord('with');
  const found: Expression = isQuery
    ? { kind: 'inQuery', at, operand, query: parsing.query() }
    : { kind: 'in', at, operand, list: stream.list(() => parseExpression(parsing)) };
  stream.expectSymbol(')');
  return found;
}

function negatedIf(negated: boolean, operand: Expression): Expression {
  return negated ? { kind: 'unary', at: operand.at, operator: 'not', operand } : operand;
}

export function parseValue(parsing: Parsing, level = 0): Expression {
  const operators = LEVELS[level];
  if (operators === undefined) return parseUnary(parsing);
  const { stream } = parsing;
  let left = parseValue(parsing, level + 1);
  for (let count = 1; ; count += 1) {
    const { at } = stream;
    const operator = operators.find((symbol) => stream.acceptSymbol(symbol));
    if (operator === undefined) return left;
    if (count > CHAIN_MAX) throw stream.error(`there may be ${CHAIN_MAX} operators in a row, not more`);
    left = { kind: 'binary', at, operator, left, right: parseValue(parsing, level + 1) };
  }
}

function parseUnary(parsing: Parsing): Expression {
  const { stream } = parsing;
  const { at } = stream;
  if (stream.acceptSymbol('+')) return stream.nested(() => parseUnary(parsing));
  if (!stream.acceptSymbol('-')) return parsePostfix(parsing);
  return { kind: 'unary', at, operator: '-', operand: stream.nested(() => parseUnary(parsing)) };
}

function parsePostfix(parsing: Parsing): Expression {
  const { stream } = parsing;
  let operand = parsePrimary(parsing);
  for (let count = 0; ; count += 1) {
    const { at } = stream;
    if (count > CHAIN_MAX) throw stream.error(`there may be ${CHAIN_MAX} of these in a row, not more`);
    if (stream.acceptSymbol('[')) {
      operand = callOf('element_at', at, [operand, parseExpression(parsing)]);
      stream.expectSymbol(']');
    } else if (stream.acceptWords('at', 'time', 'zone')) {
      operand = callOf('at_timezone', at, [operand, parsePrimary(parsing)]);
    } else {
      return operand;
    }
  }
}

export function parsePrimary(parsing: Parsing): Expression {
  const { stream } = parsing;
  const token = stream.peek();
  const { at } = token;
  switch (token.kind) {
    case 'integer':
    case 'decimal':
      stream.take();
      return { kind: 'literal', at, value: token.value };
    case 'string':
      stream.take();
      return { kind: 'literal', at, value: token.text };
    case 'symbol':
      if (token.text === '(') return parseBracket(parsing);
      throw stream.unexpected('an expression');
    case 'word': {
      const special = parseWordExpression(parsing, token.text.toLowerCase());
      if (special !== null) return special;
      return parseNamed(parsing);
    }
    case 'name':
      return parseNamed(parsing);
    case 'end':
      throw stream.unexpected('an expression');
  }
}

function parseBracket(parsing: Parsing): Expression {
  const { stream } = parsing;
  const { at } = stream;
  stream.expectSymbol('(');
  const isQuery = stream.isWord('select') || stream.isWord('with');
  const inner: Expression = isQuery ? { kind: 'scalarQuery', at, query: parsing.query() } : parseExpression(parsing);
  stream.expectSymbol(')');
  return inner;
}

/** A column or a call. */
function parseNamed(parsing: Parsing): Expression {
  const { stream } = parsing;
  const { at } = stream;
  if (stream.isSymbol('(', 1) && stream.peek().kind === 'word') return parseCall(parsing);
  const name = stream.expectName('an expression');
  if (!stream.acceptSymbol('.')) return { kind: 'column', at, qualifier: null, name };
  return { kind: 'column', at, qualifier: name, name: stream.expectName('a column') };
}
