/** Calls of functions: which row of the table is meant, and what SQL it gives. */
import type { Call, Expression, FrameBound, Order, Window } from './ast.js';
import { coerce } from './cast.js';
import type { Env } from './env.js';
import type { Apply, FunctionRow } from './functions/row.js';
import {
  type Bindings,
  fitCost,
  type Parameter,
  parametersFor,
  type Signature,
  typeOf,
} from './functions/signature.js';
import { isComparison } from './functions/special.js';
import { FUNCTIONS } from './functions/table.js';
import type { Translation, Typed } from './translation.js';
import { isNumeric, printType, type SqlType } from './types.js';

export type Translate = (node: Expression, env: Env) => Typed;

export function translateCall(call: Call, env: Env, translate: Translate): Typed {
  const { translation } = env;
  const kind = FUNCTIONS.get(call.name)?.[0]?.row.kind;
  if (kind === undefined) throw translation.error(call.at, `Function '${call.name}' not registered`);
  if (kind === 'special') {
    if (isComparison(call.name)) return env.aggregate(call);
    throw translation.error(call.at, `'${call.name}' can only be a column of GROUP BY`);
  }
  if (kind === 'aggregate' || kind === 'window') {
    if (call.over !== null) return translateWindow(call, call.over, env, translate);
    if (kind === 'aggregate') return env.aggregate(call);
    throw translation.error(call.at, `Window function '${call.name}' requires an OVER clause`);
  }
  if (call.over !== null || call.filter !== null || call.distinct) {
    throw translation.error(
      call.at,
      `'${call.name}' is not an aggregate function: DISTINCT, FILTER and OVER do not go with it`,
    );
  }
  const { row, args, type } = resolve(call, env, translate);
  return { sql: scalarSql(row, call, args, type, translation), type };
}

/** The call as one of an aggregate function of the engine; `env` is that of the rows which are aggregated. */
export function aggregateCall(call: Call, env: Env, translate: Translate): Typed {
  return applied(call, env, translate, '');
}

function translateWindow(call: Call, over: Window, env: Env, translate: Translate): Typed {
  const { translation } = env;
  if (!env.hasWindows) throw translation.error(call.at, 'OVER can stand in SELECT and ORDER BY only');
  if (call.distinct) throw translation.error(call.at, 'DISTINCT in window function parameters not yet supported');
  const partition = over.partitionBy.map((node) => translate(node, env).sql);
  const parts = [
    ...(partition.length > 0 ? [`PARTITION BY ${partition.join(', ')}`] : []),
    ...(over.orderBy.length > 0 ? [`ORDER BY ${orderSql(over.orderBy, (node) => translate(node, env).sql)}`] : []),
    ...(over.frame ? [`${over.frame.unit} BETWEEN ${boundSql(over.frame.start)} AND ${boundSql(over.frame.end)}`] : []),
  ];
  return applied(call, env, translate, ` OVER (${parts.join(' ')})`);
}

function applied(call: Call, env: Env, translate: Translate, over: string): Typed {
  const { row, args, type } = resolve(call, env, translate);
  if (row.kind !== 'aggregate' && row.kind !== 'window') throw new Error(`${row.form} is not an aggregate function`);
  const filter = call.filter && coerce(translate(call.filter, env), 'boolean', env.translation).sql;
  const apply: Apply = (name, values, parameters = []) => {
    const suffix = `${call.distinct && values.length > 0 ? 'Distinct' : ''}${filter === null ? '' : 'If'}`;
    const given = parameters.length > 0 ? `(${parameters.join(', ')})` : '';
    return `${name}${suffix}${given}(${[...values, ...(filter === null ? [] : [filter])].join(', ')})${over}`;
  };
  return { sql: row.sql(apply, ...args.map(({ sql }) => sql)), type };
}

function boundSql(bound: FrameBound): string {
  if (bound.kind === 'currentRow') return 'CURRENT ROW';
  return `${bound.rows ?? 'UNBOUNDED'} ${bound.kind === 'preceding' ? 'PRECEDING' : 'FOLLOWING'}`;
}

export function orderSql(orderBy: readonly Order[], write: (node: Expression) => string): string {
  return orderBy
    .map(({ expression, descending, nullsFirst }) => {
      return `${write(expression)} ${descending ? 'DESC' : 'ASC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`;
    })
    .join(', ');
}

function scalarSql(
  row: FunctionRow,
  call: Call,
  args: readonly Typed[],
  type: SqlType,
  translation: Translation,
): string {
  if (row.kind === 'scalar') return row.sql(...args.map(({ sql }) => sql));
  if (row.kind !== 'written') throw new Error(`${row.form} is not a scalar function`);
  const refuse = (argument: number, problem: string) =>
    translation.error(call.arguments[argument]?.at ?? call.at, problem);
  return row.sql({ args, type, translation, refuse });
}

