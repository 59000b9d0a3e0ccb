/** Looks again and again, a quarter of a second between, until it is so. */
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 250;
const PATIENCE_MS = 120_000;

export async function waitUntil(isSo: () => Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > deadlineMs) throw new Error(`not so within ${PATIENCE_MS} ms: ${isSo}`);
    await sleep(LOOK_EVERY_MS);
  }
}
