// Goal: what an answer cannot have is told beside it, and nothing of it keeps the answer waiting.
import { expect, test } from 'vitest';
import { ApiError } from '../errors.js';
import type { ShardPosition } from '../model/shard-position.js';
import { readFreshness } from './freshness.js';

const at = (next: number, loaded: number): ShardPosition => ({ next, loaded, storeRun: null });

test('what waits is summed over shards; one that fails, and one that owes an answer, are named as clients number them', async () => {
  const answers = new Map<number, () => Promise<ShardPosition>>([
    [1, async () => at(10, 10)],
    [2, async () => at(25, 20)],
    [65, async () => at(3, 1)],
    [66, () => Promise.reject(new ApiError('ServerBusy'))],
    [129, () => new Promise(() => {})],
  ]);
  const all = [...answers.keys()];
  const position = ({ shard }: { readonly shard: number }) => answers.get(shard)?.() ?? Promise.reject(new Error());
  expect(await readFreshness({ shards: { written: all, all }, position }, 4)).toEqual({
    waitingGroups: 7,
    missingShards: [65, 128],
  });
});
