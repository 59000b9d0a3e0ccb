// Goal: every aggregate goes with DISTINCT, FILTER and OVER, and over no rows is NULL or 0.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { analyse } from '../../../../test/support/query/analytics.js';
import { type Engine, startEngine } from '../../../../test/support/query/engine.js';
import { AGGREGATES } from './aggregate.js';
import { type Parameter, readSignature } from './signature.js';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.close());

const FROM = "FROM UNNEST(ARRAY[1, 2, 3, 4], ARRAY['a', 'b', 'a', NULL]) AS t (x, y)";

function argument({ pattern, isConstant }: Parameter, place: number): string {
  if (isConstant)
    return pattern.kind === 'array'
      ? 'ARRAY[0.5]'
      : pattern.kind === 'scalar' && pattern.type === 'double'
        ? '0.5'
        : '2';
  if (pattern.kind === 'any') return place === 0 ? 'y' : 'x';
  return pattern.kind === 'scalar' && pattern.type === 'boolean' ? 'x > 2' : 'x';
}

const calls = AGGREGATES.map(({ form }) => {
  const { name, parameters } = readSignature(form);
  return { name, args: parameters.map(argument).join(', ') };
});

const row = async (expressions: readonly string[], where = '') => {
  const { rows } = await analyse(engine, `* | SELECT ${expressions.join(', ')} ${FROM} ${where} LIMIT 1`, {
    logstore: 1,
  });
  return rows[0];
};

test('a filter leaves rows out as WHERE does', async () => {
  const filtered = await row(calls.map(({ name, args }) => `${name}(${args}) FILTER (WHERE x < 3)`));
  expect(filtered).toEqual(
    await row(
      calls.map(({ name, args }) => `${name}(${args})`),
      'WHERE x < 3',
    ),
  );
});

test('over all rows a window gives what the aggregate gives', async () => {
  const windows = await row(calls.map(({ name, args }) => `${name}(${args}) OVER ()`));
  expect(windows).toEqual(await row(calls.map(({ name, args }) => `${name}(${args})`)));
});

test('of different values only', async () => {
  const expressions = calls.filter(({ args }) => args !== '').map(({ name, args }) => `${name}(DISTINCT ${args})`);
  expect(await row(expressions)).toHaveLength(expressions.length);
  expect(await row(['count(DISTINCT y)', 'sum(DISTINCT x % 2)', 'array_agg(DISTINCT x % 2)'])).toEqual([
    '2',
    '1',
    '[1,0]',
  ]);
});

test('over no rows it is nothing', async () => {
  const values = await row(
    calls.map(({ name, args }) => `${name}(${args})`),
    'WHERE x > 9',
  );
  expect([...new Set(values)].toSorted()).toEqual(['0', '[]', 'null', '{}']);
});
