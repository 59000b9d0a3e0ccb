/** A real Logboom, started as its users start it, on free ports and in a directory of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

const COMMAND = path.resolve(
  import.meta.dirname,
  import.meta.dirname.includes(`${path.sep}dist${path.sep}`) ? '../../../bin/logboom' : '../../bin/logboom',
);
const START_MS_MAX = 30_000;
const STOP_MS_MAX = 15_000;
const START_ATTEMPTS_MAX = 3;

export interface ServiceOptions {
  /** The command of another copy of Logboom than this one. */
  readonly command?: string;
  /** Kept from an earlier run; a new temporary directory otherwise. */
  readonly data?: string;
  readonly flags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Set by whoever starts it, as nodes of a cluster have it; made up at the first start otherwise. */
  readonly key?: AccessKey;
  /** Where it runs, if not beside the test. */
  readonly host?: ServiceHost;
}

/** Another host, whose ports are all free. */
export interface ServiceHost {
  /** Stands before a command that is to run there. */
  readonly prefix: readonly [string, ...string[]];
  /** By which it is reached from here. */
  readonly address: string;
}

export const HOST_PORTS = { public: 8080, admin: 8081 } as const;

export interface AccessKey {
  readonly id: string;
  readonly secret: string;
}

export interface Service {
  readonly data: string;
  readonly pid: number;
  /** Without a trailing slash. */
  readonly publicUrl: string;
  readonly adminUrl: string;
  /** The first access key. */
  readonly key: AccessKey;
  /** Resolves when every worker accepts; the start waits for the first one alone. */
  allWorkers(): Promise<void>;
  /** What it wrote to standard output and standard error so far. */
  output(): string;
  /** A call of the admin API with the first access key. */
  admin(method: string, path: string, body?: unknown): Promise<Response>;
  /** Logs of a logstore that match, oldest first; tries until there are `count` or 20 s are over. */
  logs(logstore: string, options?: { query?: string; project?: string; count?: number }): Promise<Log[]>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL of the supervisor alone; resolves when it is gone. */
  kill(): Promise<void>;
}

export type Log = Record<string, string>;

const RUNNING = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of RUNNING) child.kill('SIGKILL');
});

/** Tries again where another program took the free port between its being found and its being used. */
export async function startService(options: ServiceOptions = {}): Promise<Service> {
  const data = options.data ?? (await mkdtemp(path.join(tmpdir(), 'logboom-test-')));
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(data, options);
    } catch (error) {
      if (attempt === START_ATTEMPTS_MAX || !String(error).includes('EADDRINUSE')) throw error;
    }
  }
}

async function start(data: string, options: ServiceOptions): Promise<Service> {
  const { host } = options;
  // Elsewhere other hosts reach the admin listener, each by an address of its own.
  const [listen, adminListen] =
    host === undefined
      ? ['127.0.0.1:0', '127.0.0.1:0']
      : [`${host.address}:${HOST_PORTS.public}`, `0.0.0.0:${HOST_PORTS.admin}`];
  const flags = ['--data', data, '--listen', listen, '--admin-listen', adminListen, ...(options.flags ?? [])];
  const [program, ...before] = [...(host?.prefix ?? []), process.execPath];
  const child = spawn(program ?? process.execPath, [...before, options.command ?? COMMAND, 'serve', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.environment, ...keyVariables(options.key) },
  });
  RUNNING.add(child);
  let output = '';
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      RUNNING.delete(child);
      resolve(code);
    });
  });
  const ready = new Promise<RegExpExecArray>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready in ${START_MS_MAX} ms:\n${output}`)), START_MS_MAX);
    const onText = (text: Buffer) => {
      output += text.toString();
      const match = READY.exec(output);
      if (match === null) return;
      clearTimeout(timer);
      resolve(match);
    };
    child.stdout.on('data', onText);
    child.stderr.on('data', onText);
    void exited.then((code) => {
      clearTimeout(timer);
      reject(new Error(`ended with ${code} before it was ready:\n${output}`));
    });
  });
  const [, publicUrl = '', printedAdminUrl = ''] = await ready.catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  const adminUrl = host === undefined ? printedAdminUrl : `http://${host.address}:${HOST_PORTS.admin}`;

  const key = options.key ?? (JSON.parse(await readFile(path.join(data, 'access-key'), 'utf8')) as AccessKey);
  const admin: Service['admin'] = (method, target, body) =>
    fetch(adminUrl + target, {
      method,
      headers: { authorization: `Bearer ${key.id}:${key.secret}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  return {
    data,
    pid: child.pid as number,
    publicUrl,
    adminUrl,
    key,
    async allWorkers() {
      const deadline = Date.now() + START_MS_MAX;
      while ((await fetch(`${adminUrl}/readyz`)).status !== 200) {
        if (Date.now() > deadline) throw new Error(`not every worker accepts:\n${output}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    output: () => output,
    admin,
    async logs(logstore, { query = '*', project = 'default', count = 0 } = {}) {
      const deadline = Date.now() + 20_000;
      for (;;) {
        const response = await admin('POST', `/api/v1/projects/${project}/logstores/${logstore}/query`, {
          query,
          from: 0,
          // Logs may bring times that are yet to come.
          to: Math.ceil(Date.now() / 1000) + 3600,
          limit: 1_000_000,
          order: 'oldestFirst',
        });
        const text = await response.text();
        if (response.status === 200) {
          const logs = text
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line) as Log);
          if (logs.length >= count) return logs;
        }
        if (Date.now() > deadline)
          throw new Error(`fewer than ${count} logs: ${response.status} ${text.slice(0, 500)}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
      const code = await exited;
      clearTimeout(timer);
      return code;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Removes a service's data; call it where the test succeeded, so that a failed one can be looked into. */
export async function removeData(data: string): Promise<void> {
  await rm(data, { recursive: true, force: true });
}

function keyVariables(key: AccessKey | undefined): Record<string, string> {
  return key === undefined ? {} : { LOGBOOM_ACCESS_KEY_ID: key.id, LOGBOOM_ACCESS_KEY_SECRET: key.secret };
}

const READY = /^.*ready.*?(https?:\/\/\S+).*?(http:\/\/\S+)\s*$/m;
