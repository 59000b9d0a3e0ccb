/** What a command is: one object, one row of the table in commands.ts. */
import type { Client } from './client.js';
import type { Machine } from './machine.js';

export interface Option {
  /** What stands for the value in help: `DAYS`. A switch has none. */
  readonly form?: string;
  readonly default?: string;
  readonly doc: string;
}

export interface Command {
  /** As it is typed: `logstore create`. */
  readonly name: string;
  /** Arguments in order, as help shows them; one in brackets may be left out: `['QUERY']`, `['[QUERY]']`. */
  readonly arguments: readonly string[];
  readonly doc: string;
  /** By name without dashes. Every command also has `admin`, `data` and `help`. */
  readonly options: Readonly<Record<string, Option>>;
  /** Throws Failure. */
  run(call: Call): Promise<void>;
}

/** One use of a command. */
export interface Call {
  /** The arguments in order; one that was left out is empty. */
  readonly arguments: readonly string[];
  /** The value of an option, or its default; `undefined` if there is neither. */
  option(name: string): string | undefined;
  /** Whether a switch was given. */
  isSet(name: string): boolean;
  readonly client: Client;
  readonly machine: Machine;
}
