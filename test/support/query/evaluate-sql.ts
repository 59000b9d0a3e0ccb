/** What an expression of SQL means, told without SQL: the oracle that the translation is held against. */
import type { Expression } from '../../../src/query/analytics/ast.js';

/** Whole numbers, text, booleans and NULL: doubles are left to the engine. */
export type Value = bigint | string | boolean | null;

export type Row = Readonly<Record<string, Value>>;

/** The expression is one that `anyExpression` made. */
export function evaluate(node: Expression, row: Row): Value {
  const of = (child: Expression): Value => evaluate(child, row);
  switch (node.kind) {
    case 'literal':
      return typeof node.value === 'number' ? null : node.value;
    case 'column':
      return row[node.name] ?? null;
    case 'unary': {
      const value = of(node.operand);
      if (value === null) return null;
      return node.operator === 'not' ? value !== true : -number(value);
    }
    case 'binary':
      return binary(node.operator, of(node.left), of(node.right));
    case 'logical':
      return logical(node.operator === 'and', node.operands.map(of));
    case 'isNull':
      return of(node.operand) === null;
    case 'between': {
      const operand = of(node.operand);
      return logical(true, [binary('>=', operand, of(node.low)), binary('<=', operand, of(node.high))]);
    }
    case 'in': {
      const operand = of(node.operand);
      return logical(
        false,
        node.list.map((member) => binary('=', operand, of(member))),
      );
    }
    case 'case': {
      const { operand, otherwise } = node;
      const found = node.branches.find(({ condition }) =>
        operand === null ? of(condition) === true : binary('=', of(operand), of(condition)) === true,
      );
      if (found !== undefined) return of(found.result);
      return otherwise === null ? null : of(otherwise);
    }
    case 'call':
      return call(node.name, node.arguments.map(of));
    default:
      throw new Error(`the oracle does not know ${node.kind}`);
  }
}

function binary(operator: string, left: Value, right: Value): Value {
  if (left === null || right === null) return null;
  switch (operator) {
    case '=':
      return left === right;
    case '<>':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '||':
      return `${left}${right}`;
    case '+':
      return number(left) + number(right);
    case '-':
      return number(left) - number(right);
    case '*':
      return number(left) * number(right);
    case '/':
      return right === 0n ? null : number(left) / number(right);
    case '%':
      return right === 0n ? null : number(left) % number(right);
    default:
      throw new Error(`the oracle does not know ${operator}`);
  }
}

/** AND and OR of three values: what decides wins, then NULL. */
function logical(isAnd: boolean, values: readonly Value[]): Value {
  if (values.includes(!isAnd)) return !isAnd;
  return values.includes(null) ? null : isAnd;
}

function call(name: string, args: readonly Value[]): Value {
  const [first = null, second = null, third = null] = args;
  switch (name) {
    case 'coalesce':
      return args.find((value) => value !== null) ?? null;
    case 'nullif':
      return first !== null && first === second ? null : first;
    case 'if':
      return first === true ? second : third;
    default:
      throw new Error(`the oracle does not know ${name}`);
  }
}

function number(value: Value): bigint {
  if (typeof value !== 'bigint') throw new Error('the oracle calculates with whole numbers only');
  return value;
}
