// Goal: what strangers write stays text, and what goes wrong in one place stays in that place.
import { describe, expect, test } from 'vitest';
import { findChromium } from '../../support/chromium.js';
import type { Service } from '../../support/service.js';
import { launchBrowser, openConsole } from './console-page.js';
import { describeConsole } from './console-suite.js';
import { startPathProxy } from './path-proxy.js';
import { trackLogs, waitForLogs } from './track-logs.js';

const WEB = '?project=default&logstore=web&from=now-1h&to=now';

/** Would mark the page if any of it were taken for more than text. */
const ATTACK = `"><img src=x onerror="document.documentElement.dataset.attacked='1'"><script>alert(1)</script>{{7*7}}`;
const LINK_ATTACK = `javascript:document.documentElement.dataset.attacked='1'`;

const PLAIN = Array.from({ length: 20 }, (_, i) => ({ event: 'view', n: String(i) }));

/** Where somebody who means harm would write. */
async function fill(service: Service): Promise<void> {
  await trackLogs(service, 'web', { logs: PLAIN });
  await trackLogs(service, 'web', {
    topic: ATTACK,
    source: ATTACK,
    tags: { [ATTACK]: ATTACK },
    logs: [{ [ATTACK]: ATTACK, event: 'attack', link: LINK_ATTACK, json: JSON.stringify({ [ATTACK]: [ATTACK] }) }],
  });
  // With the Referer and User-Agent of the request as fields.
  await fetch(`${service.publicUrl}/logstores/web/track_ua.gif?APIVersion=0.6.0&event=attack`, {
    headers: { referer: `https://a.example/${ATTACK}`, 'user-agent': ATTACK },
  });
  // Refused, and kept with what it brought.
  await fetch(`${service.publicUrl}/logstores/${encodeURIComponent(ATTACK)}/track?APIVersion=0.6.0`, {
    method: 'POST',
    headers: { referer: `https://a.example/${ATTACK}`, 'user-agent': ATTACK, 'x-log-bodyrawsize': '9' },
    body: ATTACK,
  });
  await fetch(`${service.publicUrl}/logstores/web/track`, {
    method: 'POST',
    headers: { 'x-log-apiversion': '0.6.0', 'x-log-bodyrawsize': '9', 'user-agent': ATTACK },
    body: ATTACK,
  });
  await waitForLogs(service, 'web', PLAIN.length + 2);
}

