/** Two nodes and the store they share, each on a host of its own, with cables between them and to the clients. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { CrashService } from '../crash/crash-service.js';
import { copyProduct, type Patch } from '../crash/product.js';
import { FaultyProxy } from '../faulty-proxy.js';
import { HOST_PORTS } from '../service.js';
import { StoreProcess } from '../store-process.js';
import { type Cable, Cabling, hostPrefix } from './cables.js';

export interface TownNode {
  readonly name: string;
  readonly service: CrashService;
  /** Between it and the clients, who are where the test is. */
  readonly clients: Cable;
  /** Between it and the store. */
  readonly store: Cable;
  /** At the store's end of that cable. */
  readonly door: FaultyProxy;
  /** Clients do not go where they know that nobody answers. */
  isInSight: boolean;
}

const STORE_PORT = 8123;
const KEY = { id: 'LBnodes', secret: 'the-secret-of-all-nodes' };

/** Small and quick segments: the more hand-overs to the store, the more of them are interrupted. */
const FLAGS = [
  ...['--spool-segment-age-max', '150ms', '--spool-segment-bytes-max', '256KiB', '--spool-commit-bytes-max', '128KiB'],
  ...['--body-bytes-max', '256KiB', '--quota-address-requests', '0', '--log-level', 'warn'],
];

export class NodeTown {
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-nodes-'));
  /** It listens on this machine, and each node has a cable to it. */
  readonly store: StoreProcess;
  readonly nodes: readonly [TownNode, TownNode];
  /** Between the nodes. */
  readonly between: Cable;
  readonly #cabling = new Cabling();

  /** The store runs; the nodes are yet to be started. */
  static async build(patches: readonly Patch[]): Promise<NodeTown> {
    const store = new StoreProcess({ isOnPort: true });
    await store.start();
    const town = new NodeTown(store, patches);
    for (const { door } of town.nodes) await door.open();
    return town;
  }

  private constructor(store: StoreProcess, patches: readonly Patch[]) {
    this.store = store;
    const command = copyProduct(path.join(this.directory, 'program'), patches);
    const [a, b] = [this.#cabling.addHost('a'), this.#cabling.addHost('b')];
    this.between = this.#cabling.lay(a, b);
    this.nodes = [this.#addNode('a', a, this.between.from, command), this.#addNode('b', b, this.between.to, command)];
  }

  /** Starts what does not run. The first start of a node needs the store. */
  async startNodes(): Promise<void> {
    for (const { service } of this.nodes) {
      if (!service.isSupervised) await service.start();
    }
  }

  /** Every way is open, everything runs, and nothing of what ran before is left. */
  async heal(): Promise<void> {
    if (this.store.hasEnded) await this.store.start();
    this.store.signal('SIGCONT');
    this.between.plug();
    for (const node of this.nodes) {
      node.clients.plug();
      node.store.plug();
      node.door.delayMs = 0;
      node.isInSight = true;
    }
    await this.startNodes();
    for (const { service } of this.nodes) await service.quiet();
  }

  /** Keeps the directory. */
  async remove(): Promise<void> {
    for (const { service, door } of this.nodes) {
      await service.end();
      await door.close();
    }
    await this.store.remove();
    this.#cabling.remove();
  }

  #addNode(name: string, host: string, peerAddress: string, command: string): TownNode {
    const clients = this.#cabling.lay(null, host);
    // Pulled out at the store: the node sends into nothing.
    const store = this.#cabling.lay(host, null);
    const door = new FaultyProxy({ host: '127.0.0.1', port: this.store.port }, store.to, STORE_PORT);
    const service = new CrashService({
      command,
      data: path.join(this.directory, name),
      workers: 1,
      stores: 0,
      key: KEY,
      host: { prefix: hostPrefix(host), address: clients.to },
      flags: [
        ...['--store', 'cluster', '--store-urls', `http://${store.to}:${STORE_PORT}`],
        ...['--node-name', name, '--node-url', `http://${peerAddress}:${HOST_PORTS.admin}`, ...FLAGS],
      ],
    });
    return { name, service, clients, store, door, isInSight: true };
  }
}
