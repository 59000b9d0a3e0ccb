// Goal: a live tail shows what arrives, in order and once, stands still for who reads, and stays small at 1,000 logs/s.
import { beforeEach, expect, test } from 'vitest';
import { describeConsole } from './console-suite.js';
import { trackLogs } from './track-logs.js';

describeConsole(
  'a live tail',
  async () => undefined,
  (suite) => {
    let sent = 0;

    beforeEach(async () => {
      const { at, service } = suite;
      await at.openSignedIn(service, '?project=default&logstore=web&live=1&column=n');
      await at.page.getByText('Live', { exact: true }).last().waitFor();
      // It begins with what is stored from now on: when one arrives, it has begun.
      await expect
        .poll(async () => {
          await send(1);
          return at.rows.count();
        })
        .toBeGreaterThan(0);
      await expect.poll(newest).toBe(sent);
    });

    async function send(count: number): Promise<void> {
      const { service } = suite;
      const logs = Array.from({ length: count }, () => {
        sent += 1;
        return { n: String(sent), pad: 'x'.repeat(200) };
      });
      await trackLogs(service, 'web', { logs });
    }

    /** How many logs have come, and how many the service says it left out. */
    async function seen(): Promise<{ total: number; leftOut: number }> {
      const { at } = suite;
      const text = (await at.page.locator('.figures').textContent()) ?? '';
      const number = (pattern: RegExp) => Number((pattern.exec(text)?.[1] ?? '0').replaceAll(',', ''));
      return { total: number(/([\d,]+) since the start/), leftOut: number(/Sampled: ([\d,]+)/) };
    }

    const newest = async () => Number((await suite.at.shownRows())[0]);

    test('what arrives is on top', async () => {
      const { at } = suite;
      await send(3);
      await expect.poll(newest).toBe(sent);
      expect(await at.shownRows()).toEqual(expect.arrayContaining([String(sent), String(sent - 1), String(sent - 2)]));
    });

    test('a log that is read has its link and the logs around it', async () => {
      const { at } = suite;
      await send(3);
      await expect.poll(newest).toBe(sent);
      await at.rows.first().click();
      await at.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await at.page.getByRole('button', { name: 'Copy a link to this log' }).click();
      const link = await at.page.evaluate(() => navigator.clipboard.readText());
      await at.page.getByRole('button', { name: 'Context' }).click();
      await at.details
        .getByText(`n=${sent - 1}`)
        .first()
        .waitFor();
      await at.page.goto(link);
      await expect.poll(() => at.details.textContent()).toContain(String(sent));
      expect(at.place.get('live')).toBeNull();
    });

    test('scrolled away from the top it stands still and counts; one click leads back', async () => {
      const { at } = suite;
      await send(200);
      await expect.poll(newest).toBe(sent);
      await at.page.locator('.log-list').hover();
      await at.page.mouse.wheel(0, 800);
      await at.page.getByText('Paused').waitFor();
      const standing = await at.shownRows();
      await send(42);
      await at.page.getByRole('button', { name: '42 new' }).waitFor();
      expect(await at.shownRows()).toEqual(standing);
      await at.page.getByRole('button', { name: '42 new' }).click();
      await expect.poll(newest).toBe(sent);
    });

    test('a lost connection is made again, and nothing is missing and nothing comes twice', async () => {
      const { at, service } = suite;
      await send(1);
      await expect.poll(newest).toBe(sent);
      const before = (await seen()).total;
      // The answer is cut off as by a proxy that restarts; new connections are refused for a while.
      await at.page.context().setOffline(true);
      await service.admin('PUT', '/api/v1/projects/default/logstores/web', { ttlDays: 31 });
      await send(5);
      await at.page.context().setOffline(false);
      await expect.poll(newest).toBe(sent);
      expect((await seen()).total - before).toBe(5);
    });

    test('at 1,000 logs/s all are shown or said to be left out, and the page stays small', async () => {
      const { at } = suite;
      const { total: before } = await seen();
      const first = sent;
      for (let batch = 0; batch < 40; batch += 1) await send(100);
      await expect.poll(newest, { timeout: 20_000 }).toBeGreaterThan(sent - 100);
      await expect
        .poll(async () => {
          const { total, leftOut } = await seen();
          return total - before + leftOut;
        })
        .toBe(sent - first);
      expect(await at.rows.count()).toBeLessThan(100);
      const kept = await at.page.getByRole('table', { name: 'Logs' }).getAttribute('aria-rowcount');
      expect(Number(kept)).toBeLessThanOrEqual(5000);
    });
  },
);
