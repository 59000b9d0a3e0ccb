/** Settings from all layers, the nearest to the operator first: flag, environment, file, default. */
import * as path from 'node:path';
import {
  type Given,
  type Layer,
  messageOf,
  type Origin,
  quote,
  readEnvironment,
  readFlags,
  readYaml,
  type Settings,
} from './layers.js';
import type { ValueOf } from './setting.js';

/** What the operator gave cannot be used. `problems` are sentences, all of them at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

export interface Sources {
  /** What follows the command. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads a small text file; throws as `fs` does. */
  readonly readFile: (file: string) => string;
}

export type Values<Table> = { readonly [Name in keyof Table]: ValueOf<Table[Name]> };
/** What each setting was read from. */
export type Sourced<Table> = { readonly [Name in keyof Table]: Given };

/** Reads every setting of `table`; throws ConfigError. The values are plain data, frozen through and through. */
export function resolveSettings<Table extends Settings>(
  table: Table,
  sources: Sources,
): { values: Values<Table>; given: Sourced<Table> } {
  const flags = readFlags(sources.args, table);
  const environment = readEnvironment(sources.env, table, sources.readFile);
  const file = openFile(flags.given.get('config') ?? environment.given.get('config'), table, sources.readFile);
  const layers = [flags, environment, file];

  const problems = layers.flatMap((layer) => layer.problems);
  const values: Record<string, unknown> = {};
  const sourced: Record<string, Given> = {};
  for (const [name, setting] of Object.entries(table)) {
    const given = layers.find((layer) => layer.given.has(name))?.given.get(name);
    const source = given ?? { text: setting.default, origin: { from: 'default', name: 'default' } };
    const { text, origin } = source;
    const value = setting.read(text);
    if (value === undefined) {
      const shown = setting.secret ? 'not usable' : quote(text);
      problems.push(`${name} is ${shown} (from ${origin.name}); it must be ${setting.expects}.`);
    }
    values[name] = freeze(value);
    sourced[name] = source;
  }
  if (problems.length > 0) throw new ConfigError(problems);
  // Every key of the table was given the value its own `read` returned; the compiler cannot follow the loop.
  return { values: Object.freeze(values) as Values<Table>, given: Object.freeze(sourced) as Sourced<Table> };
}

function openFile(
  config: { text: string; origin: Origin } | undefined,
  table: Settings,
  readFile: Sources['readFile'],
): Layer {
  if (config === undefined) return { given: new Map(), problems: [] };
  const file = path.resolve(config.text);
  try {
    return readYaml(file, readFile(file), table);
  } catch (error) {
    const problem = `Cannot read the configuration file ${quote(file)} (from ${config.origin.name}): ${messageOf(error)}.`;
    return { given: new Map(), problems: [problem] };
  }
}

function freeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
}
