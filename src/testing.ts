/**
 * For the tests of pages and apps: `import { startLogboom } from 'logboom/testing'`. Works with any test runner; what is
 * expected and does not come is an Error that says what came instead.
 */

import type { DevLog } from './dev/kept-logs.js';
import { openDev } from './dev.js';

export interface StartOptions {
  /** 0, which is the default, finds a free one. */
  readonly port?: number;
  /** Answers as strictly as SLS does: values that are not strings are refused. */
  readonly strict?: boolean;
}

/** What the next tracked requests meet, in this order. Each is for one request unless it says otherwise. */
export interface RequestedFault {
  readonly times?: number;
  readonly delayMs?: number;
  readonly status?: number;
  readonly drop?: boolean;
}

export interface Logboom {
  /** `http://127.0.0.1:41234`, the `host` of an SDK. */
  readonly url: string;
  /** Logs of a logstore, of the project `default` unless another is named. */
  logs(logstore: string, options?: { readonly project?: string }): Logs;
  /** Forgets all logs and faults; call it between tests. */
  reset(): Promise<void>;
  fail(...faults: readonly RequestedFault[]): Promise<void>;
}

export interface StartedLogboom extends Logboom {
  stop(): Promise<void>;
}

/** Expectations wait for what is still on its way, five seconds unless `withinMs` says otherwise. */
export interface Logs {
  all(): Promise<DevLog[]>;
  /** The first log that has all of these; throws if none comes. */
  toContain(expected: DevLog, options?: Waiting): Promise<DevLog>;
  /** All logs, once there are `count`; throws if there are more or fewer. */
  toHaveLength(count: number, options?: Waiting): Promise<DevLog[]>;
}

export interface Waiting {
  readonly withinMs?: number;
}

const WITHIN_MS = 5000;

/** Starts an emulator in this process. */
export async function startLogboom(options: StartOptions = {}): Promise<StartedLogboom> {
  const dev = await openDev(options);
  return { ...connectLogboom(dev.url), stop: () => dev.close() };
}

/** Uses one that `logboom dev` runs. */
export function connectLogboom(url: string): Logboom {
  return {
    url,
    logs: (logstore, { project = 'default' } = {}) => openLogs(url, { project, logstore }),
    reset: async () => {
      await ask(url, 'DELETE', '/__test__/logs');
    },
    fail: async (...faults) => {
      await ask(url, 'PUT', '/__test__/faults', faults);
    },
  };
}

function openLogs(url: string, of: { project: string; logstore: string }): Logs {
  const find = async (parameters: Record<string, string>): Promise<DevLog[]> => {
    const response = await ask(url, 'GET', `/__test__/logs?${new URLSearchParams({ ...of, ...parameters })}`);
    // Both ends are ours.
    return ((await response.json()) as { logs: DevLog[] }).logs;
  };
  const describe = (logs: readonly DevLog[]) =>
    logs.length === 0 ? 'there are no logs' : `there are:\n${logs.map((log) => JSON.stringify(log)).join('\n')}`;
  return {
    all: () => find({}),
    async toContain(expected, { withinMs = WITHIN_MS } = {}) {
      const [found] = await find({ match: JSON.stringify(expected), count: '1', wait: String(withinMs) });
      if (found !== undefined) return found;
      throw new Error(`no log of ${of.logstore} has ${JSON.stringify(expected)}; ${describe(await find({}))}`);
    },
    async toHaveLength(count, { withinMs = WITHIN_MS } = {}) {
      const found = await find({ count: String(count), wait: String(withinMs) });
      if (found.length === count) return found;
      throw new Error(`${of.logstore} has ${found.length} logs and not ${count}; ${describe(found)}`);
    },
  };
}

async function ask(url: string, method: string, path: string, body?: unknown): Promise<Response> {
  const response = await fetch(url + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(`the emulator answers ${response.status}: ${await response.text()}`);
  return response;
}
