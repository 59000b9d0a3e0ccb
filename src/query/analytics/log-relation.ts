/**
 * The logs of a query as a relation: of one logstore, in a range of time, that meet the search. Only these rows and the
 * columns that were asked for can be reached from the rest of the statement.
 */
import { CLIENT_TIME } from '../../model/client-time.js';
import type { IndexConfig, KeyIndex } from '../../model/index-config.js';
import type { LogTable } from '../../store/log-table.js';
import { castSql } from './cast.js';
import { CLIENT_SKEW, clientSkewSql } from './client-skew.js';
import { type Column, type Relation, sameName } from './relation.js';
import type { Translation } from './translation.js';
import type { SqlType } from './types.js';

export interface Logs {
  readonly table: LogTable;
  /** Of the logstore; null without one. */
  readonly index: IndexConfig | null;
  /** The logstore's own; `log` stands for it as well. */
  readonly name: string;
  /** The query's range of time, in Unix seconds; the second is not part of it. */
  readonly fromSeconds: number;
  readonly toSeconds: number;
  /** The condition on the table `logs`, with times so many seconds further back than the query's own. */
  readonly condition: (secondsBack: number) => string;
}

const TAG = '__tag__:';

/** `secondsBack` moves the range of time back, and the times of the logs forth: they fall on those they are compared with. */
export function logRelation(logs: Logs, alias: string | null, translation: Translation, secondsBack: number): Relation {
  const used = new Map<string, { sql: string; name: string }>();
  const column = ({ title, type, sql, isAssumed = false }: Source): Column => {
    const use = () => {
      const known = used.get(title) ?? { sql: sql(), name: translation.name('c') };
      used.set(title, known);
      return known.name;
    };
    return { title, type, use, isAssumed };
  };
  const isMeant = (qualifier: string | null) => qualifier === null || isLogs(logs, alias, qualifier);
  const relationName = translation.name('t');
  return {
    sql: () => {
      const columns = [...used.values()].map(({ sql, name }) => `${sql} AS ${name}`).join(', ');
      return `(SELECT ${columns || `1 AS ${translation.name('c')}`} FROM logs WHERE ${logs.condition(secondsBack)}) AS ${relationName}`;
    },
    find: (qualifier, name) => {
      const source = isMeant(qualifier) ? findSource(logs, name, translation, secondsBack) : null;
      return source === null ? [] : [column(source)];
    },
    all: (qualifier, at) => {
      if (!isMeant(qualifier)) return [];
      const names = indexedNames(logs.index);
      if (names === null) {
        throw translation.error(at, "'*' needs an index that says which fields there are: name the fields instead");
      }
      return [...LABELS, ...names].flatMap((name) => {
        const source = findSource(logs, name, translation, secondsBack);
        return source === null ? [] : [column(source)];
      });
    },
  };
}

function isLogs({ name }: Logs, alias: string | null, qualifier: string): boolean {
  return alias === null ? isLogName(qualifier, name) : sameName(alias, qualifier);
}

/** `log`, or the logstore's own name. */
export function isLogName(text: string, logstore: string): boolean {
  return sameName('log', text) || text === logstore;
}

const LABELS = ['__time__', '__topic__', '__source__'];

interface Source {
  readonly title: string;
  readonly type: SqlType;
  readonly sql: () => string;
  readonly isAssumed?: boolean;
}

/** Null if there is no such column. */
function findSource(logs: Logs, name: string, translation: Translation, secondsBack: number): Source | null {
  const { table, index } = logs;
  const { bind } = translation;
  if (name === '__time__') {
    const seconds = 'toUnixTimestamp64Second(time)';
    return { title: name, type: 'bigint', sql: () => (secondsBack === 0 ? seconds : `(${seconds} + ${secondsBack})`) };
  }
  if (name === '__date__') {
    const back = secondsBack === 0 ? 'time' : `time + toIntervalSecond(${secondsBack})`;
    return { title: name, type: 'timestamp', sql: () => `toDateTime64(${back}, 3, ${translation.zone})` };
  }
  if (name === '__topic__') return { title: name, type: 'varchar', sql: () => "CAST(topic, 'String')" };
  if (name === '__source__') return { title: name, type: 'varchar', sql: () => 'source' };
  if (name.startsWith(TAG)) {
    const tag = () => bind(name.slice(TAG.length));
    return { title: name, type: 'varchar', sql: () => `if(mapContains(tags, ${tag()}), tags[${tag()}], NULL)` };
  }
  const field = (key: string) => table.field(key, translation.bindNew).orNull;
  if (name === CLIENT_SKEW) return { title: name, type: 'bigint', sql: () => clientSkewSql(field(CLIENT_TIME)) };
  if (indexedNames(index) === null) return { title: name, type: 'varchar', sql: () => field(name), isAssumed: true };
  const indexed = findIndexed(index, name);
  if (indexed === null) return null;
  const { key, path, config } = indexed;
  const type = typeOfIndex(config);
  return {
    title: name,
    type,
    sql: () => {
      const text = path.length === 0 ? field(key) : jsonLeaf(field(key), path.map(bind));
      return castSql(text, 'varchar', type, translation) ?? text;
    },
  };
}

/** A leaf of JSON as text. */
function jsonLeaf(json: string, path: readonly string[]): string {
  const at = [json, ...path].join(', ');
  return `multiIf(JSONType(${at}) = 'String', JSONExtractString(${at}), JSONType(${at}) = 'Null', NULL, JSONExtractRaw(${at}))`;
}

function typeOfIndex({ type }: KeyIndex): SqlType {
  return type === 'long' ? 'bigint' : type === 'double' ? 'double' : 'varchar';
}

interface Indexed {
  readonly key: string;
  /** Into a JSON field. */
  readonly path: readonly string[];
  readonly config: KeyIndex;
}

/** The field of this name or alias, or the leaf of a JSON field; null if it is not there to be analysed. */
function findIndexed(index: IndexConfig | null, name: string): Indexed | null {
  const fields = Object.entries(index?.keys ?? {}).filter(([, config]) => config.doc_value !== false);
  const own =
    fields.find(([key]) => key === name) ??
    fields.find(([, { alias }]) => alias === name) ??
    fields.find(([key]) => sameName(key, name));
  if (own !== undefined) return { key: own[0], path: [], config: own[1] };
  for (const [key, config] of fields) {
    if (config.type !== 'json') continue;
    for (const [leaf, leafConfig] of Object.entries(config.json_keys ?? {})) {
      if (name !== `${key}.${leaf}` && name !== leafConfig.alias) continue;
      return leafConfig.doc_value === false ? null : { key, path: leaf.split('.'), config: leafConfig };
    }
  }
  return null;
}

/** Names of all fields that can be analysed; null where no index says so. */
function indexedNames(index: IndexConfig | null): readonly string[] | null {
  const fields = Object.entries(index?.keys ?? {});
  if (fields.length === 0) return null;
  return fields.flatMap(([key, config]) => {
    if (config.doc_value === false) return [];
    const leaves = config.type === 'json' ? Object.entries(config.json_keys ?? {}) : [];
    return [key, ...leaves.filter(([, leaf]) => leaf.doc_value !== false).map(([leaf]) => `${key}.${leaf}`)];
  });
}
