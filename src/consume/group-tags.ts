/**
 * Whose tags are whose: the store has the tags of a log group with each of its logs, and among them those that a log had been
 * given for itself, as fields named `__tag__:…`.
 */
import { readPairs, type StoredRow } from './stored-row.js';
import { type Pair, writeVarint } from './texts.js';

export interface GroupTags {
  readonly common: readonly Pair[];
  /** For each log, what it has beside them, with the keys of fields. Empty if no log has any. */
  readonly own: readonly (readonly Pair[])[];
}

const PREFIX = Buffer.from('__tag__:');

export function splitTags(bytes: Buffer, rows: readonly StoredRow[]): GroupTags {
  const [first] = rows;
  if (first === undefined) return { common: [], own: [] };
  const isSame = ({ tagsAt, fieldsAt }: StoredRow) =>
    bytes.compare(bytes, first.tagsAt, first.fieldsAt, tagsAt, fieldsAt) === 0;
  const tags = readPairs(bytes, first.tagsAt);
  if (rows.every(isSame)) return { common: tags, own: [] };

  const ofRows = rows.map(({ tagsAt }) => new Map(readPairs(bytes, tagsAt).map((pair) => [textOf(pair), pair])));
  const common = tags.filter((pair) => ofRows.every((row) => row.has(textOf(pair))));
  for (const pair of common) for (const row of ofRows) row.delete(textOf(pair));
  return { common, own: ofRows.map((row) => [...row.values()].map(asField)) };
}

/** Key and value as something that can be compared. */
function textOf({ source, start, end }: Pair): string {
  return source.toString('latin1', start, end);
}

function asField({ source, start, valueAt, end }: Pair): Pair {
  const lengthBytes = (source[start] as number) < 0x80 ? 1 : 2; // keys have 128 bytes at most
  const key = Buffer.concat([PREFIX, source.subarray(start + lengthBytes, valueAt)]);
  const head = Buffer.alloc(2);
  const text = Buffer.concat([head.subarray(0, writeVarint(head, 0, key.length)), key]);
  const value = source.subarray(valueAt, end);
  return { source: Buffer.concat([text, value]), start: 0, valueAt: text.length, end: text.length + value.length };
}
