/** The embedded store alone, without the service around it, on a directory of its own. */
import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { openLog } from '../../src/platform/diagnostics.js';
import { openStore } from '../../src/store/clickhouse.js';
import { launchStore } from '../../src/store/embedded/launch.js';
import type { QueryLimits, Statement, Store } from '../../src/store/store.js';
import { writeSegment } from '../../test/support/segment-file.js';
import type { PageEvents } from './page-events.js';
import { readUsage, type Usage } from './process-usage.js';

/** As the service has it by default. */
export const STORE_MEMORY_BYTES = 1024 ** 3;

const LIMITS: QueryLimits = { timeMsMax: 60_000, memoryBytesMax: 400 * 1024 ** 2, rowsMax: 1_000_000 };
const SEGMENT_BYTES = 64 * 1024 * 1024;
const never = new AbortController().signal;

export interface Load {
  readonly events: PageEvents;
  readonly logs: number;
  /** Of each log group. */
  readonly batch: number;
  /** The first group's number; the others count up from it. */
  readonly firstSeq: number;
  readonly firstTimeMs: number;
  readonly stepMs: number;
  /** By a group's number. */
  logstoreOf(seq: number): number;
}

export class MeasuredStore {
  readonly directory: string;
  readonly socket: string;
  #child: ChildProcess | undefined;
  #store: Store | undefined;
  #segments = 0;

  constructor(disk: string) {
    this.directory = fs.mkdtempSync(path.join(disk, 'logboom-bench-'));
    this.socket = path.join(this.directory, 's');
  }

  get store(): Store {
    if (this.#store === undefined) throw new Error('the store is not running');
    return this.#store;
  }

  async start(): Promise<void> {
    const launch = { dir: this.#files, socket: this.socket, memoryBytesMax: STORE_MEMORY_BYTES, sessions: 6 };
    this.#child = launchStore({ ...launch, logLevel: 'warn' });
    await once(this.#child, 'message');
    // Columns count at once: what would take minutes is not what is measured.
    const layout = { layoutMsMax: 1000, settleSeconds: 0 };
    this.#store = openStore({ socket: this.socket, log: openLog('bench', 'warn'), ...layout });
    await this.#store.ttls();
  }

  async stop(): Promise<void> {
    await this.store.close();
    this.#child?.kill('SIGTERM');
    if (this.#child !== undefined) await once(this.#child, 'exit');
  }

  remove(): void {
    fs.rmSync(this.directory, { recursive: true });
  }

  /** Starts anew, with nothing of the store's files in the system's memory. */
  async chill(): Promise<void> {
    await this.stop();
    const drop = ['if={}', 'iflag=nocache', 'count=0', 'status=none'];
    execFileSync('find', [this.#files, '-type', 'f', '-exec', 'dd', ...drop, ';']);
    await this.start();
  }

  usage(): Usage {
    return readUsage(this.#child?.pid ?? 0);
  }

  async ask<Row>(statement: Statement): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const row of this.store.query<Row>(statement, LIMITS, never)) rows.push(row);
    return rows;
  }

  /** Loads segments one after the other until there are enough logs. */
  async load({ events, logs, batch, firstSeq, firstTimeMs, stepMs, logstoreOf }: Load): Promise<void> {
    const file = path.join(this.directory, 'segment.ndjson');
    for (let written = 0, seq = firstSeq, timeMs = firstTimeMs; written < logs; ) {
      const groups = [];
      for (let bytes = 0; bytes < SEGMENT_BYTES && written < logs; seq++, timeMs += stepMs) {
        const group = Array.from({ length: batch }, () => events.next());
        groups.push({ logstoreId: logstoreOf(seq), seq, timeMs, logs: group, topic: 'pages', tags: { app: 'shop' } });
        bytes += JSON.stringify(group).length + 250;
        written += batch;
      }
      await this.store.insertSegment({ ...writeSegment(file, this.#segments++, groups), deadLogstores: [] }, never);
    }
    fs.rmSync(file);
  }

  get #files(): string {
    return path.join(this.directory, 'store');
  }
}
