// Goal: every function does what the table says of it, on the real engine.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyse } from '../../../../test/support/query/analytics.js';
import { type Engine, startEngine } from '../../../../test/support/query/engine.js';
import type { FunctionRow } from './row.js';
import { FUNCTIONS, GROUPS } from './table.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.close());

const FROM = "FROM UNNEST(ARRAY[1, 2, 3, 4], ARRAY['a', 'b', 'a', NULL]) AS t (x, y)";

/** Examples of all rows by a query or two: aggregates cannot stand beside the rest. */
async function results(rows: readonly FunctionRow[]): Promise<Map<FunctionRow, string>> {
  const found = new Map<FunctionRow, string>();
  const asked = { logstore: 1, from: 0, to: 7200 };
  for (const row of rows.filter(({ kind }) => kind === 'special')) {
    const answer = await analyse(engine, `* | ${row.example[0]}`, asked);
    found.set(row, answer.rows[0]?.join(' ') ?? 'no row');
  }
  for (const isAggregate of [true, false]) {
    const together = rows.filter(({ kind }) => kind !== 'special' && (kind === 'aggregate') === isAggregate);
    if (together.length === 0) continue;
    const list = together.map(({ example: [expression] }) => expression).join(', ');
    const answer = await analyse(engine, `* | SELECT ${list} ${FROM} LIMIT 1`, asked);
    for (const [i, row] of together.entries()) found.set(row, answer.rows[0]?.[i] ?? 'no row');
  }
  return found;
}

describe.each(GROUPS)('$title', ({ rows }) => {
  let found: Map<FunctionRow, string>;
  beforeAll(async () => {
    found = await results(rows);
  });
  test.each(rows)('$form', (row) => {
    expect(found.get(row)).toBe(row.example[1]);
  });
});

test('all rows of a name are of one kind, so that the name alone tells it', () => {
  for (const [name, rows] of FUNCTIONS) {
    const kinds = new Set(rows.map(({ row }) => (row.kind === 'written' ? 'scalar' : row.kind)));
    expect([...kinds], name).toHaveLength(1);
  }
});
