/** What a worker process runs: the service itself, built by `openApp` and told by the worker what happens around it. */

import type { ShardFigures } from '../api/status.js';
import type { BatchSession } from '../batches/keeper.js';
import type { CatalogEvent } from '../catalog/catalog.js';
import type { Config } from '../config.js';
import type { KeyOfDay } from '../guard/daily-key.js';
import type { RefusalAnswer, RefusalQuestion } from '../guard/refusal-log.js';
import type { Readiness, StoreState } from '../model/node.js';
import type { ShardPosition, ShardQuestion } from '../model/shard-position.js';
import type { Passage, PassageQuestion } from '../model/spool-passage.js';
import type { Log } from '../platform/diagnostics.js';
import type { Replays } from '../quarantine/replayer.js';
import type { WorkerBatches } from './batch-calls.js';
import type { Listening, SupervisorProcedures } from './messages.js';

/** What an app asks of its supervisor: what it knows of the whole node and, by way of it, of other workers and nodes. */
export type Supervision = Omit<SupervisorProcedures, 'hello' | 'beat' | keyof BatchSession>;

export interface AppDeps {
  readonly config: Config;
  /** The shard it writes. */
  readonly shard: number;
  /** What one of a node's workers does for all is done by this one. */
  readonly isFirst: boolean;
  /** Ours alone: locked against other processes. */
  readonly spoolDirectory: string;
  /** The catalog so far. */
  readonly events: readonly CatalogEvent[];
  /** Undefined without an embedded store. */
  readonly store: StoreState | undefined;
  /** Makes the same pseudonyms in all workers. */
  readonly addressKey: KeyOfDay;
  readonly supervisor: Supervision;
  readonly batches: WorkerBatches;
  readonly log: Log;
}

export interface App extends Listening {
  ready(): Readiness;
  status(): ShardFigures;
  /** Undefined if the shard's spool is not open here. */
  position(question: ShardQuestion): ShardPosition | undefined;
  /** The same. */
  passage(question: PassageQuestion): Promise<Passage> | undefined;
  /** Rejects in a worker that does not replay. */
  readonly replays: Replays;
  /** prom-client's metrics as JSON. */
  metrics(): Promise<object>;
  /** Of the requests that this worker refused. */
  refusals(question: RefusalQuestion): RefusalAnswer;
  /** Brings the view of the catalog up to date, before it returns. */
  applyEvents(events: readonly CatalogEvent[]): void;
  storeChanged(state: StoreState): void;
  /** Some settings may have changed: what they say holds from the next request on. */
  applyConfig(config: Config): void;
  /**
   * Not ready any more, waits the configured delay, stops accepting, finishes answers, seals and syncs the spool and
   * closes everything, within `msMax`. The process ends when this resolves.
   */
  drain(msMax: number): Promise<void>;
}

/** Resolves when the app accepts. */
export type OpenApp = (deps: AppDeps) => Promise<App>;