interface Resolved {
  readonly row: FunctionRow;
  readonly args: readonly Typed[];
  readonly type: SqlType;
}

/** Takes the row whose parameters the arguments fit with the least change. */
function resolve(call: Call, env: Env, translate: Translate): Resolved {
  const { translation } = env;
  const rows = FUNCTIONS.get(call.name) ?? [];
  const given = call.arguments.map((node) => (node.kind === 'lambda' ? null : translate(node, env)));
  let best: { row: FunctionRow; signature: Signature; parameters: readonly Parameter[]; bindings: Bindings } | null =
    null;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const { row, signature } of rows) {
    const parameters = parametersFor(signature, given.length);
    const bindings: Bindings = new Map();
    const cost = parameters && costOf(parameters, given, bindings);
    if (parameters !== null && cost !== null && cost < bestCost) {
      best = { row, signature, parameters, bindings };
      bestCost = cost;
    }
  }
  if (best === null) {
    const types = given.map((typed) => (typed === null ? 'function' : printType(typed.type))).join(', ');
    const forms = rows.map(({ row }) => row.form.replace(/: .*$/, '')).join(', ');
    throw translation.error(call.at, `Unexpected parameters (${types}) for function ${call.name}. Expected: ${forms}`);
  }
  const { row, signature, parameters, bindings } = best;
  const args = parameters.map((parameter, i) => {
    const node = call.arguments[i];
    const typed = given[i];
    if (parameter.lambda !== null && node?.kind === 'lambda') {
      return translateLambda(node, parameter, bindings, env, translate);
    }
    if (typed === null || typed === undefined) throw new Error('an argument that fits is there');
    if (parameter.isConstant) return constantArgument(typed, parameter, node?.at ?? call.at, translation);
    return coerce(typed, typeOf(parameter.pattern, bindings), translation);
  });
  return { row, args, type: typeOf(signature.result, bindings) };
}

function costOf(parameters: readonly Parameter[], given: readonly (Typed | null)[], bindings: Bindings): number | null {
  let sum = 0;
  for (const [i, { pattern, isConstant, lambda }] of parameters.entries()) {
    const typed = given[i] ?? null;
    if ((lambda !== null) !== (typed === null)) return null;
    if (typed === null) continue;
    if (isConstant && (typed.constant ?? null) === null) return null;
    const cost = fitCost(pattern, typed.type, bindings);
    // A literal is taken as it is: at most, a whole number stands for a fraction.
    if (cost === null || (isConstant && cost > 1)) return null;
    sum += cost;
  }
  return sum;
}

/** Numbers of a literal go as they are: the engine wants them so where it takes no expression. */
function constantArgument(typed: Typed, { range }: Parameter, at: number, translation: Translation): Typed {
  const { constant } = typed;
  const isNumber = isNumeric(typed.type) || typeof typed.type !== 'string';
  if (!isNumber) return typed;
  const numbers = (Array.isArray(constant) ? constant : [constant]).map(Number);
  const [min, max] = range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  // The other way round NaN would pass.
  if (numbers.length === 0 || !numbers.every((number) => number >= min && number <= max)) {
    throw translation.error(at, range === null ? 'a number is expected' : `a number from ${min} to ${max} is expected`);
  }
  return { ...typed, sql: numbers.join(', ') };
}

function translateLambda(
  { at, parameters, body }: Extract<Expression, { kind: 'lambda' }>,
  { lambda, pattern }: Parameter,
  bindings: Bindings,
  env: Env,
  translate: Translate,
): Typed {
  const { translation } = env;
  if (lambda?.length !== parameters.length)
    throw translation.error(at, `a lambda with ${lambda?.length} arguments is expected`);
  const own = new Map(
    parameters.map((name, i): [string, Typed] => {
      const taken = lambda[i];
      if (taken === undefined) throw new Error('both have the same length');
      return [name, { sql: translation.name('l'), type: typeOf(taken, bindings) }];
    }),
  );
  const inner: Env = {
    ...env,
    known: (node) => {
      if (node.kind === 'column' && node.qualifier === null) return own.get(node.name) ?? env.known(node);
      return env.known(node);
    },
  };
  const result = translate(body, inner);
  if (fitCost(pattern, result.type, bindings) === null) {
    throw translation.error(body.at, `the lambda gives ${printType(result.type)}`);
  }
  const names = [...own.values()].map(({ sql }) => sql).join(', ');
  return { sql: `(${names}) -> ${coerce(result, typeOf(pattern, bindings), translation).sql}`, type: result.type };
}
