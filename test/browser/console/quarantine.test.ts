// Goal: logs that could not be taken are seen with their reasons, mended by a rule that was looked at before, and stored once.
import { expect, test } from 'vitest';
import type { Service } from '../../support/service.js';
import { describeConsole } from './console-suite.js';

const WEB = '/api/v1/projects/default/logstores/web';

/** Would mark the page if it were taken for more than text. */
const ATTACK = `"><img src=x onerror="document.documentElement.dataset.attacked='1'">`;

/** Three logs of which one is as it should be. */
const LOGS = [{ event: 'good' }, { event: 'long', ['k'.repeat(200)]: ATTACK }, ATTACK];

async function fill(service: Service): Promise<void> {
  expect((await service.admin('PUT', WEB, { quarantine: { isOn: true } })).status).toBe(200);
  const body = JSON.stringify({ __logs__: LOGS });
  const answer = await fetch(`${service.publicUrl}/logstores/web/track`, {
    method: 'POST',
    headers: { 'x-log-apiversion': '0.6.0', 'x-log-bodyrawsize': String(Buffer.byteLength(body)) },
    body,
  });
  expect([answer.status, answer.headers.get('x-logboom-quarantined')]).toEqual([200, '2']);
  await service.logs('web', { count: 1 });
  await service.logs('web.quarantine', { count: 2 });
}

describeConsole('the quarantine', fill, (suite) => {
  const press = (name: string) => suite.at.page.getByRole('button', { name, exact: true }).click();

  test('shows what waits and why, previews a rule, replays by it, and is emptied', async () => {
    const { at, service } = suite;
    await at.openSignedIn(service, '?page=logstore&part=quarantine&project=default&logstore=web');
    const waiting = at.page.getByRole('region', { name: 'Waiting' });
    await expect.poll(() => waiting.locator('tbody tr').count()).toBe(2);
    expect(await waiting.locator('tbody').textContent()).toContain('<img src=x onerror=');
    expect(await at.page.locator('img').count()).toBe(0);

    await waiting.getByRole('button', { name: /LogNotObject/ }).click();
    await expect.poll(() => waiting.locator('tbody tr').count()).toBe(1);
    const rule = at.page.getByRole('region', { name: 'Mend them' });
    expect(await rule.getByRole('button', { name: 'Replay' }).isDisabled()).toBe(true);
    await rule.getByLabel('Step', { exact: true }).first().selectOption('Make it the field of a log');
    await rule.getByLabel('Field', { exact: true }).fill('message');
    await rule.getByRole('button', { name: 'Preview' }).click();
    await rule.getByText('1 would be stored, 0 dropped, 0 go on waiting').waitFor();
    expect(await rule.getByRole('table', { name: 'Preview' }).textContent()).toContain('"message":');
    await rule.getByRole('button', { name: 'Replay' }).click();
    await press('Replay them');
    await rule.getByText('Done: 1 stored, 0 dropped, 0 go on waiting.').waitFor({ timeout: 20_000 });
    await expect
      .poll(async () => (await service.logs('web', { count: 2 })).map((log) => log['event'] ?? log['message']))
      .toEqual(expect.arrayContaining(['good', ATTACK]));
    expect(await at.page.locator('img').count()).toBe(0);

    await waiting.getByRole('button', { name: 'Empty the quarantine' }).click();
    const dialog = at.page.getByRole('dialog', { name: 'Empty the quarantine' });
    await dialog.getByLabel('Type web to confirm').fill('web');
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await press('Look again');
    await waiting.getByText('No log waits that matches.').waitFor();
  });

  test('who may only read sees what waits, and no more', async () => {
    const { at, service } = suite;
    const { id, secret } = await (await service.admin('POST', '/api/v1/keys', { roles: ['read'] })).json();
    await at.page.request.post(`${service.adminUrl}/api/v1/session`, { data: { id, secret } });
    await at.open('?page=logstore&part=quarantine&project=default&logstore=web');
    await at.page.getByRole('region', { name: 'Waiting' }).waitFor();
    expect(await at.page.getByRole('button', { name: /Preview|Replay|Empty/ }).count()).toBe(0);
  });
});
