/**
 * The catalog of a cluster: rows that all nodes share, and of each node a file with what it has heard of them.
 *
 * A command is followed by one node at a time, which first hears what the others did, so that the rules of commands.ts hold over
 * all nodes. A node hears of the others by looking every other second. While the shared rows are out of reach nothing can be
 * changed, but a node that was there before starts, and receives, by its file.
 */
import { randomBytes } from 'node:crypto';
import * as os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../errors.js';
import type { AccessKey } from '../model/catalog.js';
import type { ClusterNode } from '../model/cluster.js';
import type { SharedRow, SharedRows } from '../model/shared-rows.js';
import { openDeadline } from '../platform/deadline.js';
import type { CatalogCommand, CatalogEvent, ClusterCommand } from './catalog.js';
import { decideCluster } from './cluster-commands.js';
import { decide } from './commands.js';
import { CatalogFile } from './file.js';
import { firstProject, wantedKey } from './first-things.js';
import { freeIdAfter } from './free-id.js';
import { writeKeyFile } from './key-file.js';
import { CatalogListeners } from './listeners.js';
import { type NodeFile, readNodeFile, writeNodeFile } from './node-file.js';
import { isAboutNode, keysOf, printEvent, readEvent } from './shared-events.js';
import { type Catalog, type CatalogOptions, nowSeconds } from './writer.js';

export interface SharedCatalogOptions extends CatalogOptions {
  readonly rows: SharedRows;
  /** What operators call this node, and where the others reach its admin listener. Without a name it gets one. */
  readonly self: Pick<ClusterNode, 'name' | 'url'>;
  readonly workers: number;
  readonly pollEveryMs?: number;
  /** Called once when another process goes on as this node: this one must not write any more. */
  readonly onReplaced?: (error: WrongCluster) => void;
  /** How long a change may take, with waiting for its turn and for other nodes. */
  readonly commandMsMax?: number;
}

export interface SharedCatalog extends Catalog {
  /** This node. */
  readonly node: ClusterNode;
  sealNode(name: string): Promise<void>;
}

/** A change made at one node is to be known to all within five seconds. */
const POLL_EVERY_MS = 2000;

/** A store that hangs must not keep a node from its start, unless there is no start without it. */
const JOIN_MS_MAX = 10_000;
const FIRST_JOIN_MS_MAX = 60_000;

/** Whoever asked for a change must not be told that it failed, and find it made later. Workers wait for ten seconds. */
const COMMAND_MS_MAX = 8000;

/** Nor may it keep changes from their turn. */
const LOOK_MS_MAX = 5000;

/** The data directory cannot be that of a node of this cluster, or is not any more. */
export class WrongCluster extends Error {
  override readonly name = 'WrongCluster';
}

/**
 * Opens the catalog of a data directory, which no other process may write to at the same time, and joins the cluster. The first node
 * brings its catalog along. Throws WrongCluster, an ApiError of `joinNode`, or, for a node that was never there before, what keeps
 * it from the shared rows.
 */
export async function openSharedCatalog(options: SharedCatalogOptions): Promise<SharedCatalog> {
  const { dir, disk, log, vault } = options;
  await disk.makeDirectory(dir);
  const [file, self] = [await CatalogFile.open({ dir, disk, log, vault }), await readNodeFile(disk, dir)];
  const catalog = new Shared(options, file, self);
  try {
    await catalog.join();
  } catch (error) {
    const isNew = catalog.ownNode === undefined;
    if (isNew || error instanceof WrongCluster || error instanceof ApiError) {
      await file.close();
      throw isNew ? firstStartError(error) : error;
    }
    log.warn({ err: error }, 'the catalog that nodes share is out of reach; going on with what was known last');
  }
  catalog.follow();
  return catalog;
}

function firstStartError(cause: unknown): unknown {
  if (cause instanceof WrongCluster || cause instanceof ApiError || !(cause instanceof Error)) return cause;
  return new Error(`the first start of a node needs the store, which has the catalog: ${cause.message}`, { cause });
}

