// Goal: of a client's address no more is stored than its logstore keeps, from the next request on.
import { expect, test } from 'vitest';
import { removeData, startService } from './support/service.js';

test('an address is stored whole, cut, under a name for the day, or not at all', async () => {
  const service = await startService({ flags: ['--trusted-proxies', '127.0.0.1', '--spool-segment-age-max', '50ms'] });
  const logstores = '/api/v1/projects/default/logstores';
  await service.admin('POST', logstores, { name: 'seen', webTracking: true, appendMeta: true });
  const addresses = ['203.0.113.9', '203.0.113.77', '2001:db8:1:2::3'];
  let sent = 0;
  const send = async () => {
    for (const address of addresses) {
      const target = `${service.publicUrl}/logstores/seen/track?APIVersion=0.6.0&n=${sent++}`;
      expect((await fetch(target, { headers: { 'x-forwarded-for': address } })).status).toBe(200);
    }
  };

  await send();
  for (const clientAddress of ['network', 'none', 'pseudonym', 'pseudonym']) {
    expect((await service.admin('PUT', `${logstores}/seen`, { clientAddress })).status).toBe(200);
    await send();
  }

  const logs = await service.logs('seen', { count: sent });
  const stored = logs.sort((a, b) => Number(a['n']) - Number(b['n'])).map((log) => log['__source__']);
  expect(logs.map((log) => log['__tag__:__client_ip__'])).toEqual(stored);
  const name = expect.stringMatching(/^anon-[0-9a-f]{12}$/);
  expect(stored).toEqual([
    ...addresses,
    ...['203.0.113.0', '203.0.113.0', '2001:db8:1::'],
    ...['', '', ''],
    ...[name, name, name, name, name, name],
  ]);
  // The same client has the same name, others have others.
  expect(stored.slice(9, 12)).toEqual(stored.slice(12));
  expect(new Set(stored.slice(9)).size).toBe(3);

  expect(await service.stop()).toBe(0);
  await removeData(service.data);
});
