/** The other nodes of a cluster: what this one asks of them, and what it answers them. */
import type { CatalogView } from '../catalog/catalog.js';
import type { ConsumerGroups } from '../consume/consumer-groups.js';
import { ApiError } from '../errors.js';
import type { GatheredRefusals, RefusalAnswer, RefusalQuestion } from '../guard/refusal-log.js';
import { type ClusterNode, keeperOf, nodeOfShard } from '../model/cluster.js';
import type { NodeLoad, ReachedNode } from '../model/node.js';
import type { ShardPosition, ShardQuestion } from '../model/shard-position.js';
import type { Passage, PassageQuestion } from '../model/spool-passage.js';
import { callNode } from '../nodes/call-node.js';
import type { NodeCall } from '../nodes/call-signature.js';
import type { Clock } from '../platform/clock.js';
import type { Replays } from '../quarantine/replayer.js';
import type { Deletions } from '../query/deletion/deletions.js';
import type { OwnNode, ShardCalls } from './company.js';
import type { Duty } from './duty.js';

export interface PeersOptions {
  readonly view: Pick<CatalogView, 'cluster' | 'nodes'>;
  /** `number` of this node. */
  readonly self: number;
  readonly ownShards: ShardCalls;
  readonly ownNode: OwnNode;
  readonly duties: Duties;
  readonly clock: Clock;
  readonly answerMsMax: number;
}

const NOTHING_LEFT: Passage = { newest: 0, oldest: null, asides: [] };

/** What the first node that is left does for all. */
export interface Duties {
  readonly groups: Duty<ConsumerGroups>;
  readonly deletions: Duty<Deletions>;
  readonly replays: Duty<ReplayDesk>;
}

type Performer = Pick<Duty<ConsumerGroups>, 'perform'>;

export interface ReplayDesk {
  readonly replays: Replays;
}

export class Peers implements ShardCalls {
  readonly #options: PeersOptions;
  /** These at whichever node keeps them. */
  readonly groups: ConsumerGroups;
  readonly deletions: Deletions;
  readonly replays: Replays;

  constructor(options: PeersOptions) {
    this.#options = options;
    const { groups, deletions, replays } = options.duties;
    this.groups = groups.askedBy((name, argument) => this.#askKeeper(groups, name, argument));
    this.deletions = deletions.askedBy((name, argument) => this.#askKeeper(deletions, name, argument));
    this.replays = replays.askedBy((name, argument) => this.#askKeeper(replays, name, argument)).replays;
  }

  async position(question: ShardQuestion): Promise<ShardPosition> {
    // What the procedure of this name returns, there as here; so with the next.
    return (await this.#askShard('position', question)) as ShardPosition;
  }

  async passage(question: PassageQuestion): Promise<Passage> {
    // Its spool is gone with it.
    if (nodeOfShard(this.#options.view.nodes(), question.shard)?.isSealed) return NOTHING_LEFT;
    return (await this.#askShard('passage', question)) as Passage;
  }

  /** The nodes that answer. */
  async reachedNodes(): Promise<readonly ReachedNode[]> {
    const { view, self, ownNode } = this.#options;
    const reached = await Promise.all(
      view.nodes().map(async (node) => {
        const { number } = node;
        if (number === self) return { number, load: ownNode.load() };
        // What the other's `load` returned.
        const load = (await this.#call(node, 'hello', null).catch(() => null)) as NodeLoad | null;
        return load === null ? null : { number, load };
      }),
    );
    return reached.filter((node) => node !== null);
  }

  /** Of the workers of all nodes that answer. */
  async askRefusals(question: RefusalQuestion): Promise<GatheredRefusals> {
    const { view, self, ownNode } = this.#options;
    const missingNodes: string[] = [];
    const others = view.nodes().filter(({ number, isSealed }) => number !== self && !isSealed);
    const asked = others.map(async (node) => {
      try {
        // What the other's `askRefusals` returned.
        return (await this.#call(node, 'refusals', question)) as readonly RefusalAnswer[];
      } catch {
        missingNodes.push(node.name);
        return [];
      }
    });
    const answers = await Promise.all([ownNode.askRefusals(question), ...asked]);
    return { answers: answers.flat(), missingNodes: missingNodes.sort() };
  }

  /** What another node asks. It was asked of this node for good reason, so that it is not asked on. */
  async answer({ to, name, argument }: NodeCall): Promise<unknown> {
    if (to !== this.#options.self) throw new Error(`this is node ${this.#options.self}, and not ${to}`);
    const { ownNode } = this.#options;
    if (name === 'hello') return ownNode.load();
    // The other node is of our build or the next; its types made it keep to what the procedure takes.
    if (name === 'refusals') return ownNode.askRefusals(argument as RefusalQuestion);
    if (name === 'position') return this.#options.ownShards.position(argument as ShardQuestion);
    if (name === 'passage') return this.#options.ownShards.passage(argument as PassageQuestion);
    const duty = Object.values(this.#options.duties).find((one) => one.has(name));
    if (duty === undefined) throw new Error(`nodes are not asked for ${name}`);
    if (this.#keeper.number !== this.#options.self) throw new ApiError('ServerBusy');
    return duty.perform(name, argument);
  }

  /** Asks the node that has it. Throws ServerBusy while that is out of reach. */
  async #askShard(name: keyof ShardCalls, question: ShardQuestion | PassageQuestion): Promise<unknown> {
    const { view, self, ownShards } = this.#options;
    const node = nodeOfShard(view.nodes(), question.shard);
    if (node === undefined) throw new Error(`no node has shard ${question.shard}`);
    if (node.number !== self) return this.#call(node, name, question);
    // The question is one for the procedure of this name.
    const procedure: (question: never) => Promise<unknown> = ownShards[name];
    return procedure(question as never);
  }

  get #keeper(): ClusterNode {
    const keeper = keeperOf(this.#options.view.nodes());
    if (keeper === undefined) throw new ApiError('ServerBusy');
    return keeper;
  }

  async #askKeeper(duty: Performer, name: string, argument: unknown): Promise<unknown> {
    const keeper = this.#keeper;
    return keeper.number === this.#options.self ? duty.perform(name, argument) : this.#call(keeper, name, argument);
  }

  #call({ number, url }: ClusterNode, name: string, argument: unknown): Promise<unknown> {
    const { view, clock, answerMsMax } = this.#options;
    const secret = view.cluster()?.secret;
    if (url === null || secret === undefined) return Promise.reject(new ApiError('ServerBusy'));
    return callNode({ url, secret }, { to: number, name, argument }, { clock, msMax: answerMsMax });
  }
}
