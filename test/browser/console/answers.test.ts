// Goal: what logs say all together can be drawn, kept for others, and taken away whole.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeConsole } from './console-suite.js';
import { trackLogs, waitForLogs } from './track-logs.js';

const WEB = '?project=default&logstore=web&from=now-1h&to=now';
const BY_EVENT = '* | SELECT event, count(*) AS n GROUP BY event ORDER BY n DESC';

/** More than a page of rows. */
const VIEWS = 1200;
const LOGS = [
  ...Array.from({ length: VIEWS }, (_, i) => ({ event: 'view', n: String(i), session: `s${i % 7}` })),
  ...Array.from({ length: 30 }, (_, i) => ({ event: 'buy', n: String(i), session: 'buyer' })),
];

describeConsole(
  'answers in the console',
  async (service) => {
    await trackLogs(service, 'web', { logs: LOGS });
    await waitForLogs(service, 'web', LOGS.length);
  },
  (suite) => {
    const press = (name: string) => suite.at.page.getByRole('button', { name, exact: true }).click();

    test('SQL becomes the chart that suits it, another one on demand, and stands on a dashboard for all', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, WEB);
      await at.search(BY_EVENT);
      const chart = at.page.getByRole('region', { name: 'Chart' });
      await expect.poll(() => chart.locator('.bar-chart li').allTextContents()).toEqual(['view1,200', 'buy30']);
      await press('Pie');
      await chart.getByRole('img', { name: 'Shares of view, buy' }).waitFor();
      expect(at.place.get('chart')).toBe('pie');

      await press('Saved searches');
      await press('Save this search');
      const dialog = at.page.getByRole('dialog');
      await dialog.getByLabel('Name', { exact: true }).fill('Events');
      await dialog.getByLabel('On the dashboard').fill('Shop');
      await press('Save');
      await dialog.waitFor({ state: 'detached' });

      await at.page.getByRole('link', { name: 'Dashboards' }).click();
      const card = at.page.getByRole('region', { name: 'Events' });
      await card.getByRole('img', { name: 'Shares of view, buy' }).waitFor();
      await card.getByRole('button', { name: 'Events', exact: true }).click();
      await expect.poll(() => at.place.get('query')).toBe(BY_EVENT);
      await press('Saved searches');
      await press('Delete saved search Events');
      await at.page.getByText('None yet.').waitFor();
    });

    test('a mistake in SQL is told and underlined', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, WEB);
      await at.search('* | SELECT event, nothing_like_it(n) GROUP BY event');
      await at.page.getByRole('alert').first().waitFor();
      await expect.poll(() => at.page.locator('.cm-lintRange-error').count()).toBeGreaterThan(0);
    });

    test('older rows come as one scrolls, to the last of them', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, `${WEB}&query=event:view`);
      await at.rows.first().waitFor();
      const list = at.page.locator('.log-list');
      await expect
        .poll(async () => {
          await list.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
          return at.rows.last().getAttribute('aria-rowindex');
        })
        .toBe(String(VIEWS));
      await at.page.getByText('1,200 shown').waitFor();
      await at.page.getByText('These are all.').waitFor();
      expect(await at.rows.count()).toBeLessThan(120);
    });

    test('the logs around one are shown, and only those of its session', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, `${WEB}&query=${encodeURIComponent('event:buy and n:15')}`);
      await at.rows.first().click();
      await at.details.getByRole('button', { name: 'Context' }).click();
      const lines = at.details.locator('.context li');
      await expect.poll(() => lines.count()).toBe(41 - 6);
      await at.details.getByRole('combobox').selectOption('session');
      await expect.poll(() => lines.count()).toBe(30);
      await lines.first().getByRole('button').click();
      await expect.poll(() => at.details.textContent()).toContain('n0session');
    });

    test('an export says its size before, has every log, and the zone that is shown', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, `${WEB}&query=event:view&column=n`);
      await at.rows.first().waitFor();
      // Where the browser asks for a place, nobody is here to answer.
      await at.page.evaluate(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
      await press('Export');
      const dialog = at.page.getByRole('dialog', { name: 'Export' });
      await dialog.getByText('1,200 logs').waitFor();
      await dialog.getByLabel('Format').selectOption('csv');
      await dialog.getByText('1,200 logs').waitFor();
      const saved = at.page.waitForEvent('download');
      await dialog.getByRole('button', { name: 'Export all' }).click();
      await dialog.getByText('Done and checked: 1,200 logs').waitFor();
      const file = await (await saved).path();
      const [head, ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/);
      expect(head).toBe('__time__,n');
      expect(lines).toHaveLength(VIEWS);
      expect(new Set(lines.map((line) => line.split(',')[1])).size).toBe(VIEWS);
      expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00),/);
    });

    test('an export that is cut off is not kept for a whole one', async () => {
      const { at, service } = suite;
      await at.page.route('**/export', async (route) => {
        if (route.request().postData()?.includes('dryRun') === true) return route.continue();
        const answer = await route.fetch();
        await route.fulfill({ response: answer, body: (await answer.body()).subarray(0, 1000) });
      });
      await at.openSignedIn(service, WEB);
      await at.rows.first().waitFor();
      await at.page.evaluate(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
      let downloads = 0;
      at.page.on('download', () => {
        downloads += 1;
      });
      await press('Export');
      await press('Export all');
      await at.page.getByText('The file is not whole').waitFor();
      expect(downloads).toBe(0);
    });
  },
);
