/** What follows from the commands that only nodes of a cluster have. */
import { ApiError } from '../errors.js';
import { type ClusterNode, NODES_MAX, shardsOf } from '../model/cluster.js';
import type { CatalogEvent, CatalogView, ClusterCommand } from './catalog.js';

/** Throws ApiError if the command cannot be followed. `now` is in Unix seconds. */
export function decideCluster(command: ClusterCommand, view: Pick<CatalogView, 'nodes'>, now: number): CatalogEvent[] {
  const nodes = view.nodes();
  switch (command.do) {
    case 'joinNode': {
      const { id, name, url, workers, run } = command;
      const old = nodes.find((node) => node.id === id);
      if (old?.isSealed) throw new ApiError('NodeSealed', { node: old.name });
      const namesake = nodes.find((node) => node.name === name && node.id !== id && !node.isSealed);
      if (namesake !== undefined) throw new ApiError('NodeAlreadyExist', { node: name });
      const number = old?.number ?? Math.max(-1, ...nodes.map((node) => node.number)) + 1;
      if (number >= NODES_MAX) {
        throw new ApiError('ParameterInvalid', { reason: `a cluster has at most ${NODES_MAX} nodes over its life` });
      }
      const shards = [...new Set([...(old?.shards ?? []), ...shardsOf({ number, workers })])].sort((a, b) => a - b);
      const node = { number, id, name, url, workers, shards, isSealed: false, joinedAt: old?.joinedAt ?? now, run };
      return isSame(old, node) ? [] : [{ event: 'node', node }];
    }
    case 'sealNode': {
      const node = nodes.find(({ name, isSealed }) => name === command.name && !isSealed);
      if (node === undefined) throw new ApiError('NodeNotExist', { node: command.name });
      return [{ event: 'node', node: { ...node, url: null, isSealed: true } }];
    }
  }
}

function isSame(old: ClusterNode | undefined, node: ClusterNode): boolean {
  return JSON.stringify(old) === JSON.stringify(node);
}
