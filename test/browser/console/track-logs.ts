/** Sending logs as a page does. */
import { expect } from 'vitest';
import type { Service } from '../../support/service.js';

export interface TrackedGroup {
  readonly logs: readonly Readonly<Record<string, string>>[];
  readonly topic?: string;
  readonly source?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export async function trackLogs(service: Service, logstore: string, group: TrackedGroup): Promise<void> {
  const { logs, topic = '', source = '', tags = {} } = group;
  const body = JSON.stringify({ __topic__: topic, __source__: source, __tags__: tags, __logs__: logs });
  const response = await fetch(`${service.publicUrl}/logstores/${logstore}/track`, {
    method: 'POST',
    headers: { 'x-log-apiversion': '0.6.0', 'x-log-bodyrawsize': String(Buffer.byteLength(body)) },
    body,
  });
  expect(response.status, await response.text()).toBe(200);
}

/** Waits until the logstore has so many. */
export async function waitForLogs(service: Service, logstore: string, count: number): Promise<void> {
  await service.logs(logstore, { count });
}
