// Goal: a saved search is kept over restarts, replaced by its id, bounded in number, and goes with its project.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SAVED_SEARCHES_MAX, type SavedSearch } from '../model/saved-search.js';
import { realDisk } from '../platform/disk.js';
import { decodeEvent } from './event-line.js';
import { type Catalog, openCatalog } from './writer.js';

let dir: string;
let nowMs: number;
let catalog: Catalog;

beforeEach(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-catalog-'));
  nowMs = 1_795_046_385_000;
  catalog = await open();
});

afterEach(async () => {
  await catalog.close();
  fs.rmSync(dir, { recursive: true });
});

function open(): Promise<Catalog> {
  const clock = { wallMs: () => nowMs, monotonicMs: () => nowMs };
  return openCatalog({ dir, disk: realDisk, clock, log: pino({ level: 'silent' }) });
}

const search = (id: string, more: Partial<SavedSearch> = {}) => ({
  id,
  project: 'default',
  name: `Errors ${id}`,
  logstore: 'web',
  query: 'level:error | SELECT count(*)',
  from: 'now-1h',
  to: 'now',
  chart: 'number' as const,
  variables: { event: 'buy' },
  dashboard: null,
  ...more,
});

test('it is kept over a restart, and replaced by its id', async () => {
  await catalog.execute({ do: 'saveSearch', search: search('b') });
  await catalog.execute({ do: 'saveSearch', search: search('a') });
  nowMs += 60_000;
  await catalog.execute({ do: 'saveSearch', search: search('b', { dashboard: 'Shop' }) });
  await catalog.close();
  catalog = await open();
  const times = { createdAt: 1_795_046_385, updatedAt: 1_795_046_385 };
  expect(catalog.view.savedSearches('default')).toEqual([
    { ...search('a'), ...times },
    { ...search('b', { dashboard: 'Shop' }), ...times, updatedAt: 1_795_046_445 },
  ]);
  await catalog.execute({ do: 'deleteSearch', project: 'default', id: 'b' });
  expect(catalog.view.savedSearches('default').map(({ id }) => id)).toEqual(['a']);
});

test('one of a version without variables has none', () => {
  const old = { ...search('a'), createdAt: 1, updatedAt: 1 };
  const text = JSON.stringify({
    v: 1,
    nextId: 2,
    event: { event: 'savedSearch', search: { ...old, variables: undefined } },
  });
  const line = decodeEvent(Buffer.from(text.slice(1)), undefined);
  expect(line?.event).toEqual({ event: 'savedSearch', search: { ...old, variables: {} } });
});

test('it goes with its project, and is not there for others', async () => {
  await catalog.execute({ do: 'createProject', name: 'shop', description: '' });
  await catalog.execute({ do: 'saveSearch', search: search('a', { project: 'shop' }) });
  expect(catalog.view.savedSearches('default')).toEqual([]);
  await catalog.execute({ do: 'deleteProject', name: 'shop' });
  await catalog.execute({ do: 'createProject', name: 'shop', description: '' });
  expect(catalog.view.savedSearches('shop')).toEqual([]);
});

test('what is not there is refused, and so is one too many', async () => {
  await expect(catalog.execute({ do: 'saveSearch', search: search('a', { project: 'nowhere' }) })).rejects.toThrow(
    'The Project does not exist',
  );
  await expect(catalog.execute({ do: 'deleteSearch', project: 'default', id: 'a' })).rejects.toThrow('saved search a');
  for (let i = 0; i < SAVED_SEARCHES_MAX; i += 1) {
    await catalog.execute({ do: 'saveSearch', search: search(`s${i}`) });
  }
  await expect(catalog.execute({ do: 'saveSearch', search: search('more') })).rejects.toThrow('at most');
  await catalog.execute({ do: 'saveSearch', search: search('s0', { name: 'Another name' }) });
});
