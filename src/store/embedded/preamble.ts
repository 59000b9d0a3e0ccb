/** What a fresh session is told before its one statement. */
import { quote, quoteName } from '../quote.js';
import type { EngineStatement } from './engine.js';

/**
 * SQL that selects the database, applies the settings and binds the parameters.
 *
 * The statement's id goes in as its `log_comment`, since the engine gives every query an id of its own that we cannot choose.
 * `readonly` comes last because nothing can be set after it.
 */
export function preamble({ id, database, settings, parameters }: EngineStatement): string {
  const { readonly, ...others } = Object.fromEntries(settings);
  const assignments = [
    ...Object.entries({ ...others, log_comment: id }),
    ...[...parameters].map(([name, value]) => [`param_${name}`, value] as const),
    ...(readonly === undefined ? [] : [['readonly', readonly] as const]),
  ];
  const statements = assignments.map(([name, value]) => `SET ${name} = ${quote(value)}`);
  if (database !== undefined) statements.unshift(`USE ${quoteName(database)}`);
  return statements.join('; ');
}
