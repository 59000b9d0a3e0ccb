// Goal: the model says what its constants say, whole runs are as it predicts, and docs/scaling.md has its tables as they are.
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { CONSTANTS, type Load, predict } from './capacity.js';
import { CHECKS, ratioOf } from './capacity-checks.js';
import { QUESTIONS, questionSeconds } from './questions.js';
import { printScalingTables } from './scaling-tables.js';
import { PLAN, size } from './sizing.js';

const one: Load = {
  logsPerSecond: 24_000,
  batch: 100,
  store: 'embedded',
  nodes: 1,
  workers: 2,
  storeShards: 1,
  replicas: 1,
  seconds: 90,
};
const { requestCpu, receiveCpu, carryCpu, sendCpu, insertCpu, mergeCpu, eachInsertCpu, looseInserts, mergedParts } =
  CONSTANTS;

describe('a prediction, by hand', () => {
  test('two workers with 12,000 logs a second are two inserts a second, and so many of them are merged twice', () => {
    const seconds = (looseInserts.value * mergedParts.value ** 2) / 2;
    const { insertsPerSecond, logsPerInsert, merges, nodeCpu, storeCpu } = predict({ ...one, seconds });
    expect([insertsPerSecond, logsPerInsert]).toEqual([2, 12_000]);
    expect(merges).toBeCloseTo(2);
    expect(nodeCpu).toBeCloseTo(requestCpu.value / 100 + receiveCpu.value + carryCpu.value);
    expect(storeCpu).toBeCloseTo(insertCpu.value + (eachInsertCpu.value * 1e6) / 12_000 + 2 * mergeCpu.value);
  });

  test('cores are CPU seconds of a second, and what is taken at rest', () => {
    const { nodeCpu, nodeCores, storeCpu, storeCores } = predict(one);
    expect(nodeCores).toBeCloseTo(0.024 * nodeCpu + CONSTANTS.nodeRestCpu.value);
    expect(storeCores).toBeCloseTo(0.024 * storeCpu);
    const server = predict({ ...one, store: 'server', nodes: 3 });
    expect(server.nodeCpu - nodeCpu).toBeCloseTo(sendCpu.value);
    expect(server.storeCores - storeCores).toBeCloseTo(3 * CONSTANTS.pollCpu.value);
  });

  test('a copy is merged, not parsed', () => {
    const { merges, storeCpu } = predict(one);
    expect(predict({ ...one, replicas: 3 }).storeCpu - storeCpu).toBeCloseTo(2 * merges * mergeCpu.value);
  });

  test('a full segment does not wait for its second', () => {
    const { insertsPerSecond, logsPerInsert } = predict({ ...one, logsPerSecond: 1e6 });
    expect(logsPerInsert).toBeCloseTo(CONSTANTS.segmentBytes.value / CONSTANTS.sentBytes.value);
    expect(insertsPerSecond).toBeCloseTo(1e6 / logsPerInsert);
  });

  test('parts that are as large as parts become are not merged again', () => {
    expect(predict({ ...one, seconds: 1e12 }).merges).toBe(predict({ ...one, seconds: 1e13 }).merges);
    expect(predict({ ...one, seconds: 0.1 }).merges).toBe(0);
  });
});

test.each(CHECKS)('$run: off by less than a fifth', (check) => {
  expect(Math.abs(ratioOf(check) - 1)).toBeLessThan(0.2);
});

test('questions go through both of their measurements', () => {
  for (const question of QUESTIONS) {
    expect(questionSeconds(question, 2e6)).toBeCloseTo(question.of2 / 1000);
    expect(questionSeconds(question, 20e6)).toBeCloseTo(question.of20 / 1000);
  }
});

test.each([10e3, 300e3, 10e6])('%i logs/s: no more is busy than is planned', (logsPerSecond) => {
  const { load, nodeCores, storeCores, nodeCoresPlanned, storeCoresPlanned } = size({ logsPerSecond, batch: 100 });
  expect(nodeCores).toBeLessThanOrEqual(nodeCoresPlanned * PLAN.busy);
  expect(storeCores).toBeLessThanOrEqual(storeCoresPlanned * PLAN.busy);
  expect(load.workers).toBeLessThanOrEqual(load.nodes * PLAN.nodeCores);
});

test('docs/scaling.md has the tables as they are computed; to print them: node dist/bench/model.js', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/scaling.md'), 'utf8');
  for (const table of printScalingTables()) expect(page).toContain(table);
});
