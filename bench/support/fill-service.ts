/** A running service with many logs: a tenth of them tracked as pages do, the others copied to the days before. */
import { setTimeout as sleep } from 'node:timers/promises';
import { storeSocket } from '../../src/supervisor/store-socket.js';
import type { Service } from '../../test/support/service.js';
import { countLogs } from './ask-store.js';
import { copyDays } from './copy-days.js';
import type { PageEvents } from './page-events.js';

const DAYS = 10;
const DAY_MS = 24 * 3600 * 1000;
const LOGS_PER_POST = 1000;
const POSTS_AT_A_TIME = 4;

/** The service must have no quota for this. Resolves with the number of logs when merges rest. */
export async function fillService(service: Service, logs: number, events: PageEvents): Promise<number> {
  const socket = storeSocket(service.data);
  const before = await countLogs(socket);
  const posts = Math.ceil(logs / DAYS / LOGS_PER_POST);
  const today = () => Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const dayMs = today();
  let sent = 0;
  const sender = async () => {
    while (sent < posts) {
      sent += 1;
      await post(service, events.body(LOGS_PER_POST));
    }
  };
  await Promise.all(Array.from({ length: POSTS_AT_A_TIME }, sender));
  while ((await countLogs(socket)) < before + posts * LOGS_PER_POST) await sleep(500);
  if (today() !== dayMs) throw new Error('the day has ended meanwhile; once more, please');
  await copyDays(socket, dayMs, DAYS);
  return countLogs(socket);
}

async function post(service: Service, body: Buffer): Promise<void> {
  const headers = { 'x-log-apiversion': '0.6.0', 'x-log-bodyrawsize': String(body.length) };
  for (;;) {
    const response = await fetch(`${service.publicUrl}/logstores/web/track`, { method: 'POST', headers, body });
    if (response.status === 200) return;
    // The spool is full, and is loaded meanwhile.
    if (response.status !== 503) throw new Error(await response.text());
    await sleep(1000);
  }
}
