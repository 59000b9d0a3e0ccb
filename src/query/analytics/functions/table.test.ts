// Goal: every function does what the table says of it, on the real engine.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyse } from '../../../../test/support/query/analytics.js';
import { type Engine, startEngine } from '../../../../test/support/query/engine.js';
import { FUNCTIONS, GROUPS } from './table.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.close());

const FROM = "FROM UNNEST(ARRAY[1, 2, 3, 4], ARRAY['a', 'b', 'a', NULL]) AS t (x, y)";

describe.each(GROUPS)('$title', ({ rows }) => {
  test.each(rows)('$form', async ({ example: [expression, result], form }) => {
    const answer = await analyse(engine, `* | SELECT ${expression} AS result ${FROM} LIMIT 1`, { logstore: 1 });
    expect(answer.rows).toEqual([[result]]);
    expect(form).toMatch(/^\w+\(.*\): /);
  });
});

test('all rows of a name are of one kind, so that the name alone tells it', () => {
  for (const [name, rows] of FUNCTIONS) {
    const kinds = new Set(rows.map(({ row }) => (row.kind === 'written' ? 'scalar' : row.kind)));
    expect([...kinds], name).toHaveLength(1);
  }
});
