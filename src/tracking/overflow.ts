/**
 * Moves fields whose keys a logstore has no room for into one field of their log:
 *
 *   {"path":"/","id_81731":"1","id_9":"2"}  →  {"path":"/","__overflow__":"{\"id_81731\":\"1\",\"id_9\":\"2\"}"}
 *
 * Its value is a JSON object of what was there, so that nothing is lost and everything can be searched as text. A field that
 * the log brings under this very name goes along. Tags of the group are treated like a log.
 */
import { TAG_BYTES_OF_ALL_LOGS_MAX } from '../model/limits.js';
import { type CanonicalBody, fitsLine, type KeyTest } from '../model/log-group.js';
import { ASCII } from './ascii.js';
import { JsonWriter } from './json-writer.js';
import { isName } from './key-table.js';

export const OVERFLOW_KEY = '__overflow__';

/** Larger bodies are left as they are: it would hold up other requests for a tenth of a second. Only PutLogs has such. */
const BODY_BYTES_MAX = 12 * 1024 * 1024;

/** A changed copy; or the body itself if it is too large, or would be. */
export function moveOverflow(body: CanonicalBody, hasRoom: KeyTest): CanonicalBody {
  if (body.end - body.start > BODY_BYTES_MAX) return body;
  const bytes = new Mover(body, hasRoom).run();
  // Small logs become several times as large: one field of one letter takes twenty bytes more.
  const moved = { ...body, bytes, start: 0, end: bytes.length };
  return fitsLine(moved) ? moved : body;
}

const { QUOTE, COMMA, COLON, SPACE, BACKSLASH, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET } = ASCII;
const OWN_KEY = Buffer.from(OVERFLOW_KEY);
/** What stands around the fields that are moved. */
const OPENING = Buffer.from(`"${OVERFLOW_KEY}":"{`);
const CLOSING = Buffer.from('}"');

/** A field `"key":"value"`, with what white space there is between the two. */
interface Member {
  readonly start: number;
  readonly keyEnd: number;
  readonly end: number;
  readonly isOver: boolean;
}

class Mover {
  readonly #body: CanonicalBody;
  readonly #bytes: Buffer;
  readonly #hasRoom: KeyTest;
  readonly #json = new JsonWriter();
  /** What of the body is written. */
  #writtenTo: number;
  /** In the string that was skipped last. */
  #hasEscape = false;

  constructor(body: CanonicalBody, hasRoom: KeyTest) {
    this.#body = body;
    this.#bytes = body.bytes;
    this.#hasRoom = hasRoom;
    this.#writtenTo = body.start;
  }

  run(): Buffer {
    const { start, end } = this.#body;
    for (let i = this.#skipSpace(start); this.#bytes[i] !== CLOSE_BRACE; i = this.#skipComma(i)) {
      i = this.#valueAt(this.#skipString(i));
      const first = this.#bytes[i];
      if (first === OPEN_BRACKET) i = this.#moveLogs(i);
      else i = first === OPEN_BRACE ? this.#moveTags(i) : this.#skipString(i);
    }
    this.#copyTo(end);
    return this.#json.bytes.subarray(0, this.#json.length);
  }

  /** Returns the offset behind the array, as all of these do for what they are at. */
  #moveLogs(open: number): number {
    let i = this.#skipSpace(open + 1);
    while (this.#bytes[i] !== CLOSE_BRACKET) i = this.#skipComma(this.#moveObject(i));
    return i + 1;
  }

  #moveTags(open: number): number {
    const members = this.#members(open);
    const end = this.#endOf(open, members);
    // Every log has the tags, and there is a limit to what they may grow to.
    const mayGrow = (end - open) * 2 * this.#body.logCount <= TAG_BYTES_OF_ALL_LOGS_MAX;
    return mayGrow ? this.#moveObject(open, members) : end;
  }

  #moveObject(open: number, members = this.#members(open)): number {
    const end = this.#endOf(open, members);
    if (!members.some(({ isOver }) => isOver)) return end;
    const json = this.#json;
    const bytes = this.#bytes;
    const moved: Member[] = [];
    this.#copyTo(open + 1);
    for (const member of members) {
      if (member.isOver || this.#isOwn(member)) {
        moved.push(member);
      } else {
        json.run(bytes, member.start, member.end);
        json.byte(COMMA);
      }
    }
    json.run(OPENING, 0, OPENING.length);
    for (const { start, end: memberEnd } of moved) {
      json.escapedRun(bytes, start, memberEnd);
      json.byte(COMMA);
    }
    json.dropComma();
    json.run(CLOSING, 0, CLOSING.length);
    this.#writtenTo = end - 1;
    return end;
  }

  #members(open: number): Member[] {
    const members: Member[] = [];
    for (let i = this.#skipSpace(open + 1); this.#bytes[i] !== CLOSE_BRACE; ) {
      const start = i;
      const keyEnd = this.#skipString(start);
      const isOver = this.#isOver(start, keyEnd);
      const end = this.#skipString(this.#valueAt(keyEnd));
      members.push({ start, keyEnd, end, isOver });
      i = this.#skipComma(end);
    }
    return members;
  }

  /** Of the key that was skipped last. */
  #isOver(start: number, end: number): boolean {
    const bytes = this.#bytes;
    if (!this.#hasEscape) return !this.#hasRoom(bytes, start + 1, end - 1);
    const key = Buffer.from(JSON.parse(bytes.toString('utf8', start, end)) as string); // a string, as it begins with a quote
    return !this.#hasRoom(key, 0, key.length);
  }

  #isOwn({ start, keyEnd }: Member): boolean {
    return isName(this.#bytes, start + 1, keyEnd - 1, OWN_KEY);
  }

  #endOf(open: number, members: readonly Member[]): number {
    return this.#skipSpace(members.at(-1)?.end ?? open + 1) + 1;
  }

  #copyTo(end: number): void {
    this.#json.run(this.#bytes, this.#writtenTo, end);
    this.#writtenTo = end;
  }

  #skipString(open: number): number {
    const bytes = this.#bytes;
    this.#hasEscape = false;
    for (let i = open + 1; ; i++) {
      const byte = bytes[i];
      if (byte === QUOTE) return i + 1;
      if (byte === BACKSLASH) {
        this.#hasEscape = true;
        i++;
      }
    }
  }

  #valueAt(keyEnd: number): number {
    const colon = this.#skipSpace(keyEnd);
    if (this.#bytes[colon] !== COLON) throw new Error(`a canonical body has no colon at ${colon}`);
    return this.#skipSpace(colon + 1);
  }

  /** To the next item, or to the closing bracket. */
  #skipComma(i: number): number {
    const next = this.#skipSpace(i);
    return this.#bytes[next] === COMMA ? this.#skipSpace(next + 1) : next;
  }

  #skipSpace(from: number): number {
    let i = from;
    while ((this.#bytes[i] as number) <= SPACE) i++;
    return i;
  }
}
