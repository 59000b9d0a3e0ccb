/**
 * What a service of some size takes, computed from what was measured on a small one. docs/scaling.md explains it and has its
 * tables; `node dist/bench/model.js` prints them.
 *
 * Everything is linear but two things: a segment is an insert, and an insert has a price of its own, so that many workers with few
 * logs each are dear; and the more inserts a day has, the more often each log is merged.
 */

export interface Constant {
  readonly value: number;
  readonly unit: string;
  /** The page of bench/results it was measured on, or whose choice it is. */
  readonly source: string;
}

/** Logs of 22 fields and some 700 bytes (page-events.ts). CPU is that of one core of the machine the pages name. */
export const CONSTANTS = {
  requestCpu: {
    value: 36.8,
    unit: 'CPU s per million requests',
    source: 'ingest.md: 39.3 us with 1 log, 283.9 with 100; two equations',
  },
  receiveCpu: { value: 2.5, unit: 'CPU s per million logs', source: 'ingest.md, the same' },
  carryCpu: {
    value: 2.0,
    unit: 'CPU s per million logs',
    source:
      'searchable.md: 4.8 of the worker less what receiving takes. A spool on a disk, and segments that are looked through',
  },
  sendCpu: {
    value: 3.0,
    unit: 'CPU s per million logs',
    source: 'nodes.md: a node before a server less an embedded one',
  },
  nodeRestCpu: { value: 0.012, unit: 'cores of a node', source: 'nodes.md, at rest' },
  pollCpu: { value: 0.015, unit: 'cores of the store for each node', source: 'nodes.md, at rest: two nodes less one' },
  insertCpu: {
    value: 7.2,
    unit: 'CPU s per million logs',
    source: 'load.md: 11.2 with merges, less the price of 22 inserts and what is merged of so many',
  },
  mergeCpu: {
    value: 5.6,
    unit: 'CPU s per million logs and round of merges',
    source: 'load.md, one log to a group: 12.9 when all was inserted, 18.5 when all was one part',
  },
  eachInsertCpu: {
    value: 0.08,
    unit: 'CPU s an insert',
    source: 'README.md of bench: 31 to 37 a million where an insert has 4,000 logs, less the rest',
  },
  looseInserts: {
    value: 9,
    unit: 'inserts that are not merged yet',
    source: 'merges.md: 0.90 after 40, 1.88 after 200',
  },
  mergedParts: { value: 5.2, unit: 'parts that become one', source: 'merges.md, the same; two equations' },
  partBytesMax: {
    value: 150e9,
    unit: 'bytes',
    source: "ClickHouse's default of max_bytes_to_merge_at_max_space_in_pool",
  },
  logBytes: { value: 72, unit: 'bytes in the store', source: 'searchable.md: 70.9 and 72.8' },
  sentBytes: {
    value: 750,
    unit: 'bytes on the wire and in the spool',
    source: 'page-events.ts, with the line around it',
  },
  segmentBytes: { value: 64 * 1024 ** 2, unit: 'bytes', source: 'the default of spoolSegmentBytesMax' },
  segmentSeconds: { value: 1, unit: 's', source: 'the default of spoolSegmentAgeMax' },
} as const satisfies Record<string, Constant>;

export interface Load {
  readonly logsPerSecond: number;
  /** Logs of a request. */
  readonly batch: number;
  readonly store: 'embedded' | 'server';
  readonly nodes: number;
  /** Of all nodes together. */
  readonly workers: number;
  /** Servers among which logs are divided; each has copies on `replicas` machines. 1 and 1 for the embedded store. */
  readonly storeShards: number;
  readonly replicas: number;
  /** For how long logs have come this way since the day began. */
  readonly seconds: number;
}

export interface Prediction {
  /** CPU seconds per million logs. */
  readonly nodeCpu: number;
  /** The same of all servers together. */
  readonly storeCpu: number;
  readonly logsPerInsert: number;
  readonly insertsPerSecond: number;
  /** How often a log is read and written again. */
  readonly merges: number;
  /** Cores that are busy. */
  readonly nodeCores: number;
  readonly storeCores: number;
}

const value = (name: keyof typeof CONSTANTS): number => CONSTANTS[name].value;

export function predict(load: Load): Prediction {
  const { logsPerSecond, batch, workers, nodes, storeShards, replicas, seconds } = load;
  const isServer = load.store === 'server';
  const logsPerInsert = Math.min(
    (logsPerSecond / workers) * value('segmentSeconds'),
    value('segmentBytes') / value('sentBytes'),
  );
  const insertsPerSecond = logsPerSecond / logsPerInsert;
  const merges = mergesOf({
    partBytes: logsPerInsert * value('logBytes'),
    parts: (insertsPerSecond * seconds) / storeShards,
  });
  const nodeCpu =
    value('requestCpu') / batch + value('receiveCpu') + value('carryCpu') + (isServer ? value('sendCpu') : 0);
  const eachInsert = (value('eachInsertCpu') * 1e6) / logsPerInsert;
  // A replica is sent the part, and merges it by itself.
  const storeCpu = value('insertCpu') + eachInsert + replicas * merges * value('mergeCpu');
  const millions = logsPerSecond / 1e6;
  return {
    nodeCpu,
    storeCpu,
    logsPerInsert,
    insertsPerSecond,
    merges,
    nodeCores: nodeCpu * millions + nodes * value('nodeRestCpu'),
    storeCores: storeCpu * millions + (isServer ? nodes * value('pollCpu') : 0),
  };
}

/** Each round makes one part of some, until the day is one part or parts are as large as the engine makes them. */
function mergesOf({ partBytes, parts }: { readonly partBytes: number; readonly parts: number }): number {
  const joined = Math.min(parts, value('partBytesMax') / partBytes) / value('looseInserts');
  return Math.max(0, Math.log(joined) / Math.log(value('mergedParts')));
}
