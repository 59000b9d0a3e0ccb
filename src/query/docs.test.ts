// Goal: every example in docs/query-language.md finds what stands beside it.
import * as fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from '../../test/support/query/engine.js';
import type { SampleLog } from '../../test/support/query/evaluate.js';
import { Searcher } from '../../test/support/query/searcher.js';
import type { IndexConfig } from '../model/index-config.js';
import { parseQuery } from './search/parse.js';

const page = fs.readFileSync(new URL('../../docs/query-language.md', import.meta.url), 'utf8');

const logs = [...page.matchAll(/^\d (\{.*\})$/gm)].map(([, json = '']): SampleLog => {
  const { __topic__: topic = '', __source__: source = '', ...others } = JSON.parse(json) as Record<string, string>;
  const entries = Object.entries(others);
  return {
    topic,
    source,
    tags: entries.filter(([key]) => key.startsWith('__tag__:')).map(([key, value]) => [key.slice(8), value] as const),
    fields: entries.filter(([key]) => !key.startsWith('__tag__:')),
  };
});

/** Of the one section about it. */
const [plain = '', indexed = ''] = page.split('## With an index\n');
const index: IndexConfig = JSON.parse(/```json\n(.*?)```/s.exec(indexed)?.[1] ?? '');

type Example = readonly [search: string, found: readonly number[], index: IndexConfig | null];

const examples = [...examplesOf(plain, null), ...examplesOf(indexed, index)];

function examplesOf(text: string, index: IndexConfig | null): Example[] {
  return [...text.matchAll(/^\| `(.+?)` \| ([\d, ]*)\|/gm)].map(([, search = '', found = '']) => [
    search,
    (found.match(/\d+/g) ?? []).map(Number),
    index,
  ]);
}

describe('an example of the query language', () => {
  let engine: Engine;
  let searcher: Searcher;
  let logstore: number;
  beforeAll(async () => {
    engine = await startEngine();
    searcher = new Searcher(engine);
    logstore = await searcher.insert(logs);
  });
  afterAll(() => engine.close());

  test.each(examples)('%s', async (search, found, index) => {
    const places = await searcher.find(logstore, parseQuery(search), index);
    expect(places.map((place) => place + 1)).toEqual(found);
  });
});

test('the page has its examples where this test looks for them', () => {
  expect(logs.length).toBe(4);
  expect(examplesOf(plain, null).length).toBeGreaterThanOrEqual(60);
  expect(examplesOf(indexed, index).length).toBeGreaterThanOrEqual(12);
});
