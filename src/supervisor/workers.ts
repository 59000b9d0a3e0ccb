/** The worker processes: as many as there are shards, each kept running and told what happens. */
import cluster, { type Worker } from 'node:cluster';
import type { ReplayInfo } from '../api/quarantine.js';
import type { ShardFigures } from '../api/status.js';
import type { BatchKeeper } from '../batches/keeper.js';
import type { CatalogCommand, CatalogEvent } from '../catalog/catalog.js';
import type { Config } from '../config.js';
import { ApiError } from '../errors.js';
import type { RefusalAnswer, RefusalQuestion } from '../guard/refusal-log.js';
import type { Beat, NodeLoad, NodeReport, StoreState, WorkerReport } from '../model/node.js';
import type { ShardPosition, ShardQuestion } from '../model/shard-position.js';
import type { Passage, PassageQuestion } from '../model/spool-passage.js';
import type { Log } from '../platform/diagnostics.js';
import type { ReplayCall } from '../quarantine/replayer.js';
import type { SchemaBook } from '../schema-watch/schema-book.js';
import { Calls } from './calls.js';
import type { Company } from './company.js';
import { Keeper } from './keeper.js';
import type { Listening, StartOrder, SupervisorProcedures, WorkerProcedures } from './messages.js';
import type { Timing } from './timing.js';

/** A worker that uses all the time it was given to drain must not be killed while it ends. */
const DRAIN_PART_OF_STOP = 0.9;

export interface WorkersOptions {
  /** Each worker writes one, the first of them the first. */
  readonly shards: readonly number[];
  /** The compiled module that calls `runWorker`. */
  readonly workerFile: string;
  /** Made anew for every start, with all that has happened until then. */
  order(shard: number, isFirst: boolean): StartOrder;
  execute(command: CatalogCommand): Promise<readonly CatalogEvent[]>;
  report(): Promise<NodeReport>;
  readonly company: Company;
  readonly schemas: SchemaBook;
  readonly batches: Pick<BatchKeeper, 'openSession'>;
  readonly timing: Timing;
  readonly log: Log;
}

export class Workers {
  readonly #workers: readonly KeptWorker[];

  constructor(options: WorkersOptions) {
    // Every worker accepts for itself: handing out connections would cost this process a round trip for each.
    cluster.schedulingPolicy = cluster.SCHED_NONE;
    cluster.setupPrimary({ exec: options.workerFile, args: [] });
    this.#workers = options.shards.map((shard, i) => new KeptWorker(shard, i === 0, options));
  }

  /**
   * Starts one worker and resolves when it accepts; throws what kept it from that. What is wrong at the very first start
   * (a port in use) is told to who started us; later the worker is started again until it succeeds.
   */
  startFirst(): Promise<Listening> {
    const [first] = this.#workers;
    first?.start();
    return first?.started ?? Promise.reject(new Error('no worker could be started'));
  }

