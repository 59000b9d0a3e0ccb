/** What a worker process runs: the service itself, built by `openApp` and told by the worker what happens around it. */

import type { ShardFigures } from '../api/status.js';
import type { CatalogEvent, CatalogWriter } from '../catalog/catalog.js';
import type { Config } from '../config.js';
import type { ConsumerGroups } from '../consume/consumer-groups.js';
import type { KeyOfDay } from '../guard/daily-key.js';
import type { RefusalAnswer, RefusalQuestion } from '../guard/refusal-log.js';
import type { NodeReport, Readiness, StoreState } from '../model/node.js';
import type { ShardPosition, ShardQuestion } from '../model/shard-position.js';
import type { Passage, PassageQuestion } from '../model/spool-passage.js';
import type { NodeCall } from '../nodes/call-signature.js';
import type { Log } from '../platform/diagnostics.js';
import type { Replays } from '../quarantine/replayer.js';
import type { Deletions } from '../query/deletion/deletions.js';
import type { SchemaBook } from '../schema-watch/schema-book.js';
import type { WorkerBatches } from './batch-calls.js';
import type { Listening } from './messages.js';

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
  /** Changes the catalog; resolves when every worker has the change. */
  readonly catalog: CatalogWriter;
  /** Undefined without an embedded store. */
  readonly store: StoreState | undefined;
  /** All workers and the store, as they are now. */
  report(): Promise<NodeReport>;
  /** Of every worker that answers. */
  askRefusals(question: RefusalQuestion): Promise<readonly RefusalAnswer[]>;
  /** Makes the same pseudonyms in all workers. */
  readonly addressKey: KeyOfDay;
  /** How far a shard has come that may be another worker's, or another node's. */
  position(question: ShardQuestion): Promise<ShardPosition>;
  /** Of the one worker that replays what is in quarantine, which may be another. */
  readonly replays: Replays;
  /** How far a spool that may be another worker's has let go of its segments. */
  passage(question: PassageQuestion): Promise<Passage>;
  /** What another node asks of this one. */
  answerNode(call: NodeCall): Promise<unknown>;
  /** The numbers of the nodes of the cluster that answer. */
  reachedNodes(): Promise<readonly number[]>;
  /** Throws NodeNotExist. */
  sealNode(name: string): Promise<void>;
  readonly groups: ConsumerGroups;
  readonly schemas: SchemaBook;
  readonly batches: WorkerBatches;
  readonly deletions: Deletions;
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
