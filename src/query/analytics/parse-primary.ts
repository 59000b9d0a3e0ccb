/** Expressions that begin with a word of their own (CASE, CAST, INTERVAL, …), and calls of functions. */
import {
  callOf,
  type Expression,
  type Frame,
  type FrameBound,
  INTERVAL_UNITS,
  type Order,
  type Query,
  type Window,
} from './ast.js';
import { parseType } from './parse-type.js';
import type { TokenStream } from './token-stream.js';

/** What the parts of the grammar know of each other. */
export interface Parsing {
  readonly stream: TokenStream;
  /** Reads a whole query, as in brackets. */
  readonly query: () => Query;
  /** Reads an expression of any kind. */
  readonly expression: () => Expression;
  /** Reads one without predicates, AND and OR at its top. */
  readonly value: () => Expression;
  /** Reads one without any operator at its top. */
  readonly primary: () => Expression;
}

/** Functions that are called without brackets. */
const BARE_CALLS = new Set(['current_date', 'current_timestamp', 'localtimestamp']);

/** `word` is the next token's, in small letters. Null if it has no meaning of its own here. */
export function parseWordExpression(parsing: Parsing, word: string): Expression | null {
  const { stream } = parsing;
  const { at } = stream;
  const isCall = stream.isSymbol('(', 1);
  if (word === 'null' || word === 'true' || word === 'false') {
    stream.take();
    return { kind: 'literal', at, value: word === 'null' ? null : word === 'true' };
  }
  if (word === 'case') return parseCase(parsing);
  if (BARE_CALLS.has(word) && !isCall) {
    stream.take();
    return callOf(word, at, []);
  }
  if (word === 'interval' && !isCall) return parseInterval(parsing);
  if ((word === 'date' || word === 'timestamp') && stream.peek(1).kind === 'string') {
    stream.take();
    return { kind: 'cast', at, operand: parsing.primary(), type: word, safe: false };
  }
  if (word === 'array' && stream.isSymbol('[', 1)) return parseArray(parsing);
  if (!isCall) return null;
  if (word === 'cast' || word === 'try_cast') return parseCast(parsing, word === 'try_cast');
  if (word === 'extract') return parseExtract(parsing);
  if (word === 'position') return parsePosition(parsing);
  if (word === 'exists') {
    stream.take();
    stream.expectSymbol('(');
    const query = parsing.query();
    stream.expectSymbol(')');
    return { kind: 'exists', at, query };
  }
  return null;
}

function parseCase(parsing: Parsing): Expression {
  const { stream } = parsing;
  const { at } = stream;
  stream.expectWord('case');
  const operand = stream.isWord('when') ? null : parsing.expression();
  const branches: { condition: Expression; result: Expression }[] = [];
  while (stream.acceptWords('when')) {
    const condition = parsing.expression();
    stream.expectWord('then');
    branches.push({ condition, result: parsing.expression() });
  }
  if (branches.length === 0) throw stream.unexpected('WHEN');
  const otherwise = stream.acceptWords('else') ? parsing.expression() : null;
  stream.expectWord('end');
  return { kind: 'case', at, operand, branches, otherwise };
}

/** `INTERVAL '-1' DAY`; the quotes may be left out. */
function parseInterval(parsing: Parsing): Expression {
  const { stream } = parsing;
  const { at } = stream;
  stream.expectWord('interval');
  const isOutsideNegative = stream.acceptSymbol('-');
  const amount = stream.take();
  const text = amount.kind === 'string' ? amount.text : amount.kind === 'integer' ? String(amount.value) : '';
  if (!/^[+-]?\d{1,9}$/.test(text)) throw stream.error("mismatched input, expecting a whole number in ''", amount.at);
  const unit = INTERVAL_UNITS.find((name) => stream.acceptWords(name));
  if (unit === undefined) throw stream.unexpected(INTERVAL_UNITS.join(', ').toUpperCase());
  return { kind: 'interval', at, value: isOutsideNegative ? -Number(text) : Number(text), unit };
}

function parseArray(parsing: Parsing): Expression {
  const { stream } = parsing;
  const { at } = stream;
  stream.take();
  stream.expectSymbol('[');
  const items = stream.isSymbol(']') ? [] : stream.list(() => parsing.expression());
  stream.expectSymbol(']');
  return { kind: 'array', at, items };
}

function parseCast(parsing: Parsing, safe: boolean): Expression {
  const { stream } = parsing;
  const { at } = stream;
  stream.take();
  stream.expectSymbol('(');
  const operand = parsing.expression();
  stream.expectWord('as');
  const type = parseType(stream);
  stream.expectSymbol(')');
  return { kind: 'cast', at, operand, type, safe };
}

