/**
 * Values on their way into a statement: each goes aside as a parameter, and a placeholder into the SQL. This is the only
 * way in, so that nothing a user wrote can ever be read as SQL.
 */
import type { Statement } from './store.js';

/** Takes a value as a parameter and returns its placeholder, such as `{p0:String}`. */
export type Bind = {
  (text: string): string;
  (texts: readonly string[], type: 'Array(String)'): string;
  (number: number | bigint | readonly number[], type: 'Int64' | 'UInt64' | 'Array(UInt16)' | 'Array(UInt64)'): string;
};

/** The statement whose SQL `write` puts together. */
export function writeStatement(write: (bind: Bind) => string): Statement {
  const parameters: Record<string, Statement['parameters'][string]> = {};
  let count = 0;
  const sql = write((value: Statement['parameters'][string] | bigint, type = 'String') => {
    const name = `p${count}`;
    count += 1;
    parameters[name] = typeof value === 'bigint' ? String(value) : value;
    return `{${name}:${type}}`;
  });
  return { sql, parameters };
}
