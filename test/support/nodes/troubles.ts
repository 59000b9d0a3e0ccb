/** What may happen to two nodes, their store and the ways between them, for a while. */
import { setTimeout as sleep } from 'node:timers/promises';
import { killAll, signal } from '../crash/processes.js';
import type { Random } from '../random.js';
import type { Cable } from './cables.js';
import type { NodeTown, TownNode } from './node-town.js';

/** It resolves when it is over; the next begin with a town that was healed. */
type Trouble = (town: NodeTown, random: Random) => Promise<void>;

/** Of each of these kinds a round has at most one. */
export const TROUBLES = {
  ways: {
    'a node loses the store': (town, random) => without([pick(town, random).store], random),
    'nodes lose each other': (town, random) => without([town.between], random),
    'clients lose a node': (town, random) => outOfSight(pick(town, random), [], random),
    'a node is alone': (town, random) => {
      const node = pick(town, random);
      return outOfSight(node, [node.store, town.between], random);
    },
    'nobody reaches the store': ({ nodes }, random) =>
      without(
        nodes.map(({ store }) => store),
        random,
      ),
    'answers of the store are lost': async (town, random) => {
      const { door } = pick(town, random);
      door.plan(
        ...Array.from({ length: random.between(1, 3) }, () => ({ match: /query=INSERT/, cut: 'answer' }) as const),
      );
      await pause(random);
    },
    'the store is slow': async (town, random) => {
      const { door } = pick(town, random);
      door.delayMs = random.between(20, 300);
      await pause(random);
      door.delayMs = 0;
    },
  },
  nodes: {
    'a node is killed': async (town, random) => killNode(pick(town, random), random),
    'both nodes are killed': async ({ nodes }, random) => {
      await Promise.all(nodes.map((node) => killNode(node, random)));
    },
    'a worker is killed': async (town, random) => {
      const workers = pick(town, random)
        .service.processes()
        .filter(({ role }) => role === 'worker');
      for (const { pid } of workers) signal(pid, 'SIGKILL');
      await pause(random);
    },
    'a node is stopped for a while': async (town, random) => {
      const processes = pick(town, random).service.processes();
      for (const { pid } of processes) signal(pid, 'SIGSTOP');
      await pause(random);
      for (const { pid } of processes) signal(pid, 'SIGCONT');
    },
  },
  store: {
    'the store is killed': async ({ store }, random) => {
      await store.end('SIGKILL');
      await pause(random);
      await store.start();
    },
    'the store hangs': async ({ store }, random) => {
      store.signal('SIGSTOP');
      await pause(random);
      store.signal('SIGCONT');
    },
  },
} as const satisfies Record<string, Record<string, Trouble>>;

const MS_MIN = 200;
const MS_MAX = 4000;

function pause(random: Random): Promise<void> {
  return sleep(random.between(MS_MIN, MS_MAX));
}

function pick({ nodes }: NodeTown, random: Random): TownNode {
  return random.pick([...nodes]);
}

async function without(cables: readonly Cable[], random: Random): Promise<void> {
  for (const cable of cables) cable.pull();
  await pause(random);
  for (const cable of cables) cable.plug();
}

async function outOfSight(node: TownNode, others: readonly Cable[], random: Random): Promise<void> {
  // What is on its way is lost; a balancer sends nothing more there.
  node.isInSight = false;
  await without([node.clients, ...others], random);
  node.isInSight = true;
}

async function killNode({ service }: TownNode, random: Random): Promise<void> {
  await killAll(() => service.processes());
  await pause(random);
  await service.start();
}
