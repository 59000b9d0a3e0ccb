/**
 * Where the table `logs` is: on the one server there is, or spread over a cluster, any server of which answers for all.
 *
 * On a cluster every server has a part of the rows in `logs_stored`, replicated as the cluster is set up, and `logs` is a
 * Distributed table over all of them. Statements that ask and load name `logs` and need not know. What changes the table
 * itself has to name the one that holds rows, and to be said everywhere.
 *
 * Rows go to a part of the cluster by the shard that wrote them, so that a segment is one insert into one table there, with
 * one token. A logstore is asked of all parts at once, each of which finds its rows by the table's key. Numbers of shards
 * that follow one another go to parts that follow one another; so do those of ranges of 64, the most that a node has.
 *
 * Nothing relies on rows being where this key would put them now: a cluster may get more parts.
 */
import { quote, quoteName } from './quote.js';

export interface Tables {
  /** The table with the rows of the server that is asked. */
  readonly stored: string;
  /** ` ON CLUSTER x`, to go behind a table's name; empty on a single server. */
  readonly everywhere: string;
  /** SQL that stands for the name of a table with the rows of all servers, where each copy of a row is one. */
  readonly copies: string;
  /** SQL that stands for the name of a table of the system, of all servers; or for what `select` gives of it on each. */
  system(table: string, select?: string): string;
  /** A table of the system of as few servers as have every row between them, once. */
  systemOnce(table: string): string;
  /** Statements of the schema, from the spelling of schema/*.sql. */
  spell(statement: string): readonly string[];
}

const LOGS = 'logs';
const SHARDING_KEY = 'shard + intDiv(shard, 64)';

/** A part of a cluster has its own rows. */
const REPLICATED = "ReplicatedMergeTree('/clickhouse/tables/{database}/{table}/{shard}', '{replica}')";
/** All servers have the same rows. */
const SHARED_PATH = "'/clickhouse/tables/{database}/{table}', '{shard}-{replica}'";

export const ONE_SERVER: Tables = {
  stored: LOGS,
  everywhere: '',
  copies: LOGS,
  system: (table, select) => (select === undefined ? `system.${table}` : `(${select})`),
  systemOnce: (table) => `system.${table}`,
  spell: (statement) =>
    spell(statement, {
      stored: LOGS,
      tables: [LOGS],
      engine: 'MergeTree',
      shared: 'MergeTree',
      replacing: 'ReplacingMergeTree(',
    }),
};

/** What is run on other servers cannot go by the database of whoever asks. */
export function clusterTables(cluster: string, database: string): Tables {
  const stored = `${LOGS}_stored`;
  const everywhere = ` ON CLUSTER ${quoteName(cluster)}`;
  const engine = `Distributed(${[cluster, database, stored].map(quote).join(', ')}, ${SHARDING_KEY})`;
  const ofAll = (table: string) => `clusterAllReplicas(${quote(cluster)}, ${table})`;
  const distributed = `AS ${quoteName(database)}.${stored} ENGINE = ${engine}`;
  return {
    stored,
    everywhere,
    copies: ofAll(`${quoteName(database)}.${stored}`),
    system: (table, select) => ofAll(select === undefined ? `system.${table}` : `view(${select})`),
    systemOnce: (table) => `cluster(${quote(cluster)}, system.${table})`,
    spell: (statement) =>
      spell(statement, {
        stored,
        // Rows first: the other one may not have a column that they lack.
        tables: [stored, LOGS],
        engine: REPLICATED,
        shared: `ReplicatedMergeTree(${SHARED_PATH})`,
        replacing: `ReplicatedReplacingMergeTree(${SHARED_PATH}, `,
        everywhere,
        distributed,
      }),
  };
}

interface Words {
  readonly stored: string;
  readonly tables: readonly string[];
  readonly engine: string;
  readonly shared: string;
  /** Up to the name of the column with the version. */
  readonly replacing: string;
  readonly everywhere?: string;
  readonly distributed?: string;
}

/**
 * `$stored` is the table with rows, `$tables` stands for each table that has columns: the statement is repeated. `$everywhere`
 * goes behind the name of whatever is made or changed. `$engine` is for the logs; `$shared` and `$replacing(version)` are for
 * small tables that every server has whole. A statement with `$distributed` is for clusters alone.
 */
function spell(statement: string, words: Words): readonly string[] {
  if (words.distributed === undefined && statement.includes('$distributed')) return [];
  const spelled = statement
    .replaceAll('$stored', words.stored)
    .replaceAll(' $everywhere', words.everywhere ?? '')
    .replaceAll('$engine', words.engine)
    .replaceAll('$shared', words.shared)
    .replaceAll('$replacing(', words.replacing)
    .replaceAll('$distributed', words.distributed ?? '');
  return spelled.includes('$tables') ? words.tables.map((table) => spelled.replaceAll('$tables', table)) : [spelled];
}
