/** A type's name, as in CAST. */
import type { TokenStream } from './token-stream.js';
import { arrayOf, mapOf, type SqlType } from './types.js';

/** Names of Presto's that are narrower than ours mean ours. */
const NAMES: Readonly<Record<string, SqlType>> = {
  varchar: 'varchar',
  char: 'varchar',
  bigint: 'bigint',
  integer: 'bigint',
  int: 'bigint',
  smallint: 'bigint',
  tinyint: 'bigint',
  double: 'double',
  real: 'double',
  decimal: 'double',
  boolean: 'boolean',
  timestamp: 'timestamp',
  date: 'date',
  json: 'json',
};

export function parseType(stream: TokenStream): SqlType {
  const { at } = stream;
  const name = stream.expectName('a type').toLowerCase();
  if (name === 'array' || name === 'map') {
    return stream.nested(() => {
      stream.expectSymbol('(');
      const first = parseType(stream);
      let type = arrayOf(first);
      if (name === 'map') {
        stream.expectSymbol(',');
        type = mapOf(first, parseType(stream));
      }
      stream.expectSymbol(')');
      return type;
    });
  }
  if (name === 'timestamp' && stream.acceptWords('with', 'time', 'zone')) return 'timestamp with time zone';
  const type = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  if (type === undefined) throw stream.error(`Unknown type '${name}'`, at);
  // A length or a precision, as in varchar(20), has no effect here.
  if (stream.acceptSymbol('(')) {
    stream.list(() => {
      const token = stream.take();
      if (token.kind !== 'integer') throw stream.error('mismatched input, expecting a whole number', token.at);
    });
    stream.expectSymbol(')');
  }
  return type;
}
