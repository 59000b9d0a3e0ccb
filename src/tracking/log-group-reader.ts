/**
 * A LogGroup of SLS's protobuf schema (proto2; field numbers in parentheses):
 *
 *   LogGroup    Logs (1) Log, Category (2), Topic (3), Source (4), MachineUUID (5), LogTags (6) LogTag
 *   Log         Time (1) uint32, Contents (2) LogContent, Time_ns (4) fixed32
 *   LogContent  Key (1), Value (2)
 *   LogTag      Key (1), Value (2)
 *
 * It is checked and written as canonical JSON in one pass, by the rules that hold for JSON bodies (scan.ts). Fields may
 * come in any order; unknown ones are skipped, as are Category and MachineUUID. Of a key that a log has twice the last
 * one counts.
 */
import { isUtf8 } from 'node:buffer';
import { FIELDS_PER_LOG_MAX, LABEL_BYTES_MAX, TAG_BYTES_OF_ALL_LOGS_MAX, VALUE_BYTES_MAX } from '../model/limits.js';
import type { CanonicalBody } from '../model/log-group.js';
import { ASCII } from './ascii.js';
import { JsonWriter } from './json-writer.js';
import { KnownKeys, keyTrouble, NO_KEY } from './known-keys.js';
import { LogTimesWriter } from './log-times.js';
import { BYTES, FIXED32, ProtobufReader, VARINT } from './protobuf-reader.js';
import * as trouble from './refusal.js';

export type LogGroupResult =
  | { readonly kind: 'body'; readonly body: CanonicalBody }
  | trouble.Refusal
  /** A group, but without logs. */
  | { readonly kind: 'noLogs' }
  /** Not a LogGroup, or a field is missing that it must have. */
  | { readonly kind: 'notLogGroup' };

/** Keeps its memory from group to group: a body is good until the next is read. */
export interface LogGroupReader {
  read(bytes: Buffer, nowSeconds: number): LogGroupResult;
}

export function createLogGroupReader({ logsMax }: { readonly logsMax: number }): LogGroupReader {
  return new GroupReader(logsMax);
}

/** Fields 1 and 2, both strings. */
const KEY_TAG = 8 + BYTES;
const VALUE_TAG = 16 + BYTES;

const { COMMA, COLON, OPEN_BRACE, CLOSE_BRACE } = ASCII;
/** More memory than this is given back after a large group. */
const KEPT_BYTES_MAX = 4 * 1024 * 1024;

// Columns of a field of the log being read: its key, where its parts are, 1 if it is left out.
const KEY_START = 0;
const KEY_END = 1;
const VALUE_START = 2;
const VALUE_END = 3;
const DROPPED = 4;
const COLUMNS = 5;

class GroupReader implements LogGroupReader {
  private readonly logsMax: number;
  private bytes: Buffer = Buffer.alloc(0);
  private view = new DataView(this.bytes.buffer);
  private readonly group = new ProtobufReader();
  private readonly log = new ProtobufReader();
  private readonly pair = new ProtobufReader();
  private readonly keys = new KnownKeys();
  private readonly fields = new Int32Array(FIELDS_PER_LOG_MAX * COLUMNS);
  private readonly times = new LogTimesWriter();
  private json = new JsonWriter();
  private tags = new JsonWriter();
  private hasLogTags = false;
  private entries = 0;
  /** The gravest thing wrong, and where it was first seen. */
  private wrong = trouble.NO_TROUBLE;
  private wrongAt = 0;
  // Of the pair read last.
  private keyStart = 0;
  private keyEnd = 0;
  private valueStart = 0;
  private valueEnd = 0;

  constructor(logsMax: number) {
    this.logsMax = logsMax;
  }

