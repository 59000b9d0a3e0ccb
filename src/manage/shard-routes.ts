/** Shards. Every worker is one, so that each has its own write order; they cannot be split or merged. */
import { findLogstore } from '../catalog/find.js';
import { ApiError } from '../errors.js';
import { sendJson } from '../http/answer.js';
import type { Route } from '../http/route.js';
import type { Shards } from '../model/shards.js';
import type { ManageDeps } from './deps.js';

export function shardRoutes({ gate, view, shards }: ManageDeps): Route[] {
  return [
    {
      method: 'GET',
      path: '/logstores/:logstore/shards',
      doc: {
        id: 'ListShards',
        tag: 'SLS: management',
        summary: 'The shards of a logstore.',
        access: 'signed',
        answer: { types: ['application/json'] },
      },
      handle(exchange) {
        const { project } = gate(exchange, 'log:ListShards');
        const { createdAt } = findLogstore(view, project, exchange.params['logstore'] ?? '');
        sendJson(exchange, 200, listShards(shards, createdAt));
      },
    },
    {
      method: 'POST',
      path: '/logstores/:logstore/shards/:shard',
      doc: {
        id: 'SplitShard',
        tag: 'SLS: management',
        summary: 'Shards are not split or merged here: it is refused.',
        access: 'signed',
        query: { action: 'split or merge' },
        errors: ['NotSupported'],
      },
      handle(exchange) {
        const isMerge = new URLSearchParams(exchange.queryText).get('action') === 'merge';
        const { project } = gate(exchange, isMerge ? 'log:MergeShards' : 'log:SplitShard');
        findLogstore(view, project, exchange.params['logstore'] ?? '');
        throw new ApiError('NotSupported', {
          reason: 'Each worker of this service is a shard; shards are not split or merged.',
        });
      },
    },
  ];
}

/** As clients number them, from 0 on. Those that are written have equal parts of the range of hash keys; the others have none of it. */
function listShards({ written, all }: Shards, createTime: number): object[] {
  const count = written.length;
  const readwrite = written.map((shard, part) => ({
    shardID: shard - 1,
    status: 'readwrite',
    inclusiveBeginKey: hashKey(part, count),
    exclusiveEndKey: part + 1 === count ? HASH_KEY_END : hashKey(part + 1, count),
    createTime,
  }));
  const readonly = all.slice(count).map((shard) => ({
    shardID: shard - 1,
    status: 'readonly',
    inclusiveBeginKey: HASH_KEY_END,
    exclusiveEndKey: HASH_KEY_END,
    createTime,
  }));
  return [...readwrite, ...readonly];
}

const HASH_KEY_END = 'f'.repeat(32);

/** Where part `part` of `count` begins in 128 bits. */
function hashKey(part: number, count: number): string {
  return (((1n << 128n) * BigInt(part)) / BigInt(count)).toString(16).padStart(32, '0');
}
