// Goal: what a search finds is counted and shown before it is deleted, what is lost is named, and what was not meant stays.
import { expect, test } from 'vitest';
import type { Service } from '../../support/service.js';
import { describeConsole } from './console-suite.js';
import { trackLogs, waitForLogs } from './track-logs.js';

const HERE = '?page=logstore&part=deletion&project=default&logstore=web';

/** Would mark the page if it were taken for more than text. */
const ATTACK = `"><img src=x onerror="document.documentElement.dataset.attacked='1'">`;

async function fill(service: Service): Promise<void> {
  await trackLogs(service, 'web', {
    logs: [
      { user: 'u1', note: ATTACK },
      { user: 'u1', note: 'second' },
      { user: 'u2', note: 'stays' },
    ],
  });
  await waitForLogs(service, 'web', 3);
}

describeConsole(
  'deleting logs in the console',
  fill,
  (suite) => {
    test('counts and shows them, names what is lost, and deletes these and no others', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, HERE);
      const card = at.page.getByRole('region', { name: 'Delete logs that a search finds' });
      await card.getByLabel('Query').fill('user:');
      await card.getByRole('button', { name: 'Count them' }).click();
      await card.getByRole('alert').waitFor();
      await card.getByLabel('Query').fill('user:u1');
      await card.getByLabel('Reference').fill('DSR-17');
      await card.getByRole('button', { name: 'Count them' }).click();
      await card.getByText('2 logs match').waitFor();
      expect(await card.textContent()).toContain('<img src=x onerror=');
      expect(await at.page.locator('img').count()).toBe(0);

      // What was counted is what is deleted: after a change it has to be counted again.
      await card.getByLabel('Query').fill('user:u2');
      expect(await card.getByRole('button', { name: 'Delete these logs' }).count()).toBe(0);
      await card.getByLabel('Query').fill('user:u1');
      await card.getByRole('button', { name: 'Count them' }).click();
      await card.getByRole('button', { name: 'Delete these logs' }).click();
      const dialog = at.page.getByRole('dialog', { name: 'Delete these logs' });
      expect(await dialog.textContent()).toMatch(/2 logs of web.*cannot be brought back.*user:u1/);
      await dialog.getByLabel('Type web to confirm').fill('web');
      await dialog.getByRole('button', { name: 'Delete these logs' }).click();
      await dialog.waitFor({ state: 'detached' });

      const line = at.page.getByRole('region', { name: 'Deletions' }).getByRole('row').filter({ hasText: 'DSR-17' });
      await line.getByText('Done').waitFor({ timeout: 60_000 });
      expect(await line.textContent()).toContain('2 of 2');
      expect((await service.logs('web', { count: 1 })).map(({ note }) => note)).toEqual(['stays']);
    });
  },
  { flags: ['--spool-hold-age', '1s'] },
);

describeConsole('a deletion that waits', fill, (suite) => {
  test('can be cancelled, and all logs at once are said to be all', async () => {
    const { at, service } = suite;
    await at.openSignedIn(service, HERE);
    await at.page.getByRole('button', { name: 'Count them' }).click();
    await at.page.getByRole('button', { name: 'Delete these logs' }).click();
    const dialog = at.page.getByRole('dialog', { name: 'Delete these logs' });
    expect(await dialog.textContent()).toContain('These are all logs of this range.');
    await dialog.getByLabel('Type web to confirm').fill('web');
    await dialog.getByRole('button', { name: 'Delete these logs' }).click();
    const line = at.page.getByRole('region', { name: 'Deletions' }).getByRole('row').last();
    await line.getByText('Waiting').waitFor();
    await line.getByRole('button', { name: 'Cancel' }).click();
    await line.getByText('Cancelled').waitFor();
    expect(await service.logs('web', { count: 3 })).toHaveLength(3);
  });

  test('is not begun with a key that may only read', async () => {
    const { at, service } = suite;
    const { id, secret } = await (await service.admin('POST', '/api/v1/keys', { roles: ['read'] })).json();
    await at.page.request.post(`${service.adminUrl}/api/v1/session`, { data: { id, secret } });
    await at.open(HERE);
    await at.page.getByText('This takes a key that may manage.').waitFor();
    expect(await at.page.getByRole('button', { name: 'Count them' }).count()).toBe(0);
  });
});
