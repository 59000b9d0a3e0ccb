/** An expression of the tree as one of the store's SQL, with its type. What does not fit together is refused here. */
import type { Expression } from './ast.js';
import { translateCall } from './call.js';
import { castSql, coerce } from './cast.js';
import type { Env } from './env.js';
import { enginePattern } from './like.js';
import { calculate, concatenate, intervalOf, isArithmetic, literal, negative } from './operators.js';
import type { Typed } from './translation.js';
import { arrayOf, commonType, comparableType, implicitCost, printType, type SqlType } from './types.js';

/** Throws AnalyticsError. */
export function translate(node: Expression, env: Env): Typed {
  const typed = env.known(node) ?? translateNode(node, env);
  env.translation.countExpression(typed.sql, node.at);
  return typed;
}

function translateNode(node: Expression, env: Env): Typed {
  const { translation } = env;
  switch (node.kind) {
    case 'literal':
      return literal(node.value, translation);
    case 'column':
      return env.column(node);
    case 'unary':
      return node.operator === 'not'
        ? { sql: `(NOT ${condition(node.operand, env)})`, type: 'boolean' }
        : negative(translate(node.operand, env), node.at, translation);
    case 'binary':
      return translateBinary(node, env);
    case 'logical': {
      const operands = node.operands.map((operand) => condition(operand, env));
      return { sql: `(${operands.join(` ${node.operator.toUpperCase()} `)})`, type: 'boolean' };
    }
    case 'isNull':
      return { sql: `isNull(${translate(node.operand, env).sql})`, type: 'boolean' };
    case 'between': {
      const [operand, low, high] = comparable([node.operand, node.low, node.high], env);
      return { sql: `(${operand} >= ${low} AND ${operand} <= ${high})`, type: 'boolean' };
    }
    case 'in':
      return translateIn(node, env);
    case 'inQuery':
      return translateInQuery(node, env);
    case 'like':
      return translateLike(node, env);
    case 'case':
      return translateCase(node, env);
    case 'cast': {
      const { sql, type } = translate(node.operand, env);
      const cast = castSql(sql, type, node.type, translation);
      if (cast === null) throw translation.error(node.at, `Cannot cast ${printType(type)} to ${printType(node.type)}`);
      return { sql: cast, type: node.type };
    }
    case 'call':
      return translateCall(node, env, translate);
    case 'lambda':
      throw translation.error(node.at, 'a lambda can be an argument of a function only');
    case 'array':
      return translateArray(node, env);
    case 'scalarQuery': {
      const { sql, columns } = env.subquery(node.query);
      const [only] = columns;
      if (only === undefined || columns.length > 1) {
        throw translation.error(node.at, 'a sub-query in an expression must have one column');
      }
      return { sql: `(${sql})`, type: only.type };
    }
    case 'exists':
      return { sql: `((SELECT count() FROM (${env.subquery(node.query).sql})) > 0)`, type: 'boolean' };
    case 'interval':
      return intervalOf(node.value, node.unit);
  }
}

/** `node` as a condition. */
export function condition(node: Expression, env: Env): string {
  return fitted(node, 'boolean', env);
}

/** `node` as SQL of this type. */
function fitted(node: Expression, type: SqlType, env: Env): string {
  const typed = translate(node, env);
  if (implicitCost(typed.type, type) === null) {
    throw env.translation.error(node.at, `${printType(type)} is expected here, this is ${printType(typed.type)}`);
  }
  return coerce(typed, type, env.translation).sql;
}

function translateBinary(node: Extract<Expression, { kind: 'binary' }>, env: Env): Typed {
  const { at, operator, left, right } = node;
  if (operator === '||') return concatenate(translate(left, env), translate(right, env), at, env.translation);
  if (isArithmetic(operator)) {
    return calculate(operator, translate(left, env), translate(right, env), at, env.translation);
  }
  return { sql: `(${comparable([left, right], env, operator).join(` ${operator} `)})`, type: 'boolean' };
}

/** All of these as SQL of one type in which they can be compared. */
function comparable(nodes: readonly Expression[], env: Env, operator = '='): string[] {
  const { translation } = env;
  const values = nodes.map((node) => translate(node, env));
  let type: SqlType = 'unknown';
  for (const [i, value] of values.entries()) {
    const wider = comparableType(type, value.type);
    if (wider === null) {
      const at = nodes[i]?.at ?? 0;
      throw translation.error(at, `'${operator}' cannot be applied to ${printType(type)}, ${printType(value.type)}`);
    }
    type = wider;
  }
  return values.map((value) => coerce(value, type, translation).sql);
}

