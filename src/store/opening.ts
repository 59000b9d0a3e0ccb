/**
 * The ways to have a store: a process of ours behind a unix socket, a ClickHouse server, a cluster of them. What they differ
 * in is said here, and everything else once, in clickhouse.ts.
 */
import type { ClickHouseSettings } from '@clickhouse/client';
import { connectServer, connectSocket, type ServerAccess } from './connect.js';
import type { SegmentSource } from './segment-sql.js';
import type { ServersOptions } from './servers.js';
import { clusterTables, ONE_SERVER, type Tables } from './tables.js';

/** The embedded store. */
export interface SocketPlace {
  /** Path of its process's unix socket. */
  readonly socket: string;
}

/** One server, at one or more addresses, or a cluster. */
export interface ServerPlace extends ServerAccess {
  /** `https://store-1.example.com:8443`; the first one is asked as long as it answers. */
  readonly urls: readonly string[];
  /** The name that the servers' configuration has for the cluster; empty for a single server. */
  readonly cluster: string;
  /** How many replicas must have an insert before it counts; 0 for more than half of them. For clusters alone. */
  readonly quorum: number;
}

export interface Opening {
  readonly servers: Pick<ServersOptions, 'places' | 'pingEveryMs' | 'restMsMin' | 'restMsMax'>;
  readonly tables: Tables;
  readonly source: SegmentSource;
  /** Whether the engine is ours, and of a version that is known. */
  readonly isEmbedded: boolean;
  /** On top of those for every store. */
  readonly insertSettings: ClickHouseSettings;
  readonly querySettings: ClickHouseSettings;
  /** For what all nodes keep together: what one has written, every read that begins later has to see. */
  readonly sharedWrites: ClickHouseSettings;
  readonly sharedReads: ClickHouseSettings;
}

const PING_EVERY_MS = 5000;
const REST_MS_MIN = 1000;
const REST_MS_MAX = 30_000;

export function socketOpening({ socket }: SocketPlace, database: string): Opening {
  return {
    servers: {
      places: [{ name: 'embedded', connect: () => connectSocket(socket, database) }],
      // The supervisor watches it.
      pingEveryMs: 0,
      restMsMin: 0,
      restMsMax: 0,
    },
    tables: ONE_SERVER,
    source: 'file',
    isEmbedded: true,
    insertSettings: {},
    querySettings: {},
    sharedWrites: {},
    sharedReads: {},
  };
}

export function serverOpening(place: ServerPlace, database: string): Opening {
  const { urls, cluster, quorum } = place;
  const isCluster = cluster !== '';
  return {
    servers: {
      places: urls.map((url) => ({ name: url, connect: () => connectServer(url, place, database) })),
      pingEveryMs: PING_EVERY_MS,
      restMsMin: REST_MS_MIN,
      restMsMax: REST_MS_MAX,
    },
    tables: isCluster ? clusterTables(cluster, database) : ONE_SERVER,
    source: 'body',
    isEmbedded: false,
    insertSettings: isCluster ? clusterInsert(quorum) : {},
    // Statements ask the table within themselves: every part of the cluster needs the answer of all.
    querySettings: isCluster ? { distributed_product_mode: 'global' } : {},
    sharedWrites: isCluster ? { insert_quorum: 'auto', insert_quorum_parallel: 0 } : {},
    sharedReads: isCluster ? { select_sequential_consistency: '1' } : {},
  };
}

/** An answer to an insert has to mean that its rows are where they belong, and not only on their way. */
function clusterInsert(quorum: number): ClickHouseSettings {
  return {
    distributed_foreground_insert: 1,
    // Its name in older servers.
    insert_distributed_sync: 1,
    insert_quorum: quorum === 0 ? 'auto' : String(quorum),
  };
}
