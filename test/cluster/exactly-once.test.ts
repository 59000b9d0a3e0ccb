// Goal: whatever the way to the server does to an insert and its answer, each log is there once.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fault, FaultyProxy } from '../support/faulty-proxy.js';
import { removeData, type Service, startService } from '../support/service.js';
import { openTestServer, type TestServer } from '../support/test-server.js';

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 25_000, interval: 50 });

const LOGS_EACH = 1000;
/** With this in each log, the body of an insert has far more than a piece of the network. */
const FILLING = 'x'.repeat(300);
const INSERT = /query=INSERT/;

let server: TestServer;
let way: FaultyProxy;
let service: Service;
/** Log groups that were answered with 200, of LOGS_EACH logs. */
let groups = 0;

beforeAll(async () => {
  server = await openTestServer();
  way = new FaultyProxy(server);
  await way.open();
  service = await startService({ flags: server.flags([way.url]) });
});

afterAll(async () => {
  await service.stop();
  await way.close();
  await server.close();
  await removeData(service.data);
});

async function track(): Promise<void> {
  const logs = Array.from({ length: LOGS_EACH }, (_, i) => ({ n: `${groups}-${i}`, FILLING }));
  const body = JSON.stringify({ __logs__: logs });
  const headers = { 'x-log-apiversion': '0.6.0', 'x-log-bodyrawsize': String(body.length) };
  const response = await fetch(`${service.publicUrl}/logstores/web/track`, { method: 'POST', headers, body });
  expect(response.status).toBe(200);
  groups++;
}

/** All rows, and how many different ones by their numbers and by what they say; nothing while the server is away. */
async function rows(): Promise<readonly number[]> {
  const sql = `SELECT count(), uniqExact(logstore, shard, seq, row), uniqExact(fields['n']) FROM logs FORMAT JSONCompact`;
  const answer = JSON.parse(await server.run(sql)) as { data: [string[]] };
  return answer.data[0].map(Number);
}

async function everythingIsThereOnce(): Promise<void> {
  await eventually(rows).toEqual(Array(3).fill(groups * LOGS_EACH));
  await eventually(unloadedSegments).toBe(0);
  expect(await rows()).toEqual(Array(3).fill(groups * LOGS_EACH));
}

async function unloadedSegments(): Promise<number | undefined> {
  const answer = (await (await service.admin('GET', '/api/v1/status')).json()) as {
    shards: readonly { figures: { unloadedSegments: number } }[];
  };
  return answer.shards[0]?.figures.unloadedSegments;
}

const lost: Fault = { match: INSERT, cut: 'answer' };
const broken: Fault = { match: INSERT, cut: 'body', bytes: 100_000 };
const refused: Fault = { match: INSERT, cut: 'before' };

test.each<[string, readonly Fault[]]>([
  ['the answer is lost', [lost]],
  ['the connection breaks in the middle of the body, twice', [broken, broken]],
  ['the connection breaks before the body', [refused]],
  ['everything happens, one after the other', [broken, lost, refused, lost, broken, broken, lost]],
])('%s', async (_what, faults) => {
  way.plan(...faults);
  while (way.planned > 0) {
    await track();
    await everythingIsThereOnce();
  }
});

test('the way is slow', async () => {
  way.delayMs = 20;
  await track();
  await everythingIsThereOnce();
  way.delayMs = 0;
});

describe('a server of ours', () => {
  test('is killed while it is loading, and comes back', async ({ skip }) => {
    const { process: ours } = server;
    if (ours === undefined) return skip('yours is not killed');
    for (let round = 0; round < 2; round++) {
      await track();
      await track();
      await ours.end('SIGKILL');
      await track();
      await ours.start();
    }
    await everythingIsThereOnce();
  });

  test('hangs for a while', async ({ skip }) => {
    const { process: ours } = server;
    if (ours === undefined) return skip('yours is not stopped');
    await track();
    ours.signal('SIGSTOP');
    await track();
    await track();
    ours.signal('SIGCONT');
    await everythingIsThereOnce();
  });
});
