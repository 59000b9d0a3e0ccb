// Goal: whatever is searched for, it is answered rightly or refused with its place, in bounded time, and reaches nothing else.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApiError } from '../../../src/errors.js';
import type { IndexConfig } from '../../../src/model/index-config.js';
import { parseQuery } from '../../../src/query/search/parse.js';
import { QuerySyntaxError } from '../../../src/query/search/syntax-error.js';
import { explainTrouble } from '../../../src/query/trouble.js';
import { type Engine, startEngine } from '../../support/query/engine.js';
import { Searcher } from '../../support/query/searcher.js';
import { hostileCases, type Outcome } from './hostile-cases.js';
import { hostileLogs, secretLogs } from './hostile-logs.js';

const INDEX: IndexConfig = {
  line: { token: ['/', ' ', '。', '’'], caseSensitive: true, chn: true },
  keys: {
    a: { type: 'long' },
    n: { type: 'double' },
    msg: { type: 'text', token: [' '], chn: true },
    q: { type: 'text', token: [] },
    json: { type: 'json' },
  },
};

let engine: Engine;
let searcher: Searcher;
let logstore: number;
beforeAll(async () => {
  engine = await startEngine();
  searcher = new Searcher(engine);
  logstore = await searcher.insert(hostileLogs);
  await searcher.insert(secretLogs);
});
afterAll(() => engine.close());

describe('without an index', () => {
  test.each(hostileCases)('$name', async ({ query, outcome }) => {
    expect(await outcomeOf(query, null)).toEqual(outcome);
  });
});

describe('under an index', () => {
  test.each(hostileCases)('$name', async ({ query, outcome, indexed = outcome }) => {
    expect(await outcomeOf(query, INDEX)).toEqual(indexed);
  });
});

test('nothing was changed by all of this', async () => {
  expect(await engine.count('SELECT count() AS count FROM logs')).toBe(hostileLogs.length + secretLogs.length);
  expect(hostileCases.length).toBeGreaterThanOrEqual(100);
});

/** A mistake of the user, as which anything else that is thrown does not count. */
async function outcomeOf(text: string, index: IndexConfig | null): Promise<Outcome> {
  try {
    return await searcher.find(logstore, parseQuery(text), index);
  } catch (error) {
    const explained = explainTrouble(error);
    if (!(explained instanceof ApiError)) throw error;
    expect([explained.status, explained.code]).toEqual([400, 'ParameterInvalid']);
    return error instanceof QuerySyntaxError ? { line: error.line, column: error.column } : explained.message;
  }
}
