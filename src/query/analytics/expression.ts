/** An expression of the tree as one of the store's SQL, with its type. What does not fit together is refused here. */
import type { BinaryOperator, Expression, IntervalUnit } from './ast.js';
import { translateCall } from './call.js';
import { castSql, coerce } from './cast.js';
import type { Env } from './env.js';
import { numberSql, type Translation, type Typed } from './translation.js';
import {
  arrayOf,
  commonType,
  comparableType,
  implicitCost,
  isNumeric,
  isTime,
  printType,
  type SqlType,
} from './types.js';

/** Throws AnalyticsError. */
export function translate(node: Expression, env: Env): Typed {
  const { translation } = env;
  const known = env.known(node);
  if (known !== null) return known;
  switch (node.kind) {
    case 'literal':
      return translateLiteral(node.value, translation);
    case 'column':
      return env.column(node);
    case 'unary':
      return node.operator === 'not'
        ? { sql: `(NOT ${condition(node.operand, env)})`, type: 'boolean' }
        : negative(translate(node.operand, env), node, env);
    case 'binary':
      return translateBinary(node.operator, node, env);
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
      return translateInterval(node.value, node.unit);
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

function translateLiteral(value: bigint | number | string | boolean | null, { bind }: Translation): Typed {
  if (value === null) return { sql: 'NULL', type: 'unknown', constant: value };
  if (typeof value === 'boolean') return { sql: String(value), type: 'boolean', constant: value };
  if (typeof value === 'string') return { sql: bind(value), type: 'varchar', constant: value };
  return { sql: numberSql(value), type: typeof value === 'bigint' ? 'bigint' : 'double', constant: value };
}

function negative(operand: Typed, node: Expression, env: Env): Typed {
  const { constant } = operand;
  if (typeof constant === 'bigint' || typeof constant === 'number') return translateLiteral(-constant, env.translation);
  if (String(operand.type).startsWith('interval')) return { sql: `(-${operand.sql})`, type: operand.type };
  const number = asNumber(operand);
  if (number === null) throw env.translation.error(node.at, `'-' cannot be applied to ${printType(operand.type)}`);
  return { sql: `(-${coerce(operand, number, env.translation).sql})`, type: number };
}

/** The type under which a value is calculated with: text is a number there. Null if it cannot be. */
function asNumber({ type }: Typed): SqlType | null {
  if (isNumeric(type)) return type;
  return type === 'unknown' || implicitCost(type, 'double') !== null ? 'double' : null;
}

function translateBinary(operator: BinaryOperator, node: Extract<Expression, { kind: 'binary' }>, env: Env): Typed {
  const { translation } = env;
  if (operator === '||') return concatenation(node, env);
  if (operator !== '+' && operator !== '-' && operator !== '*' && operator !== '/' && operator !== '%') {
    const [left, right] = comparable([node.left, node.right], env, operator);
    return { sql: `(${left} ${operator} ${right})`, type: 'boolean' };
  }
  const left = translate(node.left, env);
  const right = translate(node.right, env);
  const ofTime = operator === '+' || operator === '-' ? timeArithmetic(operator, left, right) : null;
  if (ofTime !== null) return ofTime;
  const types = [asNumber(left), asNumber(right)];
  if (types.includes(null)) {
    throw translation.error(
      node.at,
      `'${operator}' cannot be applied to ${printType(left.type)}, ${printType(right.type)}`,
    );
  }
  const type: SqlType = types.every((one) => one === 'bigint') ? 'bigint' : 'double';
  const [a, b] = [coerce(left, type, translation).sql, coerce(right, type, translation).sql];
  if (type === 'double') return { sql: `(${a} ${operator} ${b})`, type };
  // Of whole numbers it is cut, as in Presto, and NULL where the divisor is 0. The engine's own functions with OrNull in their
  // names give 0 for some that are nullable.
  if (operator === '/') return { sql: `intDiv(${a}, nullIf(${b}, 0))`, type };
  if (operator === '%') return { sql: `modulo(${a}, nullIf(${b}, 0))`, type };
  return { sql: `(${a} ${operator} ${b})`, type };
}

/** Text, or arrays of one type. */
function concatenation(node: Extract<Expression, { kind: 'binary' }>, env: Env): Typed {
  const left = translate(node.left, env);
  const right = translate(node.right, env);
  const type = commonType(left.type, right.type);
  if (type !== null && typeof type !== 'string' && type.kind === 'array') {
    const [a, b] = [coerce(left, type, env.translation).sql, coerce(right, type, env.translation).sql];
    return { sql: `arrayConcat(${a}, ${b})`, type };
  }
  return {
    sql: `concat(${fitted(node.left, 'varchar', env)}, ${fitted(node.right, 'varchar', env)})`,
    type: 'varchar',
  };
}

/** Times and intervals; null for anything else. */
function timeArithmetic(operator: '+' | '-', left: Typed, right: Typed): Typed | null {
  if (isTime(left.type) && isTime(right.type) && operator === '-') {
    return { sql: `dateDiff('millisecond', ${right.sql}, ${left.sql})`, type: 'interval day to second' };
  }
  if (operator === '+' && String(left.type).startsWith('interval') && isTime(right.type)) {
    return timeArithmetic('+', right, left);
  }
  if (!isTime(left.type)) return null;
  const amount = operator === '-' ? `-${right.sql}` : right.sql;
  if (right.type === 'interval year to month') return { sql: `addMonths(${left.sql}, ${amount})`, type: left.type };
  if (right.type !== 'interval day to second') return null;
  if (left.type === 'date') return { sql: `addDays(${left.sql}, intDiv(${amount}, 86400000))`, type: 'date' };
  return { sql: `addMilliseconds(${left.sql}, ${amount})`, type: left.type };
}

const INTERVAL_MS: Readonly<Partial<Record<IntervalUnit, number>>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

function translateInterval(value: number, unit: IntervalUnit): Typed {
  const ms = INTERVAL_MS[unit];
  if (ms !== undefined) return { sql: numberSql(BigInt(value) * BigInt(ms)), type: 'interval day to second' };
  return { sql: numberSql(BigInt(unit === 'year' ? value * 12 : value)), type: 'interval year to month' };
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

/** The engine's LIKE knows no other escape than a backslash, so that a literal pattern is rewritten to that. */
function translateLike({ at, operand, pattern, escape: by }: Extract<Expression, { kind: 'like' }>, env: Env): Typed {
  const { translation } = env;
  const text = fitted(operand, 'varchar', env);
  const like = translate(pattern, env);
  const mark = by === null ? '' : translate(by, env).constant;
  if (typeof mark !== 'string' || [...mark].length > 1) {
    throw translation.error(by?.at ?? at, 'Escape string must be a single character');
  }
  if (typeof like.constant !== 'string') {
    if (mark !== '') throw translation.error(at, 'ESCAPE needs a pattern that is a literal');
    const escaped = `replaceAll(${coerce(like, 'varchar', translation).sql}, '\\\\', '\\\\\\\\')`;
    return { sql: `like(${text}, ${escaped})`, type: 'boolean' };
  }
  let written = '';
  const characters = [...like.constant];
  for (let i = 0; i < characters.length; i += 1) {
    const character = characters[i] ?? '';
    if (character === mark) {
      i += 1;
      const next = characters[i] ?? '';
      if (next !== '%' && next !== '_' && next !== mark) {
        throw translation.error(
          pattern.at,
          `Escape character must be followed by '%', '_' or the escape character itself`,
        );
      }
      written += next === '\\' || next === '%' || next === '_' ? `\\${next}` : next;
    } else {
      written += character === '\\' ? '\\\\' : character;
    }
  }
  return { sql: `like(${text}, ${translation.bind(written)})`, type: 'boolean' };
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
