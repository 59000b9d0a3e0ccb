// Goal: the two logstores of a quarantine have ids of their own, live as long as they should, and are no logstores for anyone else.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { companionsOf } from '../model/quarantine.js';
import { systemClock } from '../platform/clock.js';
import { realDisk } from '../platform/disk.js';
import type { CatalogCommand } from './catalog.js';
import { findErasable, findReadable } from './find.js';
import { type Catalog, openCatalog } from './writer.js';

const WEB = { project: 'default', name: 'web' } as const;

let dir: string;
let catalog: Catalog;

beforeEach(async () => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-catalog-'));
  catalog = await open();
});

afterEach(async () => {
  await catalog.close();
  fs.rmSync(dir, { recursive: true });
});

function open(): Promise<Catalog> {
  return openCatalog({ dir, disk: realDisk, clock: systemClock, log: pino({ level: 'silent' }) });
}

async function reopen(): Promise<void> {
  await catalog.close();
  catalog = await open();
}

const update = (quarantine: { isOn?: boolean; ttlDays?: number }) =>
  catalog.execute({ do: 'updateLogstore', ...WEB, quarantine });
const createLogstore = (name: string, isOn = false): CatalogCommand => ({
  do: 'createLogstore',
  project: 'default',
  name,
  webTracking: true,
  ttlDays: 30,
  appendMeta: false,
  quarantine: { isOn },
});
const quarantine = () => catalog.view.logstore('default', 'web')?.quarantine;
const idOf = (name: string) => catalog.view.logstore('default', name)?.id;

test('ids are taken once, when it is first switched on, and never given to another logstore', async () => {
  expect(quarantine()).toBeNull();
  await update({ ttlDays: 3 });
  expect(quarantine()).toBeNull();
  await update({ isOn: true });
  expect(quarantine()).toEqual({ isOn: true, ttlDays: 7, logsId: 2, replaysId: 3 });
  await update({ isOn: false, ttlDays: 3 });
  await update({ isOn: true });
  expect(quarantine()).toEqual({ isOn: true, ttlDays: 3, logsId: 2, replaysId: 3 });
  await catalog.execute(createLogstore('app', true));
  await reopen();
  expect(quarantine()).toEqual({ isOn: true, ttlDays: 3, logsId: 2, replaysId: 3 });
  expect([idOf('app'), catalog.view.logstore('default', 'app')?.quarantine]).toMatchObject([4, { logsId: 5 }]);
  await catalog.execute(createLogstore('next'));
  expect(idOf('next')).toBe(7);
});

test('its logs can be read by their name, and by no other call be named or listed', async () => {
  await update({ isOn: true });
  const { view } = catalog;
  expect(findReadable(view, 'default', 'web.quarantine')).toMatchObject({ id: 2, ttlDays: 7, webTracking: false });
  expect(findReadable(view, 'default', 'web.replays')).toMatchObject({ id: 3, ttlDays: 37 });
  expect(view.logstoreById(2)).toMatchObject({ name: 'web.quarantine' });
  expect(view.logstores('default').map(({ name }) => name)).toEqual(['web']);
  expect(view.logstore('default', 'web.quarantine')).toBeUndefined();
  for (const name of ['web.', '.quarantine', 'web.other', 'web.quarantine.quarantine', 'app.quarantine']) {
    expect(() => findReadable(view, 'default', name), name).toThrow(/LogStoreNotExist|does not exist/);
  }
  const refused: CatalogCommand[] = [
    createLogstore('web.quarantine'),
    { do: 'updateLogstore', project: 'default', name: 'web.quarantine', webTracking: true },
    { do: 'deleteLogstore', project: 'default', name: 'web.quarantine' },
  ];
  for (const command of refused) await expect(catalog.execute(command)).rejects.toMatchObject({ name: 'ApiError' });
});

test('single logs of a quarantine can be deleted, but not what says which were replayed', async () => {
  await update({ isOn: true });
  const { view } = catalog;
  expect(findErasable(view, 'default', 'web').id).toBe(1);
  expect(findErasable(view, 'default', 'web.quarantine').id).toBe(2);
  expect(() => findErasable(view, 'default', 'web.replays')).toThrow(/say what was replayed/);
});

test('discarding gives it other ids, and the ones before are dead, also after opening again', async () => {
  await update({ isOn: true });
  await catalog.execute({ do: 'discardQuarantine', ...WEB });
  for (const _ of [1, 2]) {
    expect(quarantine()).toEqual({ isOn: true, ttlDays: 7, logsId: 4, replaysId: 5 });
    expect(catalog.view.deadLogstores()).toEqual([2, 3]);
    expect(catalog.view.logstoreById(2)).toBeUndefined();
    expect(catalog.view.logstoreById(4)).toMatchObject({ name: 'web.quarantine' });
    await reopen();
  }
});

test.each<[string, CatalogCommand]>([
  ['logstore', { do: 'deleteLogstore', ...WEB }],
  ['project', { do: 'deleteProject', name: 'default' }],
])('it dies with its %s', async (_what, command) => {
  await update({ isOn: true });
  await catalog.execute(command);
  for (const _ of [1, 2]) {
    expect([...catalog.view.deadLogstores()].sort()).toEqual([1, 2, 3]);
    expect(catalog.view.logstoreById(3)).toBeUndefined();
    await reopen();
  }
});

test('a retention that is none is refused', async () => {
  await expect(update({ isOn: true, ttlDays: 0 })).rejects.toMatchObject({ code: 'ParameterInvalid' });
});

test('a logstore without one has no companions', () => {
  expect(catalog.view.logstores('default').flatMap(companionsOf)).toEqual([]);
});
