/** Whole runs that no constant of the model was taken from, and what it says of them. */
import { type Load, predict } from './capacity.js';

export interface Check {
  readonly run: string;
  /** The page of bench/results. */
  readonly source: string;
  readonly load: Load;
  /** CPU seconds per million logs, of all processes. */
  readonly measured: number;
}

const embedded = { store: 'embedded', nodes: 1, workers: 1, storeShards: 1, replicas: 1 } as const;

export const CHECKS: readonly Check[] = [
  {
    run: 'two cores, batches of 100',
    source: 'searchable.md',
    load: { ...embedded, logsPerSecond: 99_929, batch: 100, seconds: 15 },
    measured: 15.6,
  },
  {
    run: 'two cores, one log a GET',
    source: 'searchable.md',
    load: { ...embedded, logsPerSecond: 19_327, batch: 1, seconds: 15 },
    measured: 57.1,
  },
];

/** Of what was measured: 1.1 is a tenth too many. */
export function ratioOf({ load, measured }: Check): number {
  const { nodeCpu, storeCpu } = predict(load);
  return (nodeCpu + storeCpu) / measured;
}
