// Goal: a newcomer sets up a logstore and has a first log on the screen without leaving the console for more than a terminal.
import { beforeEach, expect, test } from 'vitest';
import { sendRaw } from '../../support/raw-http.js';
import { describeConsole } from './console-suite.js';

describeConsole(
  'setting up in the console',
  async () => undefined,
  (suite) => {
    beforeEach(() => suite.at.openSignedIn(suite.service, '?page=projects'));

    const press = (name: string | RegExp) => suite.at.page.getByRole('button', { name, exact: true }).click();

    test('a new logstore shows what to copy, why a request was refused, and the first log when it comes', async () => {
      const { at, service } = suite;
      await press('New project');
      const dialog = at.page.getByRole('dialog');
      await dialog.getByRole('textbox', { name: 'Name' }).fill('shop');
      await dialog.getByRole('button', { name: 'New project' }).click();
      const card = at.page.getByRole('region', { name: 'shop' });
      await card.getByRole('button', { name: 'New logstore' }).click();
      await dialog.getByRole('textbox', { name: 'Name' }).fill('events');
      await dialog.getByLabel('Web tracking').uncheck();
      await dialog.getByRole('button', { name: 'New logstore' }).click();
      await card.getByRole('button', { name: 'events', exact: true }).click();

      await at.page.getByText('events is empty').waitFor();
      await at.page.getByText('Waiting for the first log').waitFor();
      const command = (await at.page.locator('.snippet pre').textContent()) ?? '';
      const [, url = ''] = /^curl '(.*)'$/.exec(command) ?? [];
      expect(url).toContain(`${service.publicUrl}/logstores/events/track?`);
      expect((await fetch(url)).status).toBe(401);
      await at.page.getByText('does not allow anonymous write').waitFor();

      await press('Switch it on');
      await at.page.getByText('Web tracking is off').waitFor({ state: 'detached' });
      expect((await fetch(url)).status).toBe(200);
      await at.page.getByText('The first log is here.').waitFor();
      await press('Show it');
      await expect.poll(() => at.shownRows()).toEqual([expect.stringContaining('event=hello')]);
    });

    test('a test log goes the way of all logs', async () => {
      const { at, service } = suite;
      await at.open('?project=default&logstore=web');
      await press('Send a test log from here');
      await at.page.getByText('The first log is here.').waitFor();
      const reader = await (await service.admin('POST', '/api/v1/keys', { roles: ['read'] })).json();
      const refused = await fetch(`${service.adminUrl}/api/v1/projects/default/logstores/web/test-log`, {
        method: 'POST',
        headers: { authorization: `Bearer ${reader.id}:${reader.secret}` },
      });
      expect(refused.status).toBe(401);
    });

    test('what would be lost is named, and its name has to be typed', async () => {
      const { at, service } = suite;
      await service.admin('POST', '/api/v1/projects', { name: 'doomed' });
      await service.admin('POST', '/api/v1/projects/doomed/logstores', { name: 'orders' });
      await at.page.reload();
      await press('Delete project doomed');
      const dialog = at.page.getByRole('dialog', { name: 'Delete project doomed' });
      expect(await dialog.textContent()).toContain('orders');
      const remove = dialog.getByRole('button', { name: 'Delete', exact: true });
      expect(await remove.isDisabled()).toBe(true);
      await dialog.getByLabel('Type doomed to confirm').fill('doomed');
      await remove.click();
      await at.page.getByRole('region', { name: 'doomed' }).waitFor({ state: 'detached' });
      expect((await service.admin('GET', '/api/v1/projects/doomed')).status).toBe(404);
    });

    test('a host stands for a project as long as it is a custom domain', async () => {
      const { at, service } = suite;
      const send = async () => {
        const path = '/logstores/web/track?APIVersion=0.6.0&a=b';
        const [answer] = await sendRaw(service.publicUrl, `GET ${path} HTTP/1.1\r\nHost: track.example.com\r\n\r\n`);
        return answer?.status;
      };
      expect(await send()).toBe(404);
      const card = at.page.getByRole('region', { name: 'Custom domains' });
      await card.getByRole('button', { name: 'New domain' }).click();
      const dialog = at.page.getByRole('dialog');
      await dialog.getByRole('textbox', { name: 'Host' }).fill('127.0.0.1');
      await dialog.getByRole('button', { name: 'New domain' }).click();
      await dialog.getByText('is no host name').waitFor();
      await dialog.getByRole('textbox', { name: 'Host' }).fill('Track.example.com');
      await dialog.getByLabel('Project').selectOption('default');
      await dialog.getByRole('button', { name: 'New domain' }).click();
      await dialog.getByText('track.example.com stands for project default.').waitFor();
      await dialog.getByText('DNS: a CNAME or A record').waitFor();
      await dialog.getByRole('button', { name: 'Close' }).click();
      expect(await send()).toBe(200);

      await card.getByRole('button', { name: 'Delete domain track.example.com' }).click();
      await dialog.getByLabel('Type track.example.com to confirm').fill('track.example.com');
      await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
      await card.getByRole('cell', { name: 'track.example.com', exact: true }).waitFor({ state: 'detached' });
      expect(await send()).toBe(404);
    });

    test('quotas of requests and bytes are set, and taken back to those of the service', async () => {
      const { at, service } = suite;
      const quota = async () =>
        (await (await service.admin('GET', '/api/v1/projects/default/logstores/web')).json()).quota;
      await press('Settings of web');
      const dialog = at.page.getByRole('dialog', { name: 'Settings of web' });
      await dialog.getByLabel('Requests a second').fill('50');
      await dialog.getByLabel('KiB a second').fill('1.5');
      await press('Save');
      await dialog.waitFor({ state: 'detached' });
      expect(await quota()).toEqual({ requestsPerSecond: 50, bytesPerSecond: 1536 });
      await press('Settings of web');
      expect(await dialog.getByLabel('KiB a second').inputValue()).toBe('1.5');
      await dialog.getByLabel('Requests a second').fill('');
      await dialog.getByLabel('KiB a second').fill('');
      await press('Save');
      await dialog.waitFor({ state: 'detached' });
      expect(await quota()).toEqual({ requestsPerSecond: null, bytesPerSecond: null });
    });

    test('a logstore has paths of its own and a quarantine', async () => {
      const { at, service } = suite;
      const send = async () => (await fetch(`${service.publicUrl}/collect?APIVersion=0.6.0&event=own`)).status;
      expect(await send()).toBe(404);
      await press('Settings of web');
      const dialog = at.page.getByRole('dialog', { name: 'Settings of web' });
      await dialog.getByLabel('Paths of your own').fill('/collect\n/no spaces');
      await dialog.getByLabel('Quarantine', { exact: false }).first().check();
      await dialog.getByLabel('Kept in quarantine for (days)').fill('3');
      await press('Save');
      await dialog.getByRole('alert').waitFor();
      await dialog.getByLabel('Paths of your own').fill('/collect');
      await press('Save');
      await dialog.waitFor({ state: 'detached' });
      const logstore = await (await service.admin('GET', '/api/v1/projects/default/logstores/web')).json();
      expect(logstore).toMatchObject({ pathAliases: ['/collect'], quarantine: { isOn: true, ttlDays: 3 } });
      expect(await send()).toBe(200);
    });

    test('a key is made, shown once, disabled and deleted', async () => {
      const { at, service } = suite;
      await at.open('?page=keys');
      await press('New key');
      await at.page.getByRole('dialog').getByRole('button', { name: 'New key' }).click();
      const shown = (await at.page.getByRole('dialog', { name: 'The new key' }).locator('pre').textContent()) ?? '';
      const [, id = '', secret = ''] = /ID=(\S+)\n.*SECRET=(\S+)/.exec(shown) ?? [];
      const ask = async () => {
        const answer = await fetch(`${service.adminUrl}/api/v1/projects`, {
          headers: { authorization: `Bearer ${id}:${secret}` },
        });
        return answer.status;
      };
      expect(await ask()).toBe(200);
      await press('Close');
      const line = at.page.getByRole('row', { name: new RegExp(id) });
      await line.getByRole('button', { name: 'Disable' }).click();
      await line.getByText('Disabled').waitFor();
      expect(await ask()).toBe(401);
      await line.getByRole('button', { name: `Delete key ${id}` }).click();
      await at.page.getByLabel(`Type ${id} to confirm`).fill(id);
      await at.page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
      await line.waitFor({ state: 'detached' });
    });

    test('a key for one project, pasted whole, sees that project and nothing that it may not change', async () => {
      const { at, service } = suite;
      const created = await service.admin('POST', '/api/v1/keys', { roles: ['read'], projects: ['default'] });
      const { id, secret } = await created.json();
      await at.page.context().clearCookies();
      await at.open();
      const field = at.page.getByLabel('Access key ID');
      await field.evaluate((input, text) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData('text', text);
        input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
      }, `${id}:${secret}`);
      await press('Sign in');
      await expect.poll(() => at.place.get('project')).toBe('default');
      await at.page.getByRole('combobox', { name: 'Logstore' }).waitFor();
      expect(await at.page.getByRole('link', { name: 'Access keys' }).count()).toBe(0);
      await at.page.getByRole('link', { name: 'Projects and logstores' }).click();
      await at.page.getByRole('region', { name: 'default' }).getByText('web', { exact: true }).waitFor();
      expect(await at.page.getByRole('button', { name: /New|Delete|Settings/ }).count()).toBe(0);
    });

    test('on a phone no page is wider than the screen', async () => {
      const { at } = suite;
      await at.page.setViewportSize({ width: 390, height: 844 });
      for (const name of ['Search logs', 'Dashboards', 'Refused requests', 'Projects and logstores', 'Access keys']) {
        await at.page.getByRole('link', { name }).click();
        const main = at.page.getByRole('main');
        await main.locator('table, .first-log, .empty, [role=table]').first().waitFor();
        expect(await main.evaluate((element) => element.scrollWidth - element.clientWidth), name).toBe(0);
      }
    });

    test('the status page says that writes are accepted', async () => {
      const { at } = suite;
      await at.open('?page=status');
      await at.page.getByText('Writes are accepted.').waitFor();
    });
  },
);