/** Literals make a set of the engine; it would take no other values, and has rules of its own for NULL among them. */
function translateIn({ operand, list }: Extract<Expression, { kind: 'in' }>, env: Env): Typed {
  const [value, ...members] = comparable([operand, ...list], env);
  const isLiteral = (node: Expression | undefined) => node?.kind === 'literal' && node.value !== null;
  const literals = members.filter((_, i) => isLiteral(list[i]));
  const others = members.filter((_, i) => !isLiteral(list[i]));
  const set = literals.length > 0 ? [`${value} IN (${literals.join(', ')})`] : [];
  return { sql: `(${[...set, ...others.map((member) => `${value} = ${member}`)].join(' OR ')})`, type: 'boolean' };
}

function translateInQuery({ at, operand, query }: Extract<Expression, { kind: 'inQuery' }>, env: Env): Typed {
  const { translation } = env;
  const value = translate(operand, env);
  const { sql, columns } = env.subquery(query);
  const [only] = columns;
  if (only === undefined || columns.length > 1)
    throw translation.error(at, 'a sub-query behind IN must have one column');
  const type = comparableType(value.type, only.type);
  if (type === null) {
    throw translation.error(at, `'IN' cannot be applied to ${printType(value.type)}, ${printType(only.type)}`);
  }
  const inner = coerce(only, type, translation).sql;
  return { sql: `(${coerce(value, type, translation).sql} IN (SELECT ${inner} FROM (${sql})))`, type: 'boolean' };
}

function translateLike({ at, operand, pattern, escape: by }: Extract<Expression, { kind: 'like' }>, env: Env): Typed {
  const { translation } = env;
  const text = fitted(operand, 'varchar', env);
  const like = translate(pattern, env);
  const mark = by === null ? '' : translate(by, env).constant;
  if (typeof mark !== 'string' || [...mark].length > 1) {
    throw translation.error(by?.at ?? at, 'Escape string must be a single character');
  }
  if (typeof like.constant === 'string') {
    const engine = enginePattern(like.constant, mark);
    if (engine !== null) return { sql: `like(${text}, ${translation.bind(engine)})`, type: 'boolean' };
    throw translation.error(pattern.at, "Escape character must be followed by '%', '_' or the escape character itself");
  }
  if (mark !== '') throw translation.error(at, 'ESCAPE needs a pattern that is a literal');
  const escaped = `replaceAll(${coerce(like, 'varchar', translation).sql}, '\\\\', '\\\\\\\\')`;
  return { sql: `like(${text}, ${escaped})`, type: 'boolean' };
}

function translateCase({ at, operand, branches, otherwise }: Extract<Expression, { kind: 'case' }>, env: Env): Typed {
  const { translation } = env;
  const results = [...branches.map(({ result }) => result), ...(otherwise === null ? [] : [otherwise])];
  const values = results.map((result) => translate(result, env));
  let type: SqlType = 'unknown';
  for (const value of values) {
    const wider = commonType(type, value.type);
    if (wider === null) {
      throw translation.error(
        at,
        `All CASE results must be the same type: ${printType(type)}, ${printType(value.type)}`,
      );
    }
    type = wider;
  }
  const sqls = values.map((value) => coerce(value, type, translation).sql);
  const parts = branches.flatMap(({ condition: when }, i) => {
    const test = operand === null ? condition(when, env) : comparable([operand, when], env).join(' = ');
    return [test, sqls[i] ?? 'NULL'];
  });
  const last = otherwise === null ? emptyOf(type) : sqls.at(-1);
  return { sql: `multiIf(${[...parts, last].join(', ')})`, type };
}

/** NULL; the engine has none among its arrays and maps. */
function emptyOf(type: SqlType): string {
  if (typeof type === 'string') return 'NULL';
  return type.kind === 'array' ? '[]' : 'map()';
}

/** Values in one array have no other limit than the length of the text. */
function translateArray({ at, items }: Extract<Expression, { kind: 'array' }>, env: Env): Typed {
  const { translation } = env;
  const values = items.map((item) => translate(item, env));
  let type: SqlType = 'unknown';
  for (const value of values) {
    const wider = commonType(type, value.type);
    if (wider === null) {
      throw translation.error(
        at,
        `All ARRAY elements must be the same type: ${printType(type)}, ${printType(value.type)}`,
      );
    }
    type = wider;
  }
  const sql = `[${values.map((value) => coerce(value, type, translation).sql).join(', ')}]`;
  const constants = values.flatMap(({ constant }) => (constant === undefined ? [] : [constant]));
  if (constants.length < values.length) return { sql, type: arrayOf(type) };
  return { sql, type: arrayOf(type), constant: constants };
}