  read(bytes: Buffer, nowSeconds: number): LogGroupResult {
    this.open(bytes, nowSeconds);
    const { json, tags, times } = this;
    if (!this.readGroup()) return { kind: 'notLogGroup' };
    if (this.entries === 0) return { kind: 'noLogs' };
    const text = json.bytes.subarray(0, json.length);
    if (!isUtf8(text)) this.report(trouble.NOT_UTF8, 0);
    if (tags.length * times.count > TAG_BYTES_OF_ALL_LOGS_MAX) this.report(trouble.TAGS_TOO_LARGE, 0);
    if (this.wrong !== trouble.NO_TROUBLE) return trouble.refuse(this.wrong, this.wrongAt);
    const { hasLogTags } = this;
    const body = { bytes: text, start: 0, end: text.length, logCount: times.count, hasLogTags };
    if (text.length > KEPT_BYTES_MAX) this.json = new JsonWriter();
    if (tags.length > KEPT_BYTES_MAX) this.tags = new JsonWriter();
    return { kind: 'body', body: { ...body, times: times.finish() } };
  }

  private open(bytes: Buffer, nowSeconds: number): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (const reader of [this.group, this.log, this.pair]) reader.load(bytes);
    this.keys.open(bytes, this.view);
    this.times.open(nowSeconds);
    this.json.length = 0;
    this.tags.length = 0;
    this.hasLogTags = false;
    this.entries = 0;
    this.wrong = trouble.NO_TROUBLE;
  }

  /** Writes all but the opening brace; false if the bytes are no LogGroup. */
  private readGroup(): boolean {
    const { bytes, view, group, json, tags } = this;
    let [topicStart, topicEnd, sourceStart, sourceEnd] = [0, 0, 0, 0];
    json.reserve(bytes.length);
    json.text('"__logs__":[');
    group.open(0, bytes.length);
    while (group.next()) {
      if (group.number > 6) continue;
      if (group.wireType !== BYTES) return false;
      const { start, end } = group;
      if (group.number === 1 && !this.readLog(start, end)) return false;
      if (group.number === 6 && !this.readTag(start, end)) return false;
      if (group.number === 3) [topicStart, topicEnd] = [start, end];
      if (group.number === 4) [sourceStart, sourceEnd] = [start, end];
    }
    json.dropComma();
    json.text('],"__topic__":');
    json.string(view, topicStart, labelEnd(bytes, topicStart, topicEnd));
    json.text(',"__source__":');
    json.string(view, sourceStart, labelEnd(bytes, sourceStart, sourceEnd));
    json.text(',"__tags__":{');
    tags.dropComma();
    json.append(tags);
    json.text('}}');
    return !group.isMalformed;
  }

  private readLog(start: number, end: number): boolean {
    const { log, times } = this;
    let seconds = -1;
    let nanoseconds = 0;
    let key = NO_KEY;
    let count = 0;
    let dropped = 0;
    const number = ++this.entries;
    log.open(start, end);
    while (log.next()) {
      if (log.number === 2) {
        if (log.wireType !== BYTES || !this.readPair(log.start, log.end)) return false;
        if (count === FIELDS_PER_LOG_MAX) {
          this.report(trouble.TOO_MANY_FIELDS, log.start);
          continue;
        }
        key = this.keys.find(key, this.keyStart, this.keyEnd);
        dropped += this.addField(key, number, count++);
      } else if (log.number === 1) {
        if (log.wireType !== VARINT) return false;
        seconds = log.value;
      } else if (log.number === 4) {
        if (log.wireType !== FIXED32) return false;
        nanoseconds = log.value;
      }
    }
    if (log.isMalformed || seconds === -1 || count === 0) return false;

    if (number > this.logsMax) this.report(trouble.TOO_MANY_LOGS, start);
    const wrongTime = times.check(seconds, nanoseconds);
    if (wrongTime !== trouble.NO_TROUBLE) this.report(wrongTime, start);
    if (dropped < count) {
      this.writeLog(count);
      times.push(seconds, nanoseconds);
    }
    return true;
  }

  /** Takes the pair read last for field `field` of the log; returns how many fields of it are left out for that. */
  private addField(key: number, log: number, field: number): 0 | 1 {
    const { keys, fields } = this;
    const at = field * COLUMNS;
    fields[at + KEY_START] = this.keyStart;
    fields[at + KEY_END] = this.keyEnd;
    fields[at + VALUE_START] = this.valueStart;
    fields[at + VALUE_END] = this.valueEnd;
    fields[at + DROPPED] = 0;
    if (keys.isTime(key)) {
      fields[at + DROPPED] = 1;
      return 1;
    }
    if (keys.trouble(key) !== trouble.NO_TROUBLE) this.report(keys.trouble(key), this.keyStart);
    if (this.valueEnd - this.valueStart > VALUE_BYTES_MAX) this.report(trouble.VALUE_TOO_LARGE, this.valueStart);
    if (keys.isLogTag(key)) this.hasLogTags = true;
    const earlier = keys.note(key, log, field);
    if (earlier === -1) return 0;
    fields[earlier * COLUMNS + DROPPED] = 1;
    return 1;
  }

  private writeLog(count: number): void {
    const { view, fields, json } = this;
    json.byte(OPEN_BRACE);
    for (let at = 0; at < count * COLUMNS; at += COLUMNS) {
      if (fields[at + DROPPED] === 1) continue;
      json.string(view, fields[at + KEY_START] as number, fields[at + KEY_END] as number);
      json.byte(COLON);
      json.string(view, fields[at + VALUE_START] as number, fields[at + VALUE_END] as number);
      json.byte(COMMA);
    }
    json.dropComma();
    json.byte(CLOSE_BRACE);
    json.byte(COMMA);
  }

  private readTag(start: number, end: number): boolean {
    const { bytes, view, tags } = this;
    if (!this.readPair(start, end)) return false;
    const found = keyTrouble(bytes, this.keyStart, this.keyEnd);
    if (found !== trouble.NO_TROUBLE) this.report(found, this.keyStart);
    if (this.valueEnd - this.valueStart > VALUE_BYTES_MAX) this.report(trouble.VALUE_TOO_LARGE, this.valueStart);
    tags.string(view, this.keyStart, this.keyEnd);
    tags.byte(COLON);
    tags.string(view, this.valueStart, this.valueEnd);
    tags.byte(COMMA);
    return true;
  }

  /** A LogContent or LogTag. */
  private readPair(start: number, end: number): boolean {
    return this.readShortPair(start, end) || this.readAnyPair(start, end);
  }

  /** A pair as nearly all are: its key, then its value, both shorter than 128 bytes, and nothing else. */
  private readShortPair(start: number, end: number): boolean {
    const { bytes } = this;
    const keyStart = start + 2;
    const keyEnd = keyStart + (bytes[start + 1] as number);
    const valueStart = keyEnd + 2;
    const valueEnd = valueStart + (bytes[keyEnd + 1] as number);
    if (bytes[start] !== KEY_TAG || bytes[keyEnd] !== VALUE_TAG || valueEnd !== end) return false;
    if (keyEnd - keyStart > 127 || valueEnd - valueStart > 127) return false;
    this.keyStart = keyStart;
    this.keyEnd = keyEnd;
    this.valueStart = valueStart;
    this.valueEnd = valueEnd;
    return true;
  }

  private readAnyPair(start: number, end: number): boolean {
    const { pair } = this;
    let hasKey = false;
    let hasValue = false;
    pair.open(start, end);
    while (pair.next()) {
      if (pair.number > 2) continue;
      if (pair.wireType !== BYTES) return false;
      if (pair.number === 1) {
        this.keyStart = pair.start;
        this.keyEnd = pair.end;
        hasKey = true;
      } else {
        this.valueStart = pair.start;
        this.valueEnd = pair.end;
        hasValue = true;
      }
    }
    return hasKey && hasValue && !pair.isMalformed;
  }

  private report(found: number, at: number): void {
    if (this.wrong !== trouble.NO_TROUBLE && this.wrong <= found) return;
    this.wrong = found;
    this.wrongAt = at;
  }
}

/** Where a topic or source is cut: before the character that exceeds the limit. */
function labelEnd(bytes: Uint8Array, start: number, end: number): number {
  if (end - start <= LABEL_BYTES_MAX) return end;
  let cut = start + LABEL_BYTES_MAX;
  while (cut > start && ((bytes[cut] as number) & 0xc0) === 0x80) cut--;
  return cut;
}
