// Goal: an index is made of the fields that were seen, its effect is told before and felt after, and what is wrong with it is
// shown where it is.
import { expect, test } from 'vitest';
import type { IndexConfig, LogstoreIndexInfo } from '../../../src/api/logstore-index.js';
import type { Service } from '../../support/service.js';
import { describeConsole } from './console-suite.js';
import { trackLogs, waitForLogs } from './track-logs.js';

const INDEX = '/api/v1/projects/default/logstores/web/index';

async function fill(service: Service): Promise<void> {
  await trackLogs(service, 'web', {
    logs: [
      { event: 'buy', price: '99', path: '/cart' },
      { event: 'view', price: '7', path: '/' },
    ],
  });
  await waitForLogs(service, 'web', 2);
}

describeConsole('the index editor', fill, (suite) => {
  const press = (name: string) => suite.at.page.getByRole('button', { name, exact: true }).click();
  const save = async () => {
    await press('Save');
    await suite.at.page.getByText('Saved.').waitFor();
  };
  const readIndex = async (): Promise<IndexConfig | null> => {
    const answer: LogstoreIndexInfo = await (await suite.service.admin('GET', INDEX)).json();
    return answer.config;
  };

  test('makes an index of fields that were seen, and takes it away again', async () => {
    const { at, service } = suite;
    await at.openSignedIn(service, '?page=projects');
    await press('Index of web');
    await press('price');
    const price = at.page.getByRole('group', { name: 'price', exact: true });
    expect(await price.getByLabel('Type of price').inputValue()).toBe('long');
    await at.page.getByText('will be refused').getByText('event, path').waitFor();
    await at.page.getByLabel('Name of a field').fill('event');
    await press('Add');
    const event = at.page.getByRole('group', { name: 'event', exact: true });
    await event.getByLabel('Delimiters').fill(',\\n');
    await event.getByLabel('Large and small letters differ').check();
    await event.getByLabel('Name in SQL').fill('what');
    await event.getByLabel('In SQL', { exact: true }).uncheck();
    await at.page.getByLabel('Full text').check();
    await save();
    expect(await readIndex()).toMatchObject({
      line: { token: expect.arrayContaining([',', '\n']) },
      keys: {
        price: { type: 'long' },
        event: { type: 'text', token: [',', '\n'], caseSensitive: true, alias: 'what', doc_value: false },
      },
    });

    await at.open('?project=default&logstore=web&from=now-1h&to=now&query=price+%3E+50');
    await expect.poll(() => at.rows.count()).toBe(1);
    await at.search('path:cart');
    await at.page.getByText('key (path) is not config').first().waitFor();

    await at.open('?page=logstore&project=default&logstore=web');
    await press('Remove event');
    await press('Undo changes');
    await press('Delete the index');
    const dialog = at.page.getByRole('dialog', { name: 'Delete the index' });
    expect(await dialog.textContent()).toContain('Types, delimiters and names of the fields of web are lost');
    await dialog.getByLabel('Type web to confirm').fill('web');
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await at.page.getByText('This logstore has no index').waitFor();
    expect(await readIndex()).toBeNull();
  });

  test('takes JSON from elsewhere, keeps what the form does not show, and shows mistakes at their place', async () => {
    const { at, service } = suite;
    await at.openSignedIn(service, '?page=logstore&project=default&logstore=web');
    await press('JSON');
    const json = at.page.getByRole('textbox', { name: 'JSON' });
    await json.fill('{"keys": ');
    await at.page.getByRole('alert').waitFor();
    await json.fill('{"keys": {"price": {"type": "number"}, "a.b": {"type": "long"}}, "max_text_len": 4096}');
    await press('Save');
    await at.page.getByText('keys.price.type').waitFor();
    await press('Form');
    expect(await at.page.locator('.key-line.wrong').getAttribute('aria-label')).toBe('price');
    await at.page.getByLabel('Type of price').selectOption('Numbers');
    await save();
    expect(await readIndex()).toEqual({
      keys: { price: { type: 'double' }, 'a.b': { type: 'long' } },
      max_text_len: 4096,
    });
    await service.admin('DELETE', INDEX);
  });

  test('is only for reading with a key that may read', async () => {
    const { at, service } = suite;
    await service.admin('PUT', INDEX, { keys: { price: { type: 'long' } } });
    const { id, secret } = await (await service.admin('POST', '/api/v1/keys', { roles: ['read'] })).json();
    await at.page.request.post(`${service.adminUrl}/api/v1/session`, { data: { id, secret } });
    await at.open('?page=logstore&project=default&logstore=web');
    expect(await at.page.getByLabel('Type of price').isDisabled()).toBe(true);
    expect(await at.page.getByRole('button', { name: 'Save' }).count()).toBe(0);
    await service.admin('DELETE', INDEX);
  });
});
