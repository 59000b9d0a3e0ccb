// Goal: expressions and groups give what a plain evaluation in memory gives, NULLs and all.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { analyse } from '../../../test/support/query/analytics.js';
import { anyExpression, printExpression } from '../../../test/support/query/any-expression.js';
import { type Engine, startEngine } from '../../../test/support/query/engine.js';
import { evaluate, type Row, type Value } from '../../../test/support/query/evaluate-sql.js';
import { keyOf } from './ast.js';
import { parseAnalytics } from './parse.js';

const ROWS: readonly Row[] = [
  { n: 0n, m: 1n, s: 'a', t: 'b' },
  { n: 7n, m: -2n, s: '', t: "it's" },
  { n: -3n, m: null, s: 'ab', t: null },
  { n: null, m: 0n, s: null, t: 'ä' },
  { n: 60n, m: 60n, s: 'b', t: 'b' },
  { n: null, m: null, s: null, t: null },
];
const INDEX = { keys: { n: { type: 'long' }, m: { type: 'long' }, s: { type: 'text' }, t: { type: 'text' } } } as const;
const ASKED = { logstore: 1, index: INDEX };

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
  await engine.insert(
    ROWS.map((row, seq) => ({
      logstore: 1,
      seq,
      timeMs: 1_700_000_000_000 + seq * 1000,
      fields: Object.entries(row).flatMap(([key, value]) => (value === null ? [] : [[key, String(value)] as const])),
    })),
  );
});
afterAll(() => engine.close());

const { number, text, truth } = anyExpression(3);
const anyOfAnyKind = fc.oneof(number, text, truth);
const small = anyExpression(2);

test('what is printed is parsed to an equal tree', () => {
  fc.assert(
    fc.property(anyOfAnyKind, (node) => {
      const { body } = parseAnalytics(`SELECT ${printExpression(node)}`);
      const [item] = body.kind === 'select' ? body.items : [];
      expect(item?.kind === 'expression' ? keyOf(item.expression) : null).toBe(keyOf(node));
    }),
    { numRuns: 1000 },
  );
});

test('random expressions over random rows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyOfAnyKind, { minLength: 25, maxLength: 25 }), async (nodes) => {
      const list = nodes.map(printExpression).join(', ');
      const { rows } = await analyse(engine, `* | SELECT ${list} FROM log ORDER BY __time__`, ASKED);
      const wanted = ROWS.map((row) => nodes.map((node) => String(evaluate(node, row))));
      expect(rows).toEqual(wanted);
    }),
    { numRuns: 12, endOnFailure: true },
  );
});

test('random conditions in WHERE, random keys in GROUP BY', async () => {
  const any = fc.tuple(small.truth, small.number, small.text);
  await fc.assert(
    fc.asyncProperty(any, async ([where, key, other]) => {
      const [condition, by, and] = [where, key, other].map(printExpression);
      const sql = `* | SELECT ${by}, ${and}, count(*), count(n), sum(n), min(n) FROM log WHERE ${condition} GROUP BY 1, 2`;
      const { rows } = await analyse(engine, sql, ASKED);
      const groups = new Map<string, Value[]>();
      for (const row of ROWS.filter((one) => evaluate(where, one) === true)) {
        const name = `${evaluate(key, row)} ${evaluate(other, row)}`;
        groups.set(name, [...(groups.get(name) ?? []), row['n'] ?? null]);
      }
      const wanted = [...groups].map(([name, values]) => {
        const numbers = values.filter((value) => typeof value === 'bigint');
        const sum = numbers.length === 0 ? null : numbers.reduce((a, b) => a + b, 0n);
        const min = numbers.reduce<bigint | null>((a, b) => (a === null || b < a ? b : a), null);
        return `${name} ${values.length} ${numbers.length} ${sum} ${min}`;
      });
      expect(rows.map((row) => row.join(' ')).toSorted()).toEqual(wanted.toSorted());
    }),
    { numRuns: 40, endOnFailure: true },
  );
});