/** `EXTRACT(hour FROM x)` is `hour(x)`. */
function parseExtract(parsing: Parsing): Expression {
  const { stream } = parsing;
  const { at } = stream;
  stream.take();
  stream.expectSymbol('(');
  const unit = stream.expectName('a unit of time').toLowerCase();
  stream.expectWord('from');
  const operand = parsing.expression();
  stream.expectSymbol(')');
  return callOf(unit, at, [operand]);
}

/** `POSITION(a IN b)` is `strpos(b, a)`. */
function parsePosition(parsing: Parsing): Expression {
  const { stream } = parsing;
  const { at } = stream;
  stream.take();
  stream.expectSymbol('(');
  const part = parsing.value();
  stream.expectWord('in');
  const whole = parsing.expression();
  stream.expectSymbol(')');
  return callOf('strpos', at, [whole, part]);
}

/** `name(…)`, and what may stand behind it: FILTER and OVER. */
export function parseCall(parsing: Parsing): Expression {
  const { stream } = parsing;
  const { at } = stream;
  const name = stream.expectName('a function').toLowerCase();
  stream.expectSymbol('(');
  const distinct = stream.acceptWords('distinct');
  const isAll = name === 'count' && stream.acceptSymbol('*');
  const isEmpty = isAll || (!distinct && stream.isSymbol(')'));
  const args = isEmpty ? [] : stream.list(() => parseArgument(parsing));
  stream.expectSymbol(')');
  let filter: Expression | null = null;
  if (stream.isWord('filter') && stream.isSymbol('(', 1)) {
    stream.take();
    stream.expectSymbol('(');
    stream.expectWord('where');
    filter = parsing.expression();
    stream.expectSymbol(')');
  }
  const over = stream.acceptWords('over') ? parseWindow(parsing) : null;
  return { kind: 'call', at, name, arguments: args, distinct, filter, over };
}

/** An expression or a lambda: `x -> …`, `(x, y) -> …`. */
function parseArgument(parsing: Parsing): Expression {
  const { stream } = parsing;
  const { at } = stream;
  if (stream.isName() && stream.isSymbol('->', 1)) return parseLambda(parsing, at, [stream.expectName('a name')]);
  if (stream.isSymbol('(')) {
    let ahead = 1;
    while (stream.isName(ahead) && stream.isSymbol(',', ahead + 1)) ahead += 2;
    if (stream.isName(ahead) && stream.isSymbol(')', ahead + 1) && stream.isSymbol('->', ahead + 2)) {
      stream.expectSymbol('(');
      const parameters = stream.list(() => stream.expectName('a name'));
      stream.expectSymbol(')');
      return parseLambda(parsing, at, parameters);
    }
  }
  return parsing.expression();
}

function parseLambda(parsing: Parsing, at: number, parameters: readonly string[]): Expression {
  parsing.stream.expectSymbol('->');
  return { kind: 'lambda', at, parameters, body: parsing.expression() };
}

function parseWindow(parsing: Parsing): Window {
  const { stream } = parsing;
  stream.expectSymbol('(');
  const partitionBy = stream.acceptWords('partition', 'by') ? stream.list(() => parsing.expression()) : [];
  const orderBy = parseOrderBy(parsing);
  const frame = parseFrame(parsing);
  stream.expectSymbol(')');
  return { partitionBy, orderBy, frame };
}

function parseFrame({ stream }: Parsing): Frame | null {
  const unit = stream.acceptWords('rows') ? 'ROWS' : stream.acceptWords('range') ? 'RANGE' : null;
  if (unit === null) return null;
  const readBound = (): FrameBound => {
    if (stream.acceptWords('current', 'row')) return { kind: 'currentRow' };
    let rows: number | null = null;
    if (!stream.acceptWords('unbounded')) {
      const token = stream.take();
      if (token.kind !== 'integer' || token.value > 1_000_000n) {
        throw stream.error('mismatched input, expecting UNBOUNDED, CURRENT ROW or a number of rows', token.at);
      }
      rows = Number(token.value);
    }
    if (stream.acceptWords('preceding')) return { kind: 'preceding', rows };
    stream.expectWord('following');
    return { kind: 'following', rows };
  };
  if (!stream.acceptWords('between')) return { unit, start: readBound(), end: { kind: 'currentRow' } };
  const start = readBound();
  stream.expectWord('and');
  return { unit, start, end: readBound() };
}

/** `ORDER BY …`, or nothing. */
export function parseOrderBy(parsing: Parsing): Order[] {
  const { stream } = parsing;
  if (!stream.acceptWords('order', 'by')) return [];
  return stream.list(() => {
    const expression = parsing.expression();
    const descending = stream.acceptWords('desc');
    if (!descending) stream.acceptWords('asc');
    const nullsFirst = stream.acceptWords('nulls', 'first');
    if (!nullsFirst) stream.acceptWords('nulls', 'last');
    return { expression, descending, nullsFirst };
  });
}
