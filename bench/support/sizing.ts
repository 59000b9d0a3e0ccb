/** From a rate of logs to machines: how many workers, nodes and servers, and what they hold and pass on. */
import { CONSTANTS, type Load, type Prediction, predict } from './capacity.js';

export interface Demand {
  readonly logsPerSecond: number;
  /** Logs of a request. */
  readonly batch: number;
}

export interface Sizing extends Prediction {
  readonly load: Load;
  /** Cores to have, of all nodes and of all servers. */
  readonly nodeCoresPlanned: number;
  readonly storeCoresPlanned: number;
  /** Of all copies, without the room that merges need. */
  readonly bytesPerDay: number;
  /** Into each server, with what the others send it. */
  readonly partsPerSecondOfServer: number;
  /** Bits a second from pages to nodes; nearly the same again goes from nodes to servers. */
  readonly networkBits: number;
  /** What the spool of one worker takes while the store is away. */
  readonly spoolBytesPerMinute: number;
}

/** What the tables are made with: choices, not measurements. */
export const PLAN = {
  /** Of a core. The other half is for peaks, for queries, and to make up for what stood still. */
  busy: 0.5,
  nodeCores: 16,
  serverCores: 32,
  /** Copies, where there are servers. */
  replicas: 2,
} as const;

const DAY_SECONDS = 24 * 3600;
/** Cores depend on servers, as many parts are merged more often, and servers on cores. */
const ROUNDS = 10;

export function size(demand: Demand): Sizing {
  const alone = plan(demand, 'embedded');
  const isOneMachine = alone.nodeCoresPlanned + alone.storeCoresPlanned <= PLAN.nodeCores;
  return isOneMachine ? alone : plan(demand, 'server');
}

function plan({ logsPerSecond, batch }: Demand, store: Load['store']): Sizing {
  const replicas = store === 'server' ? PLAN.replicas : 1;
  const fixed = { logsPerSecond, batch, store, replicas, seconds: DAY_SECONDS };
  let load: Load = { ...fixed, workers: 1, nodes: 1, storeShards: 1 };
  for (let round = 0; round < ROUNDS; round++) {
    const { nodeCores, storeCores } = predict(load);
    const workers = planned(nodeCores);
    const nodes = Math.ceil(workers / PLAN.nodeCores);
    const storeShards = store === 'server' ? Math.ceil(planned(storeCores) / (PLAN.serverCores * replicas)) : 1;
    load = { ...fixed, workers, nodes, storeShards };
  }
  const prediction = predict(load);
  return {
    ...prediction,
    load,
    nodeCoresPlanned: planned(prediction.nodeCores),
    storeCoresPlanned: planned(prediction.storeCores),
    bytesPerDay: logsPerSecond * DAY_SECONDS * CONSTANTS.logBytes.value * replicas,
    partsPerSecondOfServer: prediction.insertsPerSecond / load.storeShards,
    networkBits: logsPerSecond * CONSTANTS.sentBytes.value * 8,
    spoolBytesPerMinute: (60 * logsPerSecond * CONSTANTS.sentBytes.value) / load.workers,
  };
}

function planned(cores: number): number {
  return Math.ceil(cores / PLAN.busy);
}
