// Goal: several workers are one service, and what was acknowledged by a worker that is no more is loaded all the same.
import { expect, test } from 'vitest';
import { removeData, type Service, startService } from './support/service.js';

/** Each on a connection of its own, so that every worker gets some. */
async function sendLogs(service: Service, from: number, count: number): Promise<void> {
  const answers = Array.from({ length: count }, (_, i) =>
    fetch(`${service.publicUrl}/logstores/web/track?APIVersion=0.6.0&n=${from + i}`, {
      headers: { connection: 'close' },
    }),
  );
  for (const answer of await Promise.all(answers)) expect(answer.status).toBe(200);
}

function numbers(logs: readonly Record<string, string>[]): number[] {
  return logs.map((log) => Number(log['n'])).sort((a, b) => a - b);
}

test('logs that two workers acknowledged are found after a crash and a start with one', async () => {
  const two = await startService({ flags: ['--workers', '2', '--spool-segment-age-max', '1min'] });
  await two.allWorkers();
  await sendLogs(two, 0, 200);
  await two.kill();

  const one = await startService({ data: two.data });
  await sendLogs(one, 200, 10);
  const expected = Array.from({ length: 210 }, (_, i) => i);
  expect(numbers(await one.logs('web', { count: 210 }))).toEqual(expected);
  expect(await one.stop()).toBe(0);
  await removeData(two.data);
});

test('a switch that is turned off is off for the next request at every worker', async () => {
  const service = await startService({ flags: ['--workers', '2'] });
  await service.allWorkers();
  for (const webTracking of [false, true, false]) {
    const changed = await service.admin('PUT', '/api/v1/projects/default/logstores/web', { webTracking });
    expect(changed.status).toBe(200);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        fetch(`${service.publicUrl}/logstores/web/track?APIVersion=0.6.0&k=v`, { headers: { connection: 'close' } }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([webTracking ? 200 : 401]));
  }
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
});
