/** FROM as a relation: the logs, sub-queries, tables of WITH, JOINs of these, and rows made of arrays. */
import type { Alias, Expression, From, Join, Unnest } from './ast.js';
import { coerce } from './cast.js';
import type { Context } from './context.js';
import type { Env, Subquery } from './env.js';
import { condition, translate } from './expression.js';
import { isLogName, logRelation } from './log-relation.js';
import { type Column, queryRelation, type Relation, retitled, sameName } from './relation.js';
import type { Typed } from './translation.js';
import { arrayOf, comparableType, printType } from './types.js';

/** Throws AnalyticsError. */
export function translateFrom(from: From | null, context: Context): Relation {
  const { translation, logs, secondsBack } = context;
  if (from === null) return logRelation(logs, null, translation, secondsBack);
  switch (from.kind) {
    case 'table': {
      const table = context.tables.get(from.name.toLowerCase());
      if (table !== undefined) return queryRelation(table(context), from.alias ?? from.name, translation.name('t'));
      if (!isLogName(from.name, logs.name)) throw translation.error(from.at, `Table ${from.name} does not exist`);
      return logRelation(logs, from.alias, translation, secondsBack);
    }
    case 'subquery':
      return aliased(context.translate(from.query, context), from.alias, context);
    case 'unnest':
      return unnest(from, null, context);
    case 'join':
      return from.right.kind === 'unnest' && from.type === 'CROSS'
        ? unnest(from.right, translateFrom(from.left, context), context)
        : join(from, context);
  }
}

function aliased(subquery: Subquery, alias: Alias | null, { translation }: Context): Relation {
  return queryRelation(retitled(subquery, alias?.columns ?? []), alias?.name ?? null, translation.name('t'));
}

/** What expressions mean among the rows of a relation, before anything is grouped. */
export function rowsEnv(relation: Relation, context: Context, place: string): Env {
  const { translation } = context;
  return {
    translation,
    known: () => null,
    column: ({ at, qualifier, name }) => {
      const column = findColumn(relation, qualifier, name, at, context);
      return { sql: column.use(), type: column.type };
    },
    aggregate: ({ at, name }) => {
      throw translation.error(at, `${place} cannot contain aggregations or window functions: ${name}`);
    },
    hasWindows: false,
    subquery: (query) => context.translate(query, context),
  };
}

export function findColumn(
  relation: Relation,
  qualifier: string | null,
  name: string,
  at: number,
  { translation }: Context,
): Column {
  const found = relation.find(qualifier, name);
  const known = found.filter(({ isAssumed }) => !isAssumed);
  const [column, another] = known.length > 0 ? known : found;
  const text = qualifier === null ? name : `${qualifier}.${name}`;
  if (column === undefined) throw translation.columnError(at, `Column '${text}' cannot be resolved`);
  if (another !== undefined) throw translation.error(at, `Column '${text}' is ambiguous`);
  return column;
}

/**
 * The sides of an outer join are made nullable, as the engine fills what is missing with zeros and empty texts otherwise.
 * The SQL of each column is its name on its own side, since names are never used twice.
 */
function join({ at, type, left, right, on, using }: Join, context: Context): Relation {
  const sides = [translateFrom(left, context), translateFrom(right, context)] as const;
  const [first, second] = sides;
  const isOuter = [type === 'RIGHT' || type === 'FULL', type === 'LEFT' || type === 'FULL'] as const;
  const [a, b] = [nullable(first, isOuter[0], context), nullable(second, isOuter[1], context)];
  const both: Relation = {
    sql: () => '',
    find: (qualifier, name) => {
      const found = [...a.find(qualifier, name), ...b.find(qualifier, name)];
      // Behind USING there is one column of the name.
      return qualifier === null && using.some((shared) => sameName(shared, name)) ? found.slice(0, 1) : found;
    },
    all: (qualifier, place) => [...a.all(qualifier, place), ...b.all(qualifier, place)],
  };
  const matches = using.map((name) => {
    const pair = [a, b].map((side): Typed => {
      const column = findColumn(side, null, name, at, context);
      return { sql: column.use(), type: column.type };
    });
    return equalSql(pair, at, context);
  });
  if (on !== null) matches.push(condition(on, rowsEnv(both, context, 'JOIN clause')));
  return {
    ...both,
    sql: () => {
      const operator = type === 'CROSS' ? 'CROSS JOIN' : `${type} JOIN`;
      return `${a.sql()} ${operator} ${b.sql()}${matches.length > 0 ? ` ON ${matches.join(' AND ')}` : ''}`;
    },
  };
}

