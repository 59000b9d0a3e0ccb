/** How soon a change of the catalog at one node has its effect at another: web tracking of a logstore, switched off and on. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from '../../test/support/service.js';

export interface ChangeTimes {
  /** From the request to the answer of the node that was asked, in ms, sorted. */
  readonly answered: Float64Array;
  /** From its answer to the first request that the other node treated anew, in ms, sorted. */
  readonly effective: Float64Array;
}

const LOGSTORE = 'switched';
const LOGSTORES = '/api/v1/projects/default/logstores';
const LOOK_EVERY_MS = 20;
/** Changes come at any moment between two looks of the other node, which are two seconds apart. */
const PAUSE_MS_MAX = 2000;
const PATIENCE_MS = 30_000;

export async function timeToEffect(changed: Service, other: Service, count: number): Promise<ChangeTimes> {
  const answered: number[] = [];
  const effective: number[] = [];
  await change(changed, 'POST', LOGSTORES, { name: LOGSTORE, webTracking: true });
  await untilStatus(other, 200);
  for (let n = 0; n < count; n++) {
    await sleep(Math.random() * PAUSE_MS_MAX);
    const webTracking = n % 2 === 1;
    const startedMs = performance.now();
    await change(changed, 'PUT', `${LOGSTORES}/${LOGSTORE}`, { webTracking });
    const answeredMs = performance.now();
    await untilStatus(other, webTracking ? 200 : 401);
    answered.push(answeredMs - startedMs);
    effective.push(performance.now() - answeredMs);
  }
  return { answered: Float64Array.from(answered).sort(), effective: Float64Array.from(effective).sort() };
}

async function change(node: Service, method: string, path: string, body: object): Promise<void> {
  const response = await node.admin(method, path, body);
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
}

async function untilStatus(node: Service, status: number): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  const target = `${node.publicUrl}/logstores/${LOGSTORE}/track?APIVersion=0.6.0&event=look`;
  while ((await fetch(target)).status !== status) {
    if (performance.now() > deadlineMs) throw new Error(`the change has no effect within ${PATIENCE_MS} ms`);
    await sleep(LOOK_EVERY_MS);
  }
}
