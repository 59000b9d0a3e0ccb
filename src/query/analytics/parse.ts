/**
 * The analytic half of a query becomes a tree.
 *
 *   query  := [ WITH name [columns] AS "(" query ")", … ] body [ ORDER BY … ] [ LIMIT n | LIMIT offset "," n ]
 *   body   := part { UNION [ ALL | DISTINCT ] part }
 *   part   := select | "(" query ")"
 *   select := SELECT [ DISTINCT ] items [ FROM from ] [ WHERE … ] [ GROUP BY … ] [ HAVING … ]
 */
import type { Alias, Body, CommonTable, From, Item, Join, Limit, Query } from './ast.js';
import { parseExpression, parsePrimary, parseValue } from './parse-expression.js';
import { type Parsing, parseOrderBy } from './parse-primary.js';
import { TokenStream } from './token-stream.js';

/** Reads `text` from `start` on, up to its end. Throws AnalyticsError. */
export function parseAnalytics(text: string, start = 0): Query {
  const stream = new TokenStream(text, start);
  const parsing: Parsing = {
    stream,
    query: () => stream.nested(() => parseQuery(parsing)),
    expression: () => parseExpression(parsing),
    value: () => parseValue(parsing),
    primary: () => parsePrimary(parsing),
  };
  const query = parsing.query();
  if (stream.peek().kind !== 'end') throw stream.unexpected('<EOF>');
  return query;
}

function parseQuery(parsing: Parsing): Query {
  const { stream } = parsing;
  const tables = stream.acceptWords('with') ? stream.list(() => parseCommonTable(parsing)) : [];
  const body = parseBody(parsing);
  return { with: tables, body, orderBy: parseOrderBy(parsing), limit: parseLimit(stream) };
}

function parseCommonTable(parsing: Parsing): CommonTable {
  const { stream } = parsing;
  const name = stream.expectName('a name');
  const columns = stream.isSymbol('(') ? parseNames(stream) : [];
  stream.expectWord('as');
  return { name, columns, query: parseBracketed(parsing) };
}

function parseBracketed({ stream, query }: Parsing): Query {
  stream.expectSymbol('(');
  const inner = query();
  stream.expectSymbol(')');
  return inner;
}

function parseNames(stream: TokenStream): string[] {
  stream.expectSymbol('(');
  const names = stream.list(() => stream.expectName('a name'));
  stream.expectSymbol(')');
  return names;
}

function parseBody(parsing: Parsing): Body {
  const { stream } = parsing;
  let left = parsePart(parsing);
  for (let count = 1; stream.isWord('union'); count += 1) {
    const { at } = stream;
    if (count > UNIONS_MAX) throw stream.error(`there may be ${UNIONS_MAX} UNIONs in a row, not more`);
    stream.expectWord('union');
    const all = stream.acceptWords('all');
    if (!all) stream.acceptWords('distinct');
    left = { kind: 'union', at, all, left, right: parsePart(parsing) };
  }
  return left;
}

const UNIONS_MAX = 10;

function parsePart(parsing: Parsing): Body {
  const { stream } = parsing;
  if (stream.isSymbol('(')) return { kind: 'query', query: parseBracketed(parsing) };
  stream.expectWord('select');
  const distinct = stream.acceptWords('distinct');
  if (!distinct) stream.acceptWords('all');
  const items = stream.list(() => parseItem(parsing));
  const from = stream.acceptWords('from') ? parseFrom(parsing) : null;
  const where = stream.acceptWords('where') ? parsing.expression() : null;
  const groupBy = stream.acceptWords('group', 'by') ? stream.list(() => parsing.expression()) : [];
  const having = stream.acceptWords('having') ? parsing.expression() : null;
  return { kind: 'select', distinct, items, from, where, groupBy, having };
}

function parseItem(parsing: Parsing): Item {
  const { stream } = parsing;
  const { at } = stream;
  if (stream.acceptSymbol('*')) return { kind: 'all', at, qualifier: null };
  if (stream.isName() && stream.isSymbol('.', 1) && stream.isSymbol('*', 2)) {
    const qualifier = stream.expectName('a table');
    stream.take();
    stream.take();
    return { kind: 'all', at, qualifier };
  }
  const expression = parsing.expression();
  const alias = stream.acceptWords('as') ? stream.expectName('a name') : stream.acceptName();
  return { kind: 'expression', expression, alias };
}

const JOINS_MAX = 10;

/** Tables with commas and JOINs between them; both bind from left to right. */
function parseFrom(parsing: Parsing): From {
  const { stream } = parsing;
  let left = parseTable(parsing);
  for (let count = 1; ; count += 1) {
    const { at } = stream;
    const type = stream.acceptSymbol(',') ? 'CROSS' : acceptJoin(stream);
    if (type === null) return left;
    if (count > JOINS_MAX) throw stream.error(`there may be ${JOINS_MAX} JOINs in a row, not more`);
    const right = parseTable(parsing);
    const isCross = type === 'CROSS';
    const using = !isCross && stream.acceptWords('using') ? parseNames(stream) : [];
    if (!isCross && using.length === 0) stream.expectWord('on');
    const on = isCross || using.length > 0 ? null : parsing.expression();
    left = { kind: 'join', at, type, left, right, on, using };
  }
}

function acceptJoin(stream: TokenStream): Join['type'] | null {
  if (stream.acceptWords('cross', 'join')) return 'CROSS';
  if (stream.acceptWords('inner', 'join') || stream.acceptWords('join')) return 'INNER';
  for (const [word, type] of [
    ['left', 'LEFT'],
    ['right', 'RIGHT'],
    ['full', 'FULL'],
  ] as const) {
    if (stream.acceptWords(word, 'outer', 'join') || stream.acceptWords(word, 'join')) return type;
  }
  return null;
}

function parseTable(parsing: Parsing): From {
  const { stream } = parsing;
  const { at } = stream;
  if (stream.isSymbol('(')) {
    const query = parseBracketed(parsing);
    return { kind: 'subquery', at, query, alias: parseAlias(stream) };
  }
  if (stream.acceptWords('unnest')) {
    stream.expectSymbol('(');
    const expressions = stream.list(() => parsing.expression());
    stream.expectSymbol(')');
    const withOrdinality = stream.acceptWords('with', 'ordinality');
    return { kind: 'unnest', at, expressions, withOrdinality, alias: parseAlias(stream) };
  }
  const name = stream.expectName('log or a sub-query');
  const alias = stream.acceptWords('as') ? stream.expectName('a name') : stream.acceptName();
  return { kind: 'table', at, name, alias };
}

function parseAlias(stream: TokenStream): Alias | null {
  const name = stream.acceptWords('as') ? stream.expectName('a name') : stream.acceptName();
  if (name === null) return null;
  return { name, columns: stream.isSymbol('(') ? parseNames(stream) : [] };
}

function parseLimit(stream: TokenStream): Limit | null {
  const { at } = stream;
  if (!stream.acceptWords('limit')) return null;
  const read = (): number => {
    const token = stream.take();
    if (token.kind !== 'integer') throw stream.error('mismatched input, expecting a whole number', token.at);
    return Number(token.value);
  };
  const first = read();
  return stream.acceptSymbol(',') ? { at, offset: first, count: read() } : { at, offset: null, count: first };
}
