// Goal: whatever is cut, killed or slow among two nodes, their store and their clients, what was acknowledged is stored once and
// the nodes agree in the end. More rounds: npm run proof:nodes
import * as fs from 'node:fs';
import { expect, test } from 'vitest';
import type { Patch } from '../support/crash/product.js';
import { runNodes } from '../support/nodes/nodes-run.js';

const ROUNDS = Number(process.env['NODE_ROUNDS'] ?? 2);
const SEED = Number(process.env['NODE_SEED'] ?? Date.now() % 1_000_000);
const isProof = process.env['NODE_ROUNDS'] !== undefined;
const tell = isProof ? console.log : () => {};

test(`${ROUNDS} rounds, seed ${SEED}`, { timeout: 120_000 + ROUNDS * 60_000 }, async () => {
  const { faults, ...figures } = await runNodes({ rounds: ROUNDS, seed: SEED, accountEvery: 4, tell });
  tell(JSON.stringify(figures));
  expect(faults).toEqual([]);
});

/** Each must be found out, or the run above proves nothing. */
const PLANTED: Readonly<Record<string, Patch>> = {
  'nodes that number their shards alike': {
    file: 'model/cluster.js',
    find: 'return node * NODE_SHARDS_MAX + worker;',
    replace: 'return worker;',
  },
  'a lease that everybody is given': {
    file: 'store/shared-rows.js',
    find: "return row?.count === '0';",
    replace: 'return true;',
  },
};

if (isProof) {
  test.each(Object.entries(PLANTED))('finds %s', { timeout: 600_000 }, async (_what, patch) => {
    const options = { rounds: 8, seed: SEED, accountEvery: 2, loadedMsMax: 10_000, patches: [patch], tell };
    const { faults, directory } = await runNodes(options);
    tell(faults[0]?.text ?? 'nothing was found');
    expect(faults).not.toEqual([]);
    fs.rmSync(directory, { recursive: true });
  });
}
