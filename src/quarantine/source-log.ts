/** A log as it was sent, taken apart without losing how its values are spelled: 12345678901234567890 keeps its digits. */
import { ASCII } from '../tracking/ascii.js';
import { JsonText } from '../tracking/json-text.js';

export interface SourceField {
  readonly key: string;
  /** JSON text. */
  readonly value: string;
}

export type SourceLog =
  /** Names may repeat. */
  | { readonly kind: 'object'; readonly fields: readonly SourceField[] }
  /** Any other JSON value, as its text. */
  | { readonly kind: 'other'; readonly value: string };

/** Null for what is no JSON, as a text that was cut. */
export function readSourceLog(text: string): SourceLog | null {
  const bytes = Buffer.from(text);
  const json = new JsonText();
  json.load(bytes);
  const start = json.skipSpace(0);
  const fields: SourceField[] = [];
  const isObject = json.at(start) === ASCII.OPEN_BRACE;
  const end = isObject ? readFields(json, bytes, start, fields) : json.skipValue(start, 0);
  if (json.failedAt !== -1 || json.skipSpace(end) !== bytes.length) return null;
  return isObject ? { kind: 'object', fields } : { kind: 'other', value: bytes.toString('utf8', start, end) };
}

export function printSourceLog(log: SourceLog): string {
  if (log.kind === 'other') return log.value;
  return `{${log.fields.map(({ key, value }) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
}

function readFields(json: JsonText, bytes: Buffer, open: number, fields: SourceField[]): number {
  let i = json.skipSpace(open + 1);
  if (json.at(i) === ASCII.CLOSE_BRACE) return i + 1;
  while (json.failedAt === -1) {
    const keyEnd = json.skipKey(i);
    const value = json.skipColon(keyEnd);
    const end = json.skipValue(value, 1);
    if (json.failedAt !== -1) break;
    const key = JSON.parse(bytes.toString('utf8', i, keyEnd)) as string; // a key is a string
    fields.push({ key, value: bytes.toString('utf8', value, end) });
    i = json.skipSpace(end);
    if (json.at(i) === ASCII.CLOSE_BRACE) return i + 1;
    i = json.at(i) === ASCII.COMMA ? json.skipSpace(i + 1) : json.fail(i);
  }
  return bytes.length;
}
