/** What is measured: the service as users start it, and the yardstick beside it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import * as path from 'node:path';
import { readUsage, type Usage } from './process-usage.js';

const COMMAND = path.resolve(import.meta.dirname, '../../../bin/logboom');
const YARDSTICK = path.resolve(import.meta.dirname, 'yardstick.js');

/** The processes of a service, by their command lines. */
export const PROCESSES = {
  supervisor: /bin\/logboom/,
  worker: /^logboom worker/,
  store: /embedded\/child\.js/,
} as const;

export type ProcessName = keyof typeof PROCESSES;

export interface MeasuredServer {
  readonly pid: number;
  readonly publicUrl: URL;
  readonly adminUrl: URL | undefined;
  readonly data: string | undefined;
  usage(matching?: RegExp): Usage;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** `core` pins the server with all its threads and children, where the machine has `taskset`. */
export async function startLogboom(
  directory: string,
  core: number | undefined,
  flags: string[],
): Promise<MeasuredServer> {
  const data = await mkdtemp(path.join(directory, 'logboom-bench-'));
  const addresses = ['--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0'];
  return start(core, [COMMAND, 'serve', '--data', data, ...addresses, '--log-level', 'warn', ...flags], data);
}

/** A bare node:http server that reads each body and answers 200. */
export function startYardstick(core: number | undefined): Promise<MeasuredServer> {
  return start(core, [YARDSTICK], undefined);
}

async function start(core: number | undefined, args: string[], data: string | undefined): Promise<MeasuredServer> {
  const [command, prefix] =
    core === undefined ? [process.execPath, []] : ['taskset', ['-c', String(core), process.execPath]];
  const child: ChildProcess = spawn(command, [...prefix, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  let output = '';
  const [publicUrl, adminUrl] = await new Promise<string[]>((resolve, reject) => {
    child.once('exit', () => reject(new Error(`the server ended: ${output}`)));
    child.stdout?.on('data', (text: Buffer) => {
      output += text.toString();
      const line = /^.*ready.*$/m.exec(output);
      if (line !== null) resolve(line[0].match(/http:\/\/\S+/g) ?? []);
    });
  });
  if (publicUrl === undefined) throw new Error(`no address in: ${output}`);
  const pid = child.pid as number;
  return {
    pid,
    publicUrl: new URL(publicUrl),
    adminUrl: adminUrl === undefined ? undefined : new URL(adminUrl),
    data,
    usage: (matching) => readUsage(pid, matching),
    async stop() {
      child.kill('SIGTERM');
      await exited;
      if (data !== undefined) await rm(data, { recursive: true, force: true });
    },
  };
}
