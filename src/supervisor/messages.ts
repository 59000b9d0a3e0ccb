/** What the supervisor and its workers say to each other, all of it plain JSON. */
import type { ReplayInfo } from '../api/quarantine.js';
import type { BatchSession } from '../batches/keeper.js';
import type { CatalogCommand, CatalogEvent } from '../catalog/catalog.js';
import type { Config } from '../config.js';
import type { ConsumerGroups } from '../consume/consumer-groups.js';
import type { KeyOfDay } from '../guard/daily-key.js';
import type { GatheredRefusals, RefusalAnswer, RefusalQuestion } from '../guard/refusal-log.js';
import type { Beat, NodeReport, ReachedNode, StoreState } from '../model/node.js';
import type { ShardPosition, ShardQuestion } from '../model/shard-position.js';
import type { Passage, PassageQuestion } from '../model/spool-passage.js';
import type { NodeCall } from '../nodes/call-signature.js';
import type { ReplayCall } from '../quarantine/replayer.js';
import type { Deletions } from '../query/deletion/deletions.js';
import type { SchemaBook } from '../schema-watch/schema-book.js';

/** All that a worker needs to begin. */
export interface StartOrder {
  /** The shard it writes. */
  readonly shard: number;
  /** What one of a node's workers does for all is done by this one. */
  readonly isFirst: boolean;
  /** As configured, but with real ports where any was allowed. */
  readonly config: Config;
  /** The catalog as it stands; what happens later comes by `applyEvents`. */
  readonly events: readonly CatalogEvent[];
  /** Undefined without an embedded store. */
  readonly store: StoreState | undefined;
  /** Makes the same pseudonyms in all workers. */
  readonly addressKey: KeyOfDay;
  readonly beatEveryMs: number;
}

export interface Listening {
  readonly publicUrl: string;
  readonly adminUrl: string;
}

/** What a worker offers its supervisor. */
export interface WorkerProcedures {
  /** Resolves when the worker accepts; asked once, first. */
  start(order: StartOrder): Promise<Listening>;
  /** Resolves when the worker's view of the catalog has them. */
  applyEvents(events: readonly CatalogEvent[]): Promise<void>;
  storeChanged(state: StoreState): Promise<void>;
  /** Resolves when the worker keeps to it. */
  applyConfig(config: Config): Promise<void>;
  metrics(nothing: null): Promise<object | undefined>;
  refusals(question: RefusalQuestion): Promise<RefusalAnswer | undefined>;
  /** Of a shard whose spool the worker has open. */
  position(question: ShardQuestion): Promise<ShardPosition>;
  /** The same. */
  passage(question: PassageQuestion): Promise<Passage>;
  /** Of the worker that replays. */
  replays(call: ReplayCall): Promise<readonly ReplayInfo[]>;
  /** Ends the process in an orderly way, within `msMax`. */
  drain(msMax: number): Promise<void>;
}

/**
 * What the supervisor offers a worker; the app calls it as `deps.supervisor`. A new procedure is a line here, or in one of the
 * records that this joins, and what it does is in workers.ts.
 */
export interface SupervisorProcedures extends ConsumerGroups, SchemaBook, BatchSession, Deletions {
  /** The worker listens to what it is told. Node drops what is sent to a cluster's process before its modules are loaded. */
  hello(nothing: null): Promise<void>;
  /** The worker lives. Its figures come along as soon as it accepts. */
  beat(beat: Beat | null): Promise<void>;
  execute(command: CatalogCommand): Promise<readonly CatalogEvent[]>;
  report(nothing: null): Promise<NodeReport>;
  /** Of every worker that answers. */
  askRefusals(question: RefusalQuestion): Promise<GatheredRefusals>;
  /** Asked of the worker that has the shard, on whichever node; so is the next. */
  position(question: ShardQuestion): Promise<ShardPosition>;
  passage(question: PassageQuestion): Promise<Passage>;
  /** Asked of the worker that replays. */
  replays(call: ReplayCall): Promise<readonly ReplayInfo[]>;
  /** What another node asks of this one. */
  answerNode(call: NodeCall): Promise<unknown>;
  /** The numbers of the nodes of the cluster that answer. */
  reachedNodes(nothing: null): Promise<readonly ReachedNode[]>;
  /** Throws NodeNotExist. */
  sealNode(name: string): Promise<void>;
}