function equalSql([a, b]: readonly Typed[], at: number, { translation }: Context): string {
  const type = a && b && comparableType(a.type, b.type);
  if (!a || !b || !type) throw translation.error(at, `'=' cannot be applied to the columns of USING`);
  return `${coerce(a, type, translation).sql} = ${coerce(b, type, translation).sql}`;
}

/** The relation as a sub-query of its own, whose columns can be NULL if they are those of the side that may be missing. */
function nullable(relation: Relation, canBeMissing: boolean, { translation }: Context): Relation {
  if (!canBeMissing) return relation;
  const used = new Map<string, { name: string; sql: string }>();
  const wrap = (column: Column): Column => {
    const use = () => {
      const inner = column.use();
      // Arrays and maps have no NULL; a missing one is empty.
      const sql = typeof column.type === 'string' ? `toNullable(${inner})` : inner;
      const known = used.get(inner) ?? { name: translation.name('n'), sql };
      used.set(inner, known);
      return known.name;
    };
    return { ...column, use };
  };
  return {
    sql: () => {
      const inner = relation.sql();
      const columns = [...used.values()].map(({ name, sql }) => `${sql} AS ${name}`).join(', ');
      return `(SELECT ${columns || `1 AS ${translation.name('n')}`} FROM ${inner}) AS ${translation.name('t')}`;
    },
    find: (qualifier, name) => relation.find(qualifier, name).map(wrap),
    all: (qualifier, at) => relation.all(qualifier, at).map(wrap),
  };
}

/**
 * A row for each item of the arrays, side by side; those of `left` are repeated. A map is two arrays. In an expression only
 * the columns of `left` can be named.
 */
function unnest({ at, expressions, withOrdinality, alias }: Unnest, left: Relation | null, context: Context): Relation {
  const { translation } = context;
  const nothing: Relation = { sql: () => '', find: () => [], all: () => [] };
  const env = rowsEnv(left ?? nothing, context, 'UNNEST');
  const arrays = expressions.flatMap((node) => arraysOf(node, translate(node, env), context));
  const [first, ...others] = arrays;
  if (first === undefined) throw translation.error(at, 'UNNEST needs an array or a map');
  const row = translation.name('r');
  const numbers = `arrayEnumerate(${first.sql})`;
  const zipped = [...arrays.map(({ sql }) => sql), ...(withOrdinality ? [numbers] : [])].join(', ');
  const types = [first, ...others].map(({ type }) => type);
  const columns = [...types, ...(withOrdinality ? (['bigint'] as const) : [])].map((type, i): Column => {
    const cell = `tupleElement(${row}, ${i + 1})`;
    const sql = typeof type === 'string' ? (type === 'bigint' ? `toInt64(${cell})` : cell) : `assumeNotNull(${cell})`;
    return { title: alias?.columns[i] ?? `_col${i}`, type, use: () => sql, isAssumed: false };
  });
  const isMeant = (qualifier: string | null) => qualifier === null || sameName(qualifier, alias?.name ?? null);
  return {
    sql: () => {
      const rows = `arrayJoin(arrayZipUnaligned(${zipped})) AS ${row}`;
      const name = translation.name('t');
      return left === null ? `(SELECT ${rows}) AS ${name}` : `(SELECT *, ${rows} FROM ${left.sql()}) AS ${name}`;
    },
    find: (qualifier, name) => {
      const own = isMeant(qualifier) ? columns.filter(({ title }) => sameName(title, name)) : [];
      return own.length > 0 ? own : (left?.find(qualifier, name) ?? []);
    },
    all: (qualifier, place) => [...(left?.all(qualifier, place) ?? []), ...(isMeant(qualifier) ? columns : [])],
  };
}

/** The items' types; the arrays are of items that can be NULL. */
function arraysOf(node: Expression, { sql, type }: Typed, { translation }: Context): Typed[] {
  if (typeof type !== 'string') {
    if (type.kind === 'array') return [{ sql, type: type.item }];
    return [
      { sql: `mapKeys(${sql})`, type: type.key },
      { sql: `mapValues(${sql})`, type: type.value },
    ];
  }
  throw translation.error(node.at, `Cannot unnest type: ${printType(type)}, expected ${printType(arrayOf('varchar'))}`);
}
