/** The nodes of a cluster over the admin API: /api/v1/nodes. */
import type { NodeInfo, NodeList } from '../api/nodes.js';
import type { CatalogView } from '../catalog/catalog.js';
import { sendEmpty, sendJson } from '../http/answer.js';
import type { Route } from '../http/route.js';
import { JSON_ANSWER } from '../http/route-doc.js';
import type { ClusterNode } from '../model/cluster.js';
import type { NodeLoad, ReachedNode } from '../model/node.js';
import type { Authorize } from './authorize.js';

export interface NodeDeps {
  readonly view: Pick<CatalogView, 'nodes'>;
  readonly authorize: Authorize;
  /** Those that answer. */
  reachedNodes(): Promise<readonly ReachedNode[]>;
  /** Throws NodeNotExist. */
  sealNode(name: string): Promise<void>;
}

export function nodeRoutes({ view, authorize, reachedNodes, sealNode }: NodeDeps): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/nodes',
      doc: {
        id: 'listNodes',
        tag: 'Operation',
        summary: 'The nodes of the cluster, and which of them answer.',
        access: 'key',
        answer: JSON_ANSWER,
      },
      async handle(exchange) {
        authorize(exchange, 'read');
        const reached = await reachedNodes();
        const loads = new Map(reached.map(({ number, load }) => [number, load]));
        const list: NodeList = { nodes: view.nodes().map((node) => describe(node, loads.get(node.number) ?? null)) };
        sendJson(exchange, 200, list);
      },
    },
    {
      method: 'POST',
      path: '/api/v1/nodes/:node/seal',
      doc: {
        id: 'sealNode',
        tag: 'Operation',
        summary: 'Says that a node is gone for good: its shards are only read from now on.',
        access: 'key',
        errors: ['NodeNotExist'],
      },
      async handle(exchange) {
        authorize(exchange, 'manage');
        await sealNode(exchange.params['node'] ?? '');
        sendEmpty(exchange);
      },
    },
  ];
}

function describe({ number, name, url, shards, isSealed, joinedAt }: ClusterNode, load: NodeLoad | null): NodeInfo {
  const state = isSealed ? 'sealed' : load === null ? 'unreachable' : 'up';
  return { number, name, url, state, shards: shards.map((shard) => shard - 1), joinedAt, load };
}
