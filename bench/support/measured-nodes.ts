/** Nodes as operators run them, with an engine of their own or before one that they share, and what they take of the processor. */

import { storeSocket } from '../../src/supervisor/store-socket.js';
import { removeData, type Service, startService } from '../../test/support/service.js';
import { StoreProcess } from '../../test/support/store-process.js';
import { askStore, countLogs, type StoreAddress } from './ask-store.js';
import { type LoadResult, runLoad } from './http-load.js';
import { readUsage } from './process-usage.js';
import { PROCESSES } from './servers.js';
import { waitUntil } from './wait-until.js';

export interface CpuSeconds {
  /** Supervisors and workers of all nodes. */
  readonly nodes: number;
  readonly store: number;
}

/** Of each node. */
export interface NodeLoad {
  readonly requests: readonly Buffer[];
  /** Requests a second. */
  readonly rate: number;
  readonly durationMs: number;
  readonly signal?: AbortSignal;
}

/** Of all nodes: each has its own only where it makes the first one up. */
const KEY = { id: 'LBbench', secret: 'the-secret-of-all-nodes' };
const FLAGS = ['--spool-free-bytes-min', '0', '--log-level', 'warn'];
/** What the embedded store has by default: both are to be the same engine. */
const ENGINE = { memoryBytesMax: 1024 ** 3, sessions: 6 };
const CONNECTIONS = 32;

export class MeasuredNodes {
  readonly nodes: readonly Service[];
  /** Undefined where the one node has its own. */
  readonly #engine: StoreProcess | undefined;

  private constructor(nodes: readonly Service[], engine: StoreProcess | undefined) {
    this.nodes = nodes;
    this.#engine = engine;
  }

  /** One node with its own engine. */
  static async alone(): Promise<MeasuredNodes> {
    const measured = new MeasuredNodes([await startService({ key: KEY, flags: FLAGS })], undefined);
    await waitUntil(() => measured.#answers());
    return measured;
  }

  /** `store: cluster`, on our own store process behind a port. */
  static async onServer(count: number): Promise<MeasuredNodes> {
    const engine = new StoreProcess({ isOnPort: true });
    await engine.start(ENGINE);
    const nodes: Service[] = [];
    for (let n = 0; n < count; n++) {
      const place = ['--store', 'cluster', '--store-urls', engine.url, '--node-name', `node-${n}`];
      nodes.push(await startService({ key: KEY, flags: [...FLAGS, ...place] }));
    }
    const measured = new MeasuredNodes(nodes, engine);
    await waitUntil(() => measured.#answers());
    return measured;
  }

  get store(): StoreAddress {
    return this.#engine?.port ?? storeSocket(this.nodes[0]?.data ?? '');
  }

  cpu(): CpuSeconds {
    const own = (name: keyof typeof PROCESSES) =>
      this.nodes.reduce((sum, { pid }) => sum + readUsage(pid, PROCESSES[name]).cpuSeconds, 0);
    const store = this.#engine === undefined ? own('store') : readUsage(this.#engine.pid).cpuSeconds;
    return { nodes: own('supervisor') + own('worker'), store };
  }

  /** The same to every node at the same time; resolves to each one's result. */
  send({ requests, ...load }: NodeLoad): Promise<LoadResult[]> {
    const each = this.nodes.map(({ publicUrl }, n) => {
      const { hostname: host, port } = new URL(publicUrl);
      // Nodes do not hear the same words at the same moment.
      const from = Math.floor((n * requests.length) / this.nodes.length);
      const turned = [...requests.slice(from), ...requests.slice(0, from)];
      return runLoad({ ...load, host, port: Number(port), connections: CONNECTIONS, requests: turned });
    });
    return Promise.all(each);
  }

  /** Every log goes. What nodes still hold of them is not counted again, as the engine is not restarted. */
  async empty(): Promise<void> {
    await askStore(this.store, 'TRUNCATE TABLE logs');
  }

  /** SIGSTOP or SIGCONT to the engine that nodes share. */
  signalStore(signal: 'SIGSTOP' | 'SIGCONT'): void {
    if (this.#engine === undefined) throw new Error('the node has an engine of its own');
    this.#engine.signal(signal);
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
    await Promise.all(this.nodes.map(({ data }) => removeData(data)));
    await this.#engine?.remove();
  }

  async #answers(): Promise<boolean> {
    return countLogs(this.store).then(Number.isFinite, () => false);
  }
}
