/** All functions, by name. What is not here cannot be called. */
import { AGGREGATES } from './aggregate.js';
import { COLLECTIONS } from './collection.js';
import { CONDITIONALS } from './conditional.js';
import { IPS } from './ip.js';
import { JSONS } from './json.js';
import { MATH } from './math.js';
import { REGEXPS } from './regexp.js';
import type { FunctionRow } from './row.js';
import { readSignature, type Signature } from './signature.js';
import { SPECIALS } from './special.js';
import { STRINGS } from './string.js';
import { TIMES } from './time.js';
import { URLS } from './url.js';
import { WINDOWS } from './window.js';

/** In the order of the documentation. */
export const GROUPS: readonly { readonly title: string; readonly rows: readonly FunctionRow[] }[] = [
  { title: 'Aggregates', rows: AGGREGATES },
  { title: 'Series and comparisons', rows: SPECIALS },
  { title: 'Time', rows: TIMES },
  { title: 'Text', rows: STRINGS },
  { title: 'Regular expressions', rows: REGEXPS },
  { title: 'JSON', rows: JSONS },
  { title: 'URLs', rows: URLS },
  { title: 'Addresses', rows: IPS },
  { title: 'Arrays and maps', rows: COLLECTIONS },
  { title: 'Numbers', rows: MATH },
  { title: 'Conditions', rows: CONDITIONALS },
  { title: 'Windows', rows: WINDOWS },
];

export interface NamedRow {
  readonly row: FunctionRow;
  readonly signature: Signature;
}

/** Rows of one name are all of one kind. */
export const FUNCTIONS: ReadonlyMap<string, readonly NamedRow[]> = byName();

function byName(): Map<string, NamedRow[]> {
  const rows = new Map<string, NamedRow[]>();
  for (const row of GROUPS.flatMap((group) => group.rows)) {
    const signature = readSignature(row.form);
    rows.set(signature.name, [...(rows.get(signature.name) ?? []), { row, signature }]);
  }
  return rows;
}
