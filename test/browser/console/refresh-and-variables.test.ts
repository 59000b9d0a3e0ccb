// Goal: a search keeps itself fresh without taking away what is read, values given beside it never break it, and where
// nothing is found the way to the nearest log is shown.
import { expect, test } from 'vitest';
import { describeConsole } from './console-suite.js';
import { trackLogs, waitForLogs } from './track-logs.js';

const WEB = '?project=default&logstore=web&from=now-1h&to=now';

/** Would end a phrase, a text of SQL, a search or a page if any of it were taken for more than text. */
const ODD = `it's "odd" | or \\ $event <img src=x onerror=alert(1)>`;

const LOGS = [
  ...Array.from({ length: 60 }, (_, i) => ({ event: 'view', n: String(i) })),
  { event: 'buy', n: '60' },
  { event: ODD, n: '61' },
];

const HOUR_MS = 3_600_000;

describeConsole(
  'searches that are asked again',
  async (service) => {
    await trackLogs(service, 'web', { logs: LOGS });
    await waitForLogs(service, 'web', LOGS.length);
  },
  (suite) => {
    const press = (name: string) => suite.at.page.getByRole('button', { name, exact: true }).click();

    async function arrive(n: number): Promise<void> {
      await trackLogs(suite.service, 'web', { logs: [{ event: 'fresh', n: String(n) }] });
      await waitForLogs(suite.service, 'web', LOGS.length + n);
    }

    test('what arrives shows up by itself, but not while a log is read or the list is scrolled', async () => {
      const { at, service } = suite;
      await at.page.clock.install();
      await at.openSignedIn(service, `${WEB}&query=event:fresh&column=n`);
      await at.page.getByText('No log matches').waitFor();
      const refresh = at.page.getByLabel('Refresh by itself');
      await refresh.selectOption('1 m');
      expect(at.place.get('refresh')).toBe('60');
      await arrive(1);
      await at.page.clock.fastForward(60_000);
      await expect.poll(() => at.shownRows()).toEqual(['1']);

      let count = 0;
      at.page.on('request', (request) => {
        if (request.url().endsWith('/query')) count += 1;
      });
      await at.rows.first().click();
      await expect.poll(() => refresh.getAttribute('aria-description')).toContain('Held');
      await arrive(2);
      await at.page.clock.fastForward(600_000);
      expect(count).toBe(0);
      await at.page.keyboard.press('Escape');
      await expect.poll(() => refresh.getAttribute('aria-description')).toBeNull();
      await at.page.clock.fastForward(60_000);
      await expect.poll(() => at.shownRows()).toEqual(['2', '1']);
    });

    test('a variable takes any value, and the query stays what it is', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, `${WEB}&column=event`);
      await at.search('event:$event');
      const event = at.page.getByRole('form', { name: 'Variables of the query' }).getByLabel('$event');
      await event.fill('buy');
      await event.press('Enter');
      await expect.poll(() => at.shownRows()).toEqual(['buy']);
      expect([at.place.get('query'), at.place.get('$event')]).toEqual(['event:$event', 'buy']);
      await event.fill(ODD);
      await event.press('Enter');
      await expect.poll(() => at.shownRows()).toEqual([ODD]);
      await at.page.goBack();
      await expect.poll(() => at.shownRows()).toEqual(['buy']);

      await at.search('* | SELECT event, count(*) AS n WHERE event = $event GROUP BY event');
      await event.fill(ODD);
      await event.press('Enter');
      await press('Table');
      await at.page.getByRole('region', { name: 'Chart' }).getByRole('cell', { name: ODD }).waitFor();
      expect(await at.page.locator('img').count()).toBe(0);
    });

    test('a saved search brings its values, and a dashboard has one input for all that stand on it', async () => {
      const { at, service } = suite;
      const saved = { logstore: 'web', from: 'now-1h', to: 'now', chart: 'table', dashboard: 'Shop' };
      for (const [name, query] of [
        ['Count', 'event:$event | SELECT count(*) AS logs'],
        ['Which', '* | SELECT event WHERE event = $event LIMIT 1'],
      ]) {
        const body = { ...saved, name, query, variables: { event: 'view' } };
        expect((await service.admin('POST', '/api/v1/projects/default/saved-searches', body)).status).toBe(201);
      }
      await at.openSignedIn(service, '?page=dashboards&project=default&dashboard=Shop');
      const count = at.page.getByRole('region', { name: 'Count' });
      await count.getByRole('cell', { name: '60', exact: true }).waitFor();
      const event = at.page.getByRole('form', { name: 'Variables of the query' }).getByLabel('$event');
      expect(await event.inputValue()).toBe('view');
      await event.fill('buy');
      await event.press('Enter');
      await count.getByRole('cell', { name: '1', exact: true }).waitFor();
      await at.page.getByRole('region', { name: 'Which' }).getByRole('cell', { name: 'buy' }).waitFor();
      await count.getByRole('button', { name: 'Count', exact: true }).click();
      await expect.poll(() => at.place.get('$event')).toBe('buy');
      expect(at.place.get('query')).toContain('$event');
    });

    test.each([
      ['last match before', 1, /It last matched (1 h 0 m|59 m \d+ s) before this range/],
      ['first match behind', -3, /It first matches (2 h 0 m|1 h 59 m) after this range/],
    ])('where nothing is found, the %s it is told, and one click leads there', async (_which, hours, told) => {
      const { at, service } = suite;
      const from = new Date(Date.now() + hours * HOUR_MS).toISOString();
      const to = new Date(Date.now() + (hours + 1) * HOUR_MS).toISOString();
      await at.openSignedIn(
        service,
        `?project=default&logstore=web&query=event:buy&column=n&${new URLSearchParams({ from, to })}`,
      );
      await at.page.getByText(told).waitFor();
      await press('Go there');
      await expect.poll(() => at.shownRows()).toEqual(['60']);
    });

    test('rows can be set closer, and stay so', async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, `${WEB}&query=event:view`);
      const height = async () => (await at.rows.first().boundingBox())?.height ?? 0;
      const before = await height();
      await press('Theme, language, time zone');
      await press('Compact');
      await expect.poll(height).toBeLessThan(before);
      await at.page.reload();
      await expect.poll(height).toBeLessThan(before);
    });
  },
);
