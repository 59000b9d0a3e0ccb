// Goal: only the listed pages write to a logstore that lists them; a change of the list counts from the next request on.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { counted } from '../support/logs.js';
import { removeData, type Service, startService } from '../support/service.js';
import { ORIGIN_CASES, ORIGINS } from './origin-cases.js';
import { check, play } from './play.js';

const WEB = '/api/v1/projects/default/logstores/web';

let service: Service;

beforeAll(async () => {
  service = await startService();
  await service.admin('POST', '/api/v1/projects/default/logstores', { name: 'closed', origins: ORIGINS });
  expect((await service.admin('PUT', WEB, { origins: ORIGINS })).status).toBe(200);
});

afterAll(async () => {
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
});

test.each(ORIGIN_CASES)('$name', async ({ request, expect: expected }) => {
  check(await play(service.publicUrl, request), expected);
});

test('what was acknowledged is found, and nothing else', async () => {
  const expected = ORIGIN_CASES.flatMap(({ stored = [] }) => stored);
  expect(counted(await service.logs('web', { count: expected.length }))).toEqual(counted(expected));
});

test('a change counts from the next request on', async () => {
  const send = async () => {
    const request = {
      method: 'GET',
      path: '/logstores/web/track?APIVersion=0.6.0',
      headers: { origin: 'https://new.test' },
    };
    return (await play(service.publicUrl, request)).status;
  };
  expect(await send()).toBe(401);
  for (const [origins, status] of [
    [{ allowed: ['https://new.test'] }, 200],
    [{ allowed: [] }, 401],
    [{ mode: 'report' }, 200],
    [{ mode: 'enforce' }, 401],
    [{ mode: 'off' }, 200],
  ] as const) {
    expect((await service.admin('PUT', WEB, { origins })).status).toBe(200);
    expect(await send()).toBe(status);
  }
});