  /** Starts the others. They may fail and be started again. */
  startRest(): void {
    for (const worker of this.#workers.slice(1)) worker.start();
  }

  /** Resolves when every worker has the events, or is dead, or is late beyond measure. */
  async applyEvents(events: readonly CatalogEvent[]): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.applyEvents(events)));
  }

  storeChanged(state: StoreState): void {
    for (const worker of this.#workers) worker.storeChanged(state);
  }

  /** Resolves when every worker keeps to it, or is dead, or is late beyond measure. */
  async applyConfig(config: Config): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.applyConfig(config)));
  }

  /** Of a shard of this node. */
  async position(question: ShardQuestion): Promise<ShardPosition> {
    return this.#workerOf(question).position(question);
  }

  /** Of a shard of this node. */
  async passage(question: PassageQuestion): Promise<Passage> {
    return this.#workerOf(question).passage(question);
  }

  /** The first worker replays for all of them. */
  async replays(call: ReplayCall): Promise<readonly ReplayInfo[]> {
    const [worker] = this.#workers;
    if (worker === undefined) throw new Error('there are no workers');
    return worker.replays(call);
  }

  /** As the workers said last. */
  get load(): NodeLoad {
    const figures = this.#workers.map(({ figures }) => figures).filter((some) => some !== undefined);
    return {
      loadLagSeconds: Math.max(0, ...figures.map(({ loadLagSeconds }) => loadLagSeconds)),
      unloadedSegments: figures.reduce((sum, { unloadedSegments }) => sum + unloadedSegments, 0),
    };
  }

  reports(): Promise<readonly WorkerReport[]> {
    return Promise.all(this.#workers.map((worker) => worker.report()));
  }

  /** The answers of those that answer. */
  async askRefusals(question: RefusalQuestion): Promise<readonly RefusalAnswer[]> {
    const answers = await Promise.all(this.#workers.map((worker) => worker.askRefusals(question)));
    return answers.filter((answer) => answer !== undefined);
  }

  /** Drains all workers. Resolves to whether each of them ended by itself and without an error. */
  async stop(msMax: number): Promise<boolean> {
    const areClean = await Promise.all(this.#workers.map((worker) => worker.stop(msMax)));
    return areClean.every((isClean) => isClean);
  }

  kill(): void {
    for (const worker of this.#workers) worker.kill();
  }

  /** The first worker has the shards that have no worker of their own any more. */
  #workerOf({ shard }: { readonly shard: number }): KeptWorker {
    const worker = this.#workers.find((one) => one.shard === shard) ?? this.#workers[0];
    if (worker === undefined) throw new Error('there are no workers');
    return worker;
  }
}

class KeptWorker {
  readonly shard: number;
  readonly #isFirst: boolean;
  readonly #options: WorkersOptions;
  readonly #keeper: Keeper;
  /** To the running process, once it listens. */
  #calls: Calls<WorkerProcedures, SupervisorProcedures> | undefined;
  #started: Promise<Listening> | undefined;
  #beat: Beat | undefined;

  constructor(shard: number, isFirst: boolean, options: WorkersOptions) {
    const { timing, log } = options;
    this.shard = shard;
    this.#isFirst = isFirst;
    this.#options = options;
    this.#keeper = new Keeper({
      name: `worker ${shard}`,
      start: () => this.#fork().process,
      firstBeatMsMax: timing.workerStartMsMax,
      timing,
      log,
    });
  }

  start(): void {
    this.#keeper.start();
  }

  /** Resolves when the running process accepts; undefined if there never was one. */
  get started(): Promise<Listening> | undefined {
    return this.#started;
  }

  async applyEvents(events: readonly CatalogEvent[]): Promise<void> {
    // One that is dead or hung gets them with its next start.
    await this.#calls?.ask('applyEvents', events, this.#options.timing.answerMsMax).catch(() => {});
  }

  async applyConfig(config: Config): Promise<void> {
    // One that is dead or hung begins with it.
    await this.#calls?.ask('applyConfig', config, this.#options.timing.answerMsMax).catch(() => {});
  }

  storeChanged(state: StoreState): void {
    this.#calls?.tell('storeChanged', state);
  }

  async position(question: ShardQuestion): Promise<ShardPosition> {
    return this.#present.ask('position', question, this.#options.timing.answerMsMax);
  }

  async passage(question: PassageQuestion): Promise<Passage> {
    return this.#present.ask('passage', question, this.#options.timing.answerMsMax);
  }

  async replays(call: ReplayCall): Promise<readonly ReplayInfo[]> {
    if (this.#calls === undefined) throw new ApiError('ServerBusy');
    return this.#calls.ask('replays', call, this.#options.timing.answerMsMax);
  }

  async report(): Promise<WorkerReport> {
    const metrics = await this.#calls?.ask('metrics', null, this.#options.timing.answerMsMax).catch(() => undefined);
    const { pid, restarts } = this.#keeper;
    return { shard: this.shard, pid, restarts, beat: this.#beat, metrics };
  }

  get figures(): ShardFigures | undefined {
    return this.#beat?.status;
  }

  async askRefusals(question: RefusalQuestion): Promise<RefusalAnswer | undefined> {
    return this.#calls?.ask('refusals', question, this.#options.timing.answerMsMax).catch(() => undefined);
  }

  async stop(msMax: number): Promise<boolean> {
    if (this.#calls !== undefined) {
      return this.#keeper.stop(() => this.#calls?.tell('drain', msMax * DRAIN_PART_OF_STOP), msMax);
    }
    // It has not begun, so there is nothing to finish.
    this.#keeper.kill();
    return true;
  }

  kill(): void {
    this.#keeper.kill();
  }

  get #present(): Calls<WorkerProcedures, SupervisorProcedures> {
    if (this.#calls === undefined) throw new Error(`worker ${this.shard} is not there`);
    return this.#calls;
  }

  #fork(): Worker {
    const { order, execute, report, company, schemas, batches } = this.#options;
    const { timing, log } = this.#options;
    const worker = cluster.fork();
    const session = batches.openSession(this.shard);
    // What keeps the first worker from its first start is told to whoever started us.
    const isReported = this.#isFirst && this.#started === undefined;
    this.#started = new Promise((resolve, reject) => {
      const calls = new Calls<WorkerProcedures, SupervisorProcedures>(worker.process, {
        hello: async () => {
          this.#keeper.beat();
          this.#calls = calls;
          resolve(calls.ask('start', order(this.shard, this.#isFirst), timing.workerStartMsMax));
        },
        beat: async (beat) => {
          if (this.#calls !== calls) return; // sent by a process that has ended since
          this.#keeper.beat();
          this.#beat = beat ?? undefined;
        },
        ...company.groups,
        ...schemas,
        ...session,
        ...company.deletions,
        execute,
        report,
        askRefusals: (question) => company.askRefusals(question),
        replays: (call) => company.replays(call),
        position: (question) => company.position(question),
        passage: (question) => company.passage(question),
        answerNode: (call) => company.answerNode(call),
        reachedNodes: () => company.reachedNodes(),
        sealNode: (name) => company.sealNode(name),
      });
      worker.process.once('exit', () => {
        session.end();
        this.#calls = undefined;
        this.#beat = undefined;
        reject(new Error('the worker ended before it accepted'));
      });
    });
    this.#started.catch((error: Error) => {
      if (!isReported) log.error({ reason: error.message }, `worker ${this.shard} did not start`);
      worker.process.kill('SIGKILL');
    });
    // Cluster repeats what goes wrong between it and the process, usually that the one has gone away from the other.
    worker.on('error', (error) => log.debug({ error: error.message }, `worker ${this.shard}`));
    return worker;
  }
}
