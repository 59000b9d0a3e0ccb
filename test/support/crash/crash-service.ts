/** The service under the harness: its processes, its restarts and its spool, seen from outside. */
import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AccessKey, type Service, type ServiceHost, startService } from '../service.js';
import { findProcesses, killAll, type ServiceProcess } from './processes.js';

export interface CrashServiceOptions {
  /** Of a copy of the product; this build's own if absent. */
  readonly command?: string;
  readonly data: string;
  readonly workers: number;
  readonly flags?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Processes of a store of its own: 1, or 0 before a server. */
  readonly stores?: 0 | 1;
  readonly key?: AccessKey;
  readonly host?: ServiceHost;
}

/** How long processes may take until they are those that there should be: the tenth restart in a row waits for ten seconds. */
const QUIET_MS_MAX = 45_000;
const LOOK_EVERY_MS = 50;
/** It names the project's few logstores. */
const HEAD_BYTES_MAX = 64 * 1024;

export class CrashService {
  readonly data: string;
  readonly #options: CrashServiceOptions;
  /** In the environment of all its processes, to find them by. */
  readonly #mark = `CRASH_RUN=${randomUUID()}`;
  #service: Service | undefined;

  constructor(options: CrashServiceOptions) {
    this.#options = options;
    this.data = options.data;
  }

  /** As it was started last. */
  get service(): Service {
    if (this.#service === undefined) throw new Error('the service was never started');
    return this.#service;
  }

  async start(): Promise<void> {
    const { command, data, workers, flags = [], environment, key, host } = this.#options;
    const [name = '', value = ''] = this.#mark.split('=');
    this.#service = await startService({
      ...(command === undefined ? {} : { command }),
      data,
      flags: ['--workers', String(workers), ...flags],
      environment: { ...environment, [name]: value },
      ...(key === undefined ? {} : { key }),
      ...(host === undefined ? {} : { host }),
    });
  }

  processes(): ServiceProcess[] {
    return findProcesses(this.#mark);
  }

  get isSupervised(): boolean {
    return this.processes().some(({ pid }) => pid === this.#service?.pid);
  }

  /**
   * Resolves when there is one supervisor with its workers and its store, and nothing else: no process that an earlier
   * supervisor left behind may still be writing.
   */
  async quiet(): Promise<void> {
    const { workers, stores = 1 } = this.#options;
    const deadline = performance.now() + QUIET_MS_MAX;
    for (;;) {
      const found = this.processes();
      const children = found.filter(({ parent }) => parent === this.#service?.pid);
      const count = (role: string) => children.filter((process) => process.role === role).length;
      const isWhole = this.isSupervised && count('worker') === workers && count('store') === stores;
      if (isWhole && found.length === 1 + children.length) return;
      if (performance.now() > deadline) {
        throw new Error(`a process too many or too few after ${QUIET_MS_MAX} ms: ${JSON.stringify(found)}`);
      }
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** Whether every log group in the spool has been marked as loaded. */
  get isDrained(): boolean {
    return this.unloadedSegments().every(hasHeadAtMost);
  }

  /** Those that are written or wait for the loader. */
  unloadedSegments(): string[] {
    return this.spoolFiles().filter((file) => /\/\d+\.ndjson$/.test(file));
  }

  /** What the service took out of its spool because it found it damaged, or the store refused it. */
  get asideFiles(): string[] {
    return this.spoolFiles().filter((file) => /\.(bad|aside\.ndjson)$/.test(file));
  }

  spoolFiles(): string[] {
    const spool = path.join(this.data, 'spool');
    return fs
      .readdirSync(spool)
      .flatMap((shard) => fs.readdirSync(path.join(spool, shard)).map((name) => path.join(spool, shard, name)));
  }

  /** Kills what is left of it. */
  async end(): Promise<void> {
    await killAll(() => this.processes());
  }
}

/** The first line of a segment is its head, and short. */
function hasHeadAtMost(segment: string): boolean {
  const start = Buffer.alloc(HEAD_BYTES_MAX);
  try {
    const file = fs.openSync(segment, 'r');
    const bytes = fs.readSync(file, start);
    fs.closeSync(file);
    return bytes === 0 || start.subarray(0, bytes).indexOf('\n') === fs.statSync(segment).size - 1;
  } catch {
    return true; // marked as loaded since, or deleted
  }
}
