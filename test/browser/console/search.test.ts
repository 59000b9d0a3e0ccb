// Goal: who comes with a key finds logs, narrows them down, and can go back, reload and pass on what is seen.
import { expect, test } from 'vitest';
import { describeConsole } from './console-suite.js';
import { trackLogs, waitForLogs } from './track-logs.js';

const LOGSTORE = '?project=default&logstore=web';
const RECENT = `${LOGSTORE}&from=now-1h&to=now`;

/** Characters that mean something to a query, to HTML, or to a regular expression. */
const SPECIAL = `say "hi" \\ (a|b) <i>&amp; 'x' * not | select: 支付`;

const LOGS = [
  ...Array.from({ length: 12 }, (_, i) => ({ event: 'view', path: `/item/${i}`, status: '200' })),
  ...Array.from({ length: 3 }, (_, i) => ({ event: 'buy', path: '/cart', price: `${i}9.5`, status: '200' })),
  { event: 'error', message: SPECIAL, data: '{"cart":{"items":[1,2]}}', status: '500' },
];

describeConsole(
  'searching in the console',
  async (service) => {
    await trackLogs(service, 'web', { logs: LOGS, topic: 'pages', tags: { app: 'shop' } });
    await waitForLogs(service, 'web', LOGS.length);
  },
  (suite) => {
    test('signing in leads to where the link led; a wrong secret does not; signing out ends it', async () => {
      const { at, service } = suite;
      await at.open(`${RECENT}&query=event:buy`);
      await at.page.getByLabel('Access key ID').fill(service.key.id);
      await at.page.getByLabel('Access key secret').fill('wrong-secret');
      await at.page.getByRole('button', { name: 'Sign in' }).click();
      await at.page.getByRole('alert').filter({ hasText: 'unauthorized' }).waitFor();
      await at.signIn(service);
      await expect.poll(() => at.rows.count()).toBe(3);
      await at.page.getByRole('button', { name: /Sign out/ }).click();
      await at.page.getByLabel('Access key ID').waitFor();
      await at.page.reload();
      await at.page.getByLabel('Access key ID').waitFor();
    });

    test('a query shows its rows, how many there are, what they cost, and that they are all', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, LOGSTORE);
      await expect.poll(() => at.rows.count()).toBe(LOGS.length);
      await at.search('event:buy');
      await expect.poll(() => at.rows.count()).toBe(3);
      expect((await at.shownRows()).every((row) => row.includes('event=buy'))).toBe(true);
      await expect.poll(() => at.histogram.textContent()).toMatch(/^3 logs\s*Complete/);
      expect(await at.page.getByText(/3 shown · .* scanned/).count()).toBe(1);
      expect(at.place.get('query')).toBe('event:buy');
    });

    test('the back button leads to the search before, and a reload changes nothing', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, RECENT);
      await at.search('event:buy');
      await expect.poll(() => at.rows.count()).toBe(3);
      await at.search('event:error');
      await expect.poll(() => at.rows.count()).toBe(1);
      await at.page.goBack();
      await expect.poll(() => at.rows.count()).toBe(3);
      expect(await at.editor.textContent()).toBe('event:buy');
      await at.page.reload();
      await expect.poll(() => at.rows.count()).toBe(3);
    });

    test('a mistake in the query is told beside it and underlined; the rows before are not taken for its answer', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, RECENT);
      await at.search('event:view and (status:200');
      await at.page.getByRole('alert').first().waitFor();
      await expect.poll(() => at.page.locator('.cm-lintRange-error').count()).toBe(1);
      expect(await at.rows.count()).toBe(0);
      await at.search('event:buy');
      await expect.poll(() => at.rows.count()).toBe(3);
      await expect.poll(() => at.page.locator('.cm-lintRange-error').count()).toBe(0);
    });

    test('details show every field, and make columns, conditions and a link to the log', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, `${RECENT}&query=event:error`);
      await at.rows.first().click();
      await expect.poll(() => at.details.textContent()).toContain(SPECIAL);
      // JSON in a field is laid out.
      expect(await at.details.textContent()).toContain('"items": [');
      await at.details.getByRole('button', { name: 'Add column status' }).click();
      expect(at.place.getAll('column')).toEqual(['status']);
      await expect.poll(() => at.shownRows()).toEqual(['500']);
      const link = at.page.url();
      expect(at.place.get('log')).toMatch(/^\d+-\d+-\d+-\d+$/);
      // The link finds the log by itself, also where the search does not.
      await at.page.goto(
        link.replace('query=event%3Aerror', 'query=event%3Abuy').replace('from=now-1h', 'from=now-1s'),
      );
      await expect.poll(() => at.details.textContent()).toContain(SPECIAL);
      await at.page.keyboard.press('Escape');
      await expect.poll(() => at.details.count()).toBe(0);
    });

    test('columns are moved and made wider, and stay so', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, `${RECENT}&query=event:buy&column=price&column=path`);
      const heads = at.page.getByRole('columnheader');
      await at.page.getByRole('button', { name: 'Move column path to the left' }).click();
      await expect.poll(() => heads.allTextContents()).toEqual(['Time', 'path', 'price']);
      expect(at.place.getAll('column')).toEqual(['path', 'price']);
      const before = (await heads.nth(1).boundingBox())?.width ?? 0;
      await at.page.getByRole('button', { name: 'Width of column path' }).press('ArrowLeft');
      await expect.poll(async () => (await heads.nth(1).boundingBox())?.width).toBe(before - 20);
      await at.page.reload();
      await expect.poll(async () => (await heads.nth(1).boundingBox())?.width).toBe(before - 20);
    });

    test('a clicked value finds its log again, whatever characters it has', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, RECENT);
      await at.fields
        .getByRole('button', { name: /message/ })
        .first()
        .click();
      await at.fields.getByRole('button', { name: `Only message ${SPECIAL}` }).click();
      await expect.poll(() => at.rows.count()).toBe(1);
      await at.rows.first().click();
      await at.details.getByRole('button', { name: 'No logs with this message' }).click();
      await expect.poll(() => at.page.getByText('No log matches').count()).toBe(1);
      await at.search('');
      await expect.poll(() => at.rows.count()).toBe(LOGS.length);
    });

    test('a bar of the histogram narrows the range, and the back button widens it', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, RECENT);
      await at.histogram.locator('rect').last().click();
      await expect.poll(() => at.place.get('from')).toMatch(/^\d{4}-/);
      await expect.poll(() => at.rows.count()).toBe(LOGS.length);
      await at.page.goBack();
      expect(at.place.get('from')).toBe('now-1h');
    });

    test('the keyboard does it all', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, RECENT);
      await at.rows.first().waitFor();
      await at.page.keyboard.press('/');
      await at.page.keyboard.type('event:buy');
      await at.page.keyboard.press('Enter');
      await expect.poll(() => at.rows.count()).toBe(3);
      await at.page.keyboard.press('Escape');
      await at.page.keyboard.press('Escape');
      await at.page.keyboard.press('j');
      await at.page.keyboard.press('j');
      await expect.poll(() => at.rows.nth(1).getAttribute('aria-selected')).toBe('true');
      await at.page.keyboard.press('k');
      await expect.poll(() => at.rows.nth(0).getAttribute('aria-selected')).toBe('true');
      await at.page.keyboard.press('Escape');
      await expect.poll(() => at.details.count()).toBe(0);
      await at.search('event:view or event:buy');
      await expect.poll(() => at.rows.count()).toBe(LOGS.length - 1);
      await at.page.setViewportSize({ width: 1280, height: 420 });
      await at.page.keyboard.press('Escape');
      await at.page.keyboard.press('Escape');
      // Whoever walks down and up again always sees the row he is at.
      for (const key of ['j', 'j', 'j', 'j', 'j', 'j', 'j', 'j', 'j', 'j', 'k', 'k', 'k', 'k', 'k', 'k', 'k', 'k']) {
        await at.page.keyboard.press(key);
      }
      const chosen = at.page.locator('.log-row[aria-selected=true]');
      await expect.poll(() => chosen.getAttribute('aria-rowindex')).toBe('2');
      const [row, head] = [await chosen.boundingBox(), await at.page.locator('.log-heads').boundingBox()];
      expect(row?.y).toBeGreaterThanOrEqual((head?.y ?? 0) + (head?.height ?? 0) - 1);
      await at.page.keyboard.press('Escape');
      await at.page.keyboard.press('d');
      await at.page.keyboard.type('yesterday 3pm to now');
      await at.page.keyboard.press('Enter');
      await expect.poll(() => at.place.get('from')).toMatch(/T15:00:00.000Z$/);
      expect(at.place.get('to')).toBe('now');
      await at.page.keyboard.press('?');
      await at.page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    });

    test('it speaks Chinese', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, RECENT);
      await at.page.getByRole('button', { name: 'Theme, language, time zone' }).click();
      await at.page.getByRole('button', { name: '简体中文' }).click();
      await at.page.getByRole('button', { name: '查询', exact: true }).waitFor();
      await expect.poll(() => at.page.getByText('完整').count()).toBe(1);
    });
  },
);
