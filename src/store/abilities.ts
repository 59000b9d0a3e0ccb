/**
 * What a server can do. The embedded engine is of one version, which we ship; servers are of any. What would only make
 * statements faster or tables safer is left out where a server does not know it; what statements cannot do without is
 * missed by name, before anything is made.
 */
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import { z } from 'zod';
import { StoreUnavailable } from './store.js';

export interface Abilities {
  readonly version: string;
  /** Names of what can be set for a statement, and for a table. */
  readonly settings: ReadonlySet<string>;
  readonly tableSettings: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
}

/** Of what our statements are made of, what servers of the last years have learnt. A test finds it in the embedded engine. */
export const NEEDED = {
  type: ['DateTime64', 'LowCardinality', 'Map', 'UUID'],
  function: [
    ...['accurateCastOrNull', 'arrayElementOrNull', 'fromUnixTimestamp64Nano', 'hasToken', 'lowerUTF8', 'mapApply'],
    ...['mapContainsKey', 'mapFilter', 'mapFromArrays', 'mapUpdate', 'tokens', 'toUnixTimestamp64Second'],
  ],
  setting: ['async_insert', 'insert_deduplication_token', 'lightweight_deletes_sync', 'max_execution_time'],
  'setting of tables': ['fsync_after_insert', 'fsync_part_directory', 'non_replicated_deduplication_window'],
} as const;

/** Their columns are as old as the servers that cannot do without being asked. */
const NAMES = `SELECT 'version' AS kind, version() AS name
UNION ALL SELECT 'setting' AS kind, name FROM system.settings
UNION ALL SELECT 'setting of tables' AS kind, name FROM system.merge_tree_settings
UNION ALL SELECT 'function' AS kind, name FROM system.functions
UNION ALL SELECT 'type' AS kind, name FROM system.data_type_families`;

const NAMED = z.array(z.object({ kind: z.string(), name: z.string() }));

/** Throws `StoreUnavailable` with what is missing: a server can be replaced by a newer one while we wait. */
export async function readAbilities(client: ClickHouseClient, abort_signal: AbortSignal): Promise<Abilities> {
  const result = await client.query({ query: NAMES, format: 'JSONEachRow', abort_signal });
  const named = NAMED.parse(await result.json());
  const namesOf = (kind: string) => new Set(named.filter((row) => row.kind === kind).map(({ name }) => name));
  const [version = 'of an unknown version'] = namesOf('version');
  const missing = Object.entries(NEEDED).flatMap(([kind, names]) => {
    const known = namesOf(kind);
    return names.filter((name) => !known.has(name)).map((name) => `the ${kind} ${name}`);
  });
  if (missing.length > 0) {
    throw new StoreUnavailable(`ClickHouse ${version} is too old for Logboom: it lacks ${missing.join(', ')}.`);
  }
  return {
    version,
    settings: namesOf('setting'),
    tableSettings: namesOf('setting of tables'),
    functions: namesOf('function'),
  };
}

/** Those of the settings that a server knows; all where nobody asked. */
export function knownSettings(settings: ClickHouseSettings, abilities: Abilities | undefined): ClickHouseSettings {
  if (abilities === undefined) return settings;
  return Object.fromEntries(Object.entries(settings).filter(([name]) => abilities.settings.has(name)));
}

/**
 * A statement of the schema without settings that a server does not know: one to a line, behind a line of their own that says
 * `SETTINGS` or, where one of them is known to all, `MODIFY SETTING`.
 */
export function withKnownSettings(statement: string, abilities: Abilities | undefined): string {
  if (abilities === undefined) return statement;
  const [head = '', clause, tail] = statement.split(/\n(SETTINGS|MODIFY SETTING)\n/);
  if (tail === undefined) return statement;
  const known = tail.split(',\n').filter((setting) => abilities.tableSettings.has(setting.trim().split(' ')[0] ?? ''));
  return known.length === 0 ? head : `${head}\n${clause}\n${known.join(',\n')}`;
}