describeConsole('trouble in the console', fill, (suite) => {
  async function expectUnharmed(): Promise<void> {
    const { at } = suite;
    expect(await at.page.evaluate(() => document.documentElement.dataset['attacked'])).toBeUndefined();
    expect(await at.page.locator('img').count()).toBe(0);
    expect(at.troubles).toEqual([]);
  }

  describe('what strangers write stays text', () => {
    test('in rows, however they are shown', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, `${WEB}&query=event:attack`);
      await expect.poll(() => at.rows.count()).toBe(2);
      for (const view of ['Raw', 'JSON', 'Table']) {
        await at.page.getByRole('button', { name: view, exact: true }).click();
        await expect.poll(async () => (await at.shownRows()).join()).toContain('<script>alert(1)</script>');
        await expectUnharmed();
      }
    });

    test('in the fields that an index can be made of', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, '?page=logstore&project=default&logstore=web');
      await at.page.getByRole('button', { name: ATTACK, exact: true }).click();
      await at.page.getByRole('group', { name: ATTACK, exact: true }).getByLabel('Name in SQL').fill(ATTACK);
      await at.page.getByRole('button', { name: 'Save' }).click();
      await at.page.getByText('Saved.').waitFor();
      await at.page.getByRole('button', { name: 'JSON', exact: true }).click();
      expect(await at.page.getByRole('textbox', { name: 'JSON' }).inputValue()).toContain(JSON.stringify(ATTACK));
      await expectUnharmed();
      await service.admin('DELETE', '/api/v1/projects/default/logstores/web/index');
    });

    test('in columns, details, fields, values, and the queries made of them', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, `${WEB}&query=event:attack&column=${encodeURIComponent(ATTACK)}`);
      await at.rows.last().click();
      await expect.poll(() => at.details.textContent()).toContain(ATTACK);
      const field = at.fields.locator('.field-name', { hasText: '<img' }).first();
      await field.click();
      await at.fields.locator('.value-text', { hasText: '<img' }).first().waitFor();
      const include = at.details.getByRole('button', { name: `Only logs with this ${ATTACK}` });
      for (let index = 0; index < (await include.count()); index += 1) {
        await include.nth(index).click();
        await expect.poll(() => at.rows.count()).toBeGreaterThan(0);
        await expectUnharmed();
      }
    });

    test('in a live tail', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, `${WEB}&query=event:attack&live=1`);
      await expect
        .poll(async () => {
          await trackLogs(service, 'web', { logs: [{ event: 'attack', [ATTACK]: ATTACK }] });
          return at.rows.count();
        })
        .toBeGreaterThan(0);
      await expectUnharmed();
    });

    test('in charts', async () => {
      const { at, service } = suite;
      const sql = `* | SELECT link AS "<b>${LINK_ATTACK}", count(*) AS n GROUP BY link`;
      await at.openSignedIn(service, `${WEB}&query=${encodeURIComponent(sql)}`);
      await at.page.getByText(LINK_ATTACK).first().waitFor();
      await expectUnharmed();
    });

    test('in the list of refused requests', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, '?page=refusals');
      const lines = at.page.locator('.refusals tbody tr');
      await expect.poll(() => lines.count()).toBeGreaterThan(1);
      for (let index = 0; index < (await lines.count()); index += 1) {
        await lines.nth(index).getByRole('button').click();
        await at.page.getByRole('dialog').getByText('<script>').first().waitFor();
        await at.page.keyboard.press('Escape');
      }
      await expectUnharmed();
    });
  });

  describe('what goes wrong stays in its place', () => {
    test('a histogram that fails leaves the rows, and can be tried again', async () => {
      const { at, service } = suite;
      await at.page.route('**/histogram', (route) =>
        route.fulfill({ status: 503, json: { errorCode: 'ServerBusy', errorMessage: 'The server is busy.' } }),
      );
      await at.page.route('**/fields', (route) => route.abort());
      await at.openSignedIn(service, WEB);
      await at.histogram.getByText('The server is busy.').waitFor();
      await expect.poll(() => at.rows.count()).toBeGreaterThanOrEqual(PLAIN.length);
      await at.page.unroute('**/histogram');
      await at.histogram.getByRole('button', { name: 'Try again' }).click();
      await expect.poll(() => at.histogram.textContent()).toContain('Complete');
    });

    test('rows of another query are never shown, and a new query ends the one before', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, `${WEB}&query=event:view`);
      await expect.poll(() => at.rows.count()).toBe(PLAIN.length);
      await at.page.route('**/query', async (route) => {
        if (route.request().postData()?.includes('event:slow') === true) return;
        await route.continue();
      });
      const ended = at.page.waitForEvent('requestfailed', (request) => request.url().endsWith('/query'));
      await at.search('event:slow');
      await expect.poll(() => at.rows.count()).toBe(0);
      await at.page.getByRole('button', { name: 'Cancel' }).waitFor();
      await at.search('n:7');
      await ended;
      await expect.poll(() => at.shownRows()).toEqual([expect.stringContaining('n=7')]);
    });

    test('a search that is cancelled says so', async () => {
      const { at, service } = suite;
      await at.page.route('**/query', () => undefined);
      await at.openSignedIn(service, WEB);
      await at.page.getByRole('button', { name: 'Cancel' }).click();
      await at.page.getByText('Cancelled.').waitFor();
    });

    test('the order of the service is the order of the rows', async () => {
      const { at, service } = suite;
      const times = async () => {
        const texts = await at.rows.locator('time').allTextContents();
        return texts.map((text) => Date.parse(`${text.replace(' ', 'T')}Z`));
      };
      await at.openSignedIn(service, WEB);
      await expect.poll(() => at.rows.count()).toBeGreaterThanOrEqual(PLAIN.length);
      const newestFirst = await times();
      expect(newestFirst).toEqual(newestFirst.toSorted((a, b) => b - a));
      await at.page.getByRole('button', { name: 'Newest first' }).click();
      await expect.poll(async () => (await times()).at(0)).toBe(newestFirst.at(-1));
    });

    test('a long value is shown whole where it is asked for', async () => {
      const { at, service } = suite;
      const long = `begin ${'long '.repeat(20_000)}end-of-it`;
      await trackLogs(service, 'web', { logs: [{ event: 'long', long }] });
      await service.logs('web', { query: 'event:long', count: 1 });
      await at.openSignedIn(service, `${WEB}&query=event:long`);
      await at.rows.first().click();
      await expect.poll(() => at.details.textContent()).toContain('end-of-it');
    });

    test('a session that ends asks for the key again, and leads back', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, WEB);
      await at.rows.first().waitFor();
      await at.page.context().clearCookies();
      await at.search('event:view');
      await at.page.getByText('Sign in to Logboom').waitFor();
      await at.signIn(service);
      await expect.poll(() => at.rows.count()).toBe(PLAIN.length);
    });
  });

  test('relative links stay relative and absolute ones absolute, with both of their ends', async () => {
    const { at, service } = suite;
    await at.openSignedIn(service, `${WEB}&query=event:view`);
    await at.rows.first().waitFor();
    await at.page.reload();
    await at.rows.first().waitFor();
    expect([at.place.get('from'), at.place.get('to')]).toEqual(['now-1h', 'now']);
    const [from, to] = [new Date(Date.now() - 600_000).toISOString(), new Date(Date.now() + 60_000).toISOString()];
    await at.open(`?project=default&logstore=web&from=${from}&to=${to}`);
    await at.rows.first().waitFor();
    await at.page.getByRole('button', { name: 'Raw', exact: true }).click();
    await at.page.reload();
    await at.rows.first().waitFor();
    expect([at.place.get('from'), at.place.get('to')]).toEqual([from, to]);
  });

  test('the zone that is chosen is the zone of every time', async () => {
    const { at, service } = suite;
    await at.openSignedIn(service, WEB);
    await at.rows.first().click();
    await at.page.getByRole('button', { name: 'Theme, language, time zone' }).click();
    await at.page.getByLabel('Time zone', { exact: true }).selectOption('Asia/Shanghai');
    await at.page.keyboard.press('Escape');
    const shown = (await at.rows.first().locator('time').textContent()) ?? '';
    await expect.poll(() => at.details.locator('header').textContent()).toContain('+08:00');
    await expect.poll(() => at.details.locator('header').textContent()).toContain(shown.slice(11));
  });

  test('behind a path of another site everything is found', async () => {
    const { service } = suite;
    const proxy = await startPathProxy(service.adminUrl, '/tools/logs');
    const url = `http://127.0.0.1:${proxy.port}/tools/logs/console/`;
    const other = await launchBrowser(findChromium(), service, [`127.0.0.1:${proxy.port}`]);
    try {
      const console = await openConsole(other, service, { url });
      await console.open(`${WEB}&query=event:view`);
      await console.signIn(service);
      await expect.poll(() => console.rows.count()).toBe(PLAIN.length);
      expect(console.troubles).toEqual([]);
    } finally {
      await other.close();
      await proxy.close();
    }
  });
});
