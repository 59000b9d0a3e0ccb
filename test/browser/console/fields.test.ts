// Goal: what the fields of a logstore look like is seen as it arrives, and what has changed about them is told until somebody
// has taken note.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import type { NoticeList } from '../../../src/api/schema.js';
import { realDisk } from '../../../src/platform/disk.js';
import { type StoredNotice, schemaFile } from '../../../src/schema-watch/stored-schema.js';
import { describeConsole } from './console-suite.js';
import { trackLogs } from './track-logs.js';

/** Would mark the page if it were taken for more than text. */
const ATTACK = `"><img src=x onerror="document.documentElement.dataset.attacked='1'">`;

const NOW_MS = Date.now();

const NOTICE: StoredNotice = {
  id: 1,
  kind: 'typeChanged',
  timeMs: NOW_MS - 60_000,
  field: 'price',
  from: 'integer',
  to: 'text',
  origin: 'https://shop.example.com',
  version: '3.2.0',
  example: '',
  times: 1,
  endedMs: null,
  isAcknowledged: false,
};

/** Notices take hours to come about: the service finds them as it would have kept them. */
async function dataWithNotices(): Promise<string> {
  const data = await mkdtemp(path.join(tmpdir(), 'logboom-test-'));
  const watched = { sinceMs: NOW_MS - 3_600_000, logs: 100, weight: 100, fadedAtMs: NOW_MS, fields: [] };
  const attack = {
    ...NOTICE,
    id: 2,
    kind: 'fieldVanished',
    field: ATTACK,
    from: '41%',
    origin: ATTACK,
    version: ATTACK,
  };
  const notices = [NOTICE, { ...attack, kind: 'fieldVanished' as const }];
  await schemaFile(realDisk, data).save(() => ({
    v: 1,
    schemas: [{ logstoreId: 1, ...watched, lastNoticeId: 2, notices }],
  }));
  return data;
}

describeConsole(
  'the fields of a logstore',
  async () => undefined,
  (suite) => {
    const press = (name: string) => suite.at.page.getByRole('button', { name, exact: true }).click();
    const send = () =>
      trackLogs(suite.service, 'web', {
        logs: [{ path: '/cart', amount: '12', [ATTACK]: ATTACK }],
        tags: { app: 'shop' },
      });

    test('are listed with their types as they arrive, and lead to the logs that have them', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, '?page=logstore&part=fields&project=default&logstore=web');
      const table = at.page.getByRole('region', { name: 'Fields' });
      // A sample is looked at: another log is another chance.
      await expect
        .poll(
          async () => {
            await send();
            return table.getByRole('row', { name: 'amount' }).count();
          },
          { timeout: 30_000, interval: 500 },
        )
        .toBe(1);
      expect(await table.getByRole('row', { name: 'amount' }).textContent()).toContain('whole number');
      await table.getByRole('button', { name: ATTACK, exact: true }).waitFor();
      expect(await at.page.evaluate(() => document.documentElement.dataset['attacked'])).toBeUndefined();
      await table.getByLabel('Filter fields').fill('amo');
      expect(await table.getByRole('row').count()).toBe(2);
      await table.getByRole('button', { name: 'amount', exact: true }).click();
      await expect.poll(() => at.place.get('query')).toBe('amount:*');
      await expect.poll(() => at.rows.count()).toBeGreaterThan(0);
    });

    test('that have changed are told, until somebody acknowledges it', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, '?page=projects');
      await press('2 changed');
      const changes = at.page.getByRole('region', { name: 'What has changed' });
      const price = changes.getByRole('listitem').filter({ hasText: 'Values of price were integer and now are text' });
      expect(await price.textContent()).toContain('https://shop.example.com · version 3.2.0');
      expect(await changes.getByRole('listitem').filter({ hasText: ATTACK }).count()).toBe(1);
      expect(await at.page.locator('img').count()).toBe(0);
      await price.getByRole('button', { name: 'Acknowledge' }).click();
      await price.getByRole('button', { name: 'Reopen' }).waitFor();
      const { notices }: NoticeList = await (await service.admin('GET', '/api/v1/schema/notices')).json();
      expect(notices.map(({ id, isAcknowledged }) => [id, isAcknowledged])).toEqual(
        expect.arrayContaining([
          [1, true],
          [2, false],
        ]),
      );
      await at.open('?page=projects');
      await at.page.getByRole('button', { name: '1 changed' }).waitFor();
    });

    test('are forgotten on demand, with what is lost named', async () => {
      const { at, service } = suite;
      await send();
      await at.openSignedIn(service, '?page=logstore&part=fields&project=default&logstore=web');
      await press('Begin anew');
      const dialog = at.page.getByRole('dialog', { name: 'Begin anew' });
      expect(await dialog.textContent()).toContain('all its notices are forgotten');
      await dialog.getByLabel('Type web to confirm').fill('web');
      await dialog.getByRole('button', { name: 'Begin anew', exact: true }).click();
      await at.page.getByRole('region', { name: 'What has changed' }).waitFor({ state: 'detached' });
    });
  },
  { data: dataWithNotices },
);
