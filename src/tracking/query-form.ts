/**
 * The GET forms: a query string is one log. It is written as the JSON body that a POST would have carried and scanned
 * like one, so that the rules for keys, values and duplicates exist once.
 */
import { isUtf8 } from 'node:buffer';
import { QUERY_BYTES_MAX } from '../model/limits.js';
import { ASCII } from './ascii.js';
import { hexDigit } from './json-text.js';
import { ESCAPED_BYTES_MAX, JsonWriter, writeEscaped } from './json-writer.js';
import * as trouble from './refusal.js';
import type { Scanner, ScanResult } from './scan.js';

export type Field = readonly [name: string, value: string];

/**
 * Reads what follows the `?`, a character for each byte as Node gives it. `extraFields` give way to fields of the same
 * name in the query. Parameters in `ignored` are no fields, and neither is the version of the API.
 */
export type QueryForm = (queryText: string, extraFields: readonly Field[], ignored: ReadonlySet<string>) => ScanResult;

/** The function made keeps some memory from query to query; its results do not refer to it. */
export function createQueryForm(scanner: Scanner): QueryForm {
  const transcript = new Transcript();
  return (queryText, extraFields, ignored) => {
    if (queryText.length > QUERY_BYTES_MAX) return trouble.refuse(trouble.QUERY_TOO_LONG, QUERY_BYTES_MAX);
    const json = transcript.write(queryText, extraFields, ignored);
    return isUtf8(json) ? scanner.scan(json) : trouble.refuse(trouble.NOT_UTF8, 0);
  };
}

const { QUOTE, PLUS, COMMA, COLON, BACKSLASH, SPACE } = ASCII;
const PERCENT = 0x25;
const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const UNDERSCORE = 0x5f;

/** What a string has besides its content, and what comes before the next one. */
const PAIR_BYTES_MAX = 4;

const VERSION = 'APIVersion';
const TOPIC = '__topic__';
const SOURCE = '__source__';
const TAG_PREFIX = '__tag__:';

/** 1 for the bytes that mean something in a query or cannot stand in a JSON string. */
const SPECIAL = new Uint8Array(256).fill(1, 0, SPACE);
for (const byte of [QUOTE, BACKSLASH, PLUS, PERCENT, AMPERSAND, EQUALS]) SPECIAL[byte] = 1;

/** Writes queries as JSON, one after another. */
class Transcript {
  private readonly query = Buffer.alloc(QUERY_BYTES_MAX + 2); // two zeros more: `decode` looks ahead
  private readonly json = new JsonWriter();

  write(queryText: string, extraFields: readonly Field[], ignored: ReadonlySet<string>): Buffer {
    const { query, json } = this;
    const end = query.write(queryText, 'latin1');
    query[end] = 0;
    query[end + 1] = 0;
    let topic = '';
    let source = '';
    let tags = '';

    json.length = 0;
    json.bytesOf('{"__logs__":[{');
    for (const [name, value] of extraFields) json.text(`${JSON.stringify(name)}:${JSON.stringify(value)},`);
    for (let i = 0; i < end; i++) {
      const pair = json.length;
      i = this.decode(i, end, EQUALS);
      const nameEnd = json.length - 1;
      json.byte(COLON);
      i = this.decode(query[i] === EQUALS ? i + 1 : i, end, AMPERSAND); // where no `=` is, that is an empty string

      const { bytes } = json;
      const name = pair + 1;
      if (name === nameEnd || isIgnored(bytes, name, nameEnd, ignored)) {
        json.length = pair;
      } else if (bytes[name] !== UNDERSCORE) {
        json.byte(COMMA);
      } else if (isText(bytes, name, nameEnd, TOPIC)) {
        topic = `,${this.cut(pair)}`;
      } else if (isText(bytes, name, nameEnd, SOURCE)) {
        source = `,${this.cut(pair)}`;
      } else if (isText(bytes, name, Math.min(name + TAG_PREFIX.length, nameEnd), TAG_PREFIX)) {
        const tag = this.cut(pair).slice(1 + TAG_PREFIX.length);
        if (!tag.startsWith('"')) tags += `,"${tag}`; // no name, no tag
      } else {
        json.byte(COMMA);
      }
    }
    json.dropComma();
    const tagsMember = tags === '' ? '' : `,"__tags__":{${tags.slice(1)}}`;
    json.bytesOf(`}]${topic}${source}${tagsMember}}`);
    return json.copy();
  }

  /**
   * Writes a string of what the query has from `i` up to `stop`, `&` or `end`, form-urlencoded, and returns where that
   * is. A `%` without two hexadecimal digits is itself.
   */
  private decode(start: number, end: number, stop: number): number {
    const { query, json } = this;
    json.reserve((end - start) * ESCAPED_BYTES_MAX + PAIR_BYTES_MAX);
    const { bytes } = json;
    let at = json.length;
    let i = start;
    bytes[at++] = QUOTE;
    for (;;) {
      let byte = query[i] as number;
      while (SPECIAL[byte] === 0) {
        bytes[at++] = byte;
        byte = query[++i] as number;
      }
      if (byte === AMPERSAND || byte === stop || i >= end) break;
      if (byte === PLUS) byte = SPACE;
      else if (byte === PERCENT) {
        const code = hexByte(query[i + 1] as number, query[i + 2] as number);
        if (code >= 0) {
          byte = code;
          i += 2;
        }
      }
      at = writeEscaped(bytes, at, byte);
      i++;
    }
    bytes[at++] = QUOTE;
    json.length = at;
    return i;
  }

  /** Takes back what was written from `start`, as a string with a character for each byte, for `bytesOf`. */
  private cut(start: number): string {
    const { json } = this;
    const text = json.bytes.toString('latin1', start, json.length);
    json.length = start;
    return text;
  }
}

function isIgnored(bytes: Buffer, start: number, end: number, ignored: ReadonlySet<string>): boolean {
  if (isText(bytes, start, end, VERSION)) return true;
  if (ignored.size === 0) return false; // as nearly always; to iterate over nothing is not free
  for (const name of ignored) if (isText(bytes, start, end, name)) return true;
  return false;
}

/** Whether the bytes [start, end) are those of an ASCII text. Makes no string, as this is asked for every pair. */
function isText(bytes: Buffer, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false;
  for (let k = 0; k < text.length; k++) if (bytes[start + k] !== text.charCodeAt(k)) return false;
  return true;
}

/** The byte that two hexadecimal digits stand for; negative if they are none. */
function hexByte(high: number, low: number): number {
  return (hexDigit(high) << 4) | hexDigit(low);
}