class Shared implements SharedCatalog {
  newKey: AccessKey | undefined;
  readonly #options: SharedCatalogOptions;
  readonly #file: CatalogFile;
  #self: NodeFile;
  readonly #listeners: CatalogListeners;
  /** Rows heard of, by key. */
  readonly #heard = new Map<string, Pick<SharedRow, 'version' | 'text'>>();
  #latest = 0;
  /** What the shared rows were like when they were last read. */
  #state = '';
  /** `run` of this node, from now on. */
  readonly #run = randomBytes(8).toString('hex');
  #hasJoined = false;
  #isReached = true;
  /** Commands and readings, one at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #closing = new AbortController();
  #following: Promise<void> = Promise.resolve();

  constructor(options: SharedCatalogOptions, file: CatalogFile, self: NodeFile) {
    this.#options = options;
    this.#file = file;
    this.#self = self;
    this.#listeners = new CatalogListeners(options.log);
  }

  get view() {
    return this.#file.view;
  }

  get ownNode(): ClusterNode | undefined {
    return this.view.nodes().find(({ id }) => id === this.#self.id);
  }

  get node(): ClusterNode {
    const { ownNode } = this;
    if (ownNode === undefined) throw new Error('the node has not joined');
    return ownNode;
  }

  snapshot() {
    return this.view.events();
  }

  onEvents: Catalog['onEvents'] = (listener) => this.#listeners.add(listener);

  execute(command: CatalogCommand): Promise<readonly CatalogEvent[]> {
    return this.#follow(command.do, () => {
      const { nextId } = this.#file;
      const events = decide(command, this.view, { now: this.#now, nextId });
      this.#file.nextId = freeIdAfter(events, nextId);
      return events;
    });
  }

  async sealNode(name: string): Promise<void> {
    await this.#follow('sealNode', () => this.#decideCluster({ do: 'sealNode', name }));
  }

  /** Hears what there is and makes itself known. */
  join(): Promise<void> {
    return this.#inTurn(async () => {
      const msMax = this.ownNode === undefined ? FIRST_JOIN_MS_MAX : JOIN_MS_MAX;
      const { signal, close } = openDeadline(msMax, this.#closing.signal);
      try {
        await this.#options.rows.alone((leased) => this.#join(leased), signal);
      } finally {
        close();
      }
    });
  }

  /** Begins to look for what other nodes do. */
  follow(): void {
    this.#following = this.#poll();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#following;
    await this.#turn;
    await this.#file.close();
  }

  get #now(): number {
    return nowSeconds(this.#options.clock);
  }

  async #join(signal: AbortSignal): Promise<void> {
    const { rows, dir, disk, self, workers, firstKey, vault } = this.#options;
    const shared = await rows.read(signal);
    const isFirst = shared.length === 0;
    const isOwn = this.#self.cluster !== null;
    if (!isFirst && !isOwn && !this.#file.isNew) {
      throw new WrongCluster(
        `${dir} has a catalog of its own, and the cluster has one already; start with an empty directory`,
      );
    }
    if (isFirst && isOwn) throw new WrongCluster(`${dir} belongs to a cluster, of which this store knows nothing`);
    const unread = shared.find((row) => isAboutNode(row) && readEvent(row.text, vault) === undefined);
    if (unread !== undefined) {
      throw new Error(
        `the row "${unread.key}" of shared_rows is damaged, or a later version wrote it: its number could be given again`,
      );
    }
    await this.#take(shared);
    const before = this.ownNode?.run ?? '';
    if (before !== '' && !this.#isKnownRun(before)) {
      throw new WrongCluster(
        `${dir} is a copy of the data directory of node ${this.node.name}, which has been started elsewhere since: both would give ` +
          'the same numbers to different logs; start with an empty directory',
      );
    }
    if (isFirst) await this.#found(signal);
    const cluster = this.view.cluster();
    if (cluster === null || (isOwn && cluster.id !== this.#self.cluster)) {
      throw new WrongCluster(`${dir} belongs to another cluster than this store`);
    }
    const { id } = this.#self;
    const name = self.name === '' ? `${os.hostname()}-${id.slice(0, 4)}` : self.name;
    // Before it is in the catalog: a crash between the two must not make this directory look like a copy.
    this.#self = { id, cluster: cluster.id, runs: before === '' ? [this.#run] : [before, this.#run] };
    await writeNodeFile(disk, dir, this.#self);
    const node = { id, name, url: self.url, workers, run: this.#run };
    await this.#write(this.#decideCluster({ do: 'joinNode', ...node }), signal);
    const newKey = wantedKey(this.view, this.#now, firstKey);
    if (newKey !== undefined) {
      if (vault === undefined) await writeKeyFile(disk, dir, newKey);
      await this.#write([{ event: 'accessKey', key: newKey }], signal);
      this.newKey = newKey;
    }
    this.#hasJoined = true;
  }

  #isKnownRun(run: string): boolean {
    const { runs } = this.#self;
    return runs.length === 0 || runs.includes(run);
  }

  /** Throws WrongCluster if another process has joined as this node. */
  #checkRun(): void {
    if (!this.#hasJoined || this.node.run === this.#run) return;
    throw new WrongCluster(
      `another process goes on as node ${this.node.name}, with a copy of the data directory ${this.#options.dir}: this one ends, so ` +
        'that no two logs get the same number; of the two directories only that of the other process is the node from now on',
    );
  }

  /** The catalog of the first node becomes that of all. */
  async #found(signal: AbortSignal): Promise<void> {
    const own = this.#file.isNew ? firstProject(this.#file.nextId++, this.#now) : this.view.events();
    const cluster = { id: randomBytes(16).toString('hex'), secret: randomBytes(32).toString('hex') };
    await this.#write([...own, { event: 'cluster', cluster }], signal);
  }

  #decideCluster(command: ClusterCommand): CatalogEvent[] {
    return decideCluster(command, this.view, this.#now);
  }

  /** Does what a command asks for, when this node has heard of everything and no other changes anything. */
  #follow(name: string, events: () => readonly CatalogEvent[]): Promise<readonly CatalogEvent[]> {
    if (this.#closing.signal.aborted) return Promise.reject(new ApiError('ServerBusy'));
    const { rows, log, commandMsMax = COMMAND_MS_MAX } = this.#options;
    const deadline = openDeadline(commandMsMax, this.#closing.signal);
    return this.#inTurn(async () => {
      try {
        deadline.signal.throwIfAborted();
        return await rows.alone(async (signal) => {
          await this.#take(await rows.read(signal));
          this.#checkRun();
          return this.#write(events(), signal);
        }, deadline.signal);
      } catch (cause) {
        if (cause instanceof ApiError) throw cause;
        log.error({ err: cause, command: name }, 'the catalog that nodes share cannot be changed');
        throw new ApiError('ServerBusy', {}, { cause });
      } finally {
        deadline.close();
      }
    });
  }

  /** For all nodes, and then for this one. */
  async #write(events: readonly CatalogEvent[], signal: AbortSignal): Promise<readonly CatalogEvent[]> {
    if (events.length === 0) return events;
    const { vault, rows } = this.#options;
    const written = events.flatMap((event) => {
      const text = printEvent({ nextId: this.#file.nextId, event }, vault);
      return keysOf(event, this.view).map((key) => ({ key, version: ++this.#latest, text }));
    });
    await rows.write(written, signal);
    for (const row of written) this.#heard.set(row.key, row);
    await this.#remember(events);
    return events;
  }

  /** Takes in what is new of what all nodes share. */
  async #take(rows: readonly SharedRow[]): Promise<void> {
    const { vault, log } = this.#options;
    const news = rows.filter((row) => this.#isNews(row)).sort((a, b) => a.version - b.version);
    // After a start everything is news, and most of it was known before.
    const known = this.#heard.size > 0 ? undefined : new Set(this.view.events().map((event) => JSON.stringify(event)));
    const events: CatalogEvent[] = [];
    for (const { key, version, text } of news) {
      const line = readEvent(text, vault);
      if (line === undefined) log.warn({ key }, 'the catalog has something that another version wrote');
      else {
        this.#file.nextId = Math.max(this.#file.nextId, line.nextId);
        if (!known?.has(JSON.stringify(line.event))) events.push(line.event);
      }
      this.#heard.set(key, { version, text });
      this.#latest = Math.max(this.#latest, version);
    }
    if (events.length > 0) await this.#remember(events);
  }

  /** Two words of one version come from a holder of the lease who was late: the store says which of them counts. */
  #isNews({ key, version, text }: SharedRow): boolean {
    const heard = this.#heard.get(key);
    return heard === undefined || version > heard.version || (version === heard.version && text !== heard.text);
  }

  async #remember(events: readonly CatalogEvent[]): Promise<void> {
    const { log } = this.#options;
    // It counts all the same: the file is for a start without the store, and is written anew at the next.
    await this.#file
      .append(events)
      .catch((err: unknown) => log.error({ err }, 'the catalog file could not be written'));
    this.view.apply(events);
    await this.#listeners.tell(events);
  }

  async #poll(): Promise<void> {
    const { signal } = this.#closing;
    const { log, pollEveryMs = POLL_EVERY_MS } = this.#options;
    for (;;) {
      await sleep(pollEveryMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        if (!this.#hasJoined) await this.join();
        await this.#look(signal);
        this.#checkRun();
        if (!this.#isReached) log.info({}, 'the catalog that nodes share is within reach again');
        this.#isReached = true;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof WrongCluster) {
          this.#options.onReplaced?.(error);
          return;
        }
        if (this.#isReached) log.warn({ err: error }, 'the catalog that nodes share is out of reach');
        this.#isReached = false;
      }
    }
  }

  async #look(closing: AbortSignal): Promise<void> {
    const { rows } = this.#options;
    const { signal, close } = openDeadline(LOOK_MS_MAX, closing);
    try {
      const state = await rows.state(signal);
      if (state !== this.#state) await this.#inTurn(async () => this.#take(await rows.read(signal)));
      this.#state = state;
    } finally {
      close();
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}
