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
import { CLIENT_TIME } from '../model/client-time.js';
import { FIELDS_PER_LOG_MAX, LABEL_BYTES_MAX, TAG_BYTES_OF_ALL_LOGS_MAX, VALUE_BYTES_MAX } from '../model/limits.js';
import type { CanonicalBody } from '../model/log-group.js';
import { ASCII } from './ascii.js';
import { ESCAPED_BYTES_MAX, JsonWriter, writeMember } from './json-writer.js';
import { KINDS, KnownKeys, keyTrouble, NO_KEY } from './known-keys.js';
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

export interface LogGroupReaderOptions {
  readonly logsMax: number;
  /** Whether the Time of a log is its time, or what its client's clock says beside the time of its receipt. */
  readonly times: 'own' | 'client';
}

/** Keeps its memory from group to group: a body is good until the next is read. */
export interface LogGroupReader {
  read(bytes: Buffer, nowSeconds: number): LogGroupResult;
}

export function createLogGroupReader(options: LogGroupReaderOptions): LogGroupReader {
  return new GroupReader(options);
}

const { COMMA, OPEN_BRACE, CLOSE_BRACE } = ASCII;
/** More memory than this is given back after a large group. */
const KEPT_BYTES_MAX = 4 * 1024 * 1024;

// Tags of fields as they stand in the bytes: Contents of a log, Key and Value of a pair.
const CONTENTS = 2 * 8 + BYTES;
const KEY = 8 + BYTES;
const VALUE = 2 * 8 + BYTES;
/** Lengths below this take one byte. */
const LONG = 0x80;

// Constants of this module, for the reason given in ascii.ts.
const { PLAIN } = KINDS;
const NONE = NO_KEY;
const FIELDS_MAX = FIELDS_PER_LOG_MAX;
const VALUE_MAX = VALUE_BYTES_MAX;

// Columns of a field of the log being read: where it begins in the JSON; 1 if it is left out.
const START = 0;
const DROPPED = 1;
const COLUMNS = 2;

class GroupReader implements LogGroupReader {
  private readonly logsMax: number;
  private readonly hasClientTimes: boolean;
  private bytes: Buffer = Buffer.alloc(0);
  private view = new DataView(this.bytes.buffer);
  private readonly group = new ProtobufReader();
  private readonly log = new ProtobufReader();
  private readonly pair = new ProtobufReader();
  private readonly keys = new KnownKeys();
  private readonly times = new LogTimesWriter();
  private json = new JsonWriter();
  private tags = new JsonWriter();
  private hasLogTags = false;
  private logCount = 0;
  /** The gravest thing wrong, and where it was first seen. */
  private wrong = trouble.NO_TROUBLE;
  private wrongAt = 0;

  // Of the log being read.
  private seconds = -1;
  private nanoseconds = 0;
  private readonly fields = new Int32Array(FIELDS_PER_LOG_MAX * COLUMNS);
  private fieldCount = 0;
  private droppedCount = 0;

  // Of the pair read last.
  private keyStart = 0;
  private keyEnd = 0;
  private valueStart = 0;
  private valueEnd = 0;

  constructor({ logsMax, times }: LogGroupReaderOptions) {
    this.logsMax = logsMax;
    this.hasClientTimes = times === 'client';
  }

  read(bytes: Buffer, nowSeconds: number): LogGroupResult {
    this.open(bytes, nowSeconds);
    if (!this.readGroup()) return { kind: 'notLogGroup' };
    if (this.logCount === 0) return { kind: 'noLogs' };
    const { json, tags, times, hasLogTags } = this;
    const text = json.bytes.subarray(0, json.length);
    if (!isUtf8(text)) this.report(trouble.NOT_UTF8, 0);
    if (tags.length * times.count > TAG_BYTES_OF_ALL_LOGS_MAX) this.report(trouble.TAGS_TOO_LARGE, 0);
    if (json.bytes.length > KEPT_BYTES_MAX) this.json = new JsonWriter();
    if (tags.bytes.length > KEPT_BYTES_MAX) this.tags = new JsonWriter();
    if (this.wrong !== trouble.NO_TROUBLE) return trouble.refuse(this.wrong, this.wrongAt);
    const { count: logCount } = times;
    const whole = { bytes: text, start: 0, end: text.length, logCount, hasLogTags, keys: this.keys };
    const body = this.hasClientTimes
      ? { ...whole, clientTimeMs: times.lastPushedMs }
      : { ...whole, times: times.finish() };
    return { kind: 'body', body };
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
    this.logCount = 0;
    this.wrong = trouble.NO_TROUBLE;
  }

  /** Writes all but the opening brace; false if the bytes are no LogGroup. */
  private readGroup(): boolean {
    const { bytes, view, group, json, tags } = this;
    let [topicStart, topicEnd, sourceStart, sourceEnd] = [0, 0, 0, 0];
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
    const { json, times } = this;
    const opening = json.length;
    json.byte(OPEN_BRACE);
    this.logCount++;
    this.seconds = -1;
    this.nanoseconds = 0;
    this.fieldCount = 0;
    this.droppedCount = 0;
    if (!this.readLogFields(start, end) || this.seconds === -1 || this.fieldCount === 0) return false;

    if (this.logCount > this.logsMax) this.report(trouble.TOO_MANY_LOGS, start);
    const wrongTime = times.check(this.seconds, this.nanoseconds);
    if (wrongTime !== trouble.NO_TROUBLE) this.report(wrongTime, start);
    if (this.droppedCount > 0) this.cutDropped();
    if (this.droppedCount === this.fieldCount) {
      json.length = opening;
    } else {
      times.push(this.seconds, this.nanoseconds);
      if (this.hasClientTimes) json.bytesOf(`"${CLIENT_TIME}":"${this.clientTime}"`);
      else json.dropComma();
      json.byte(CLOSE_BRACE);
      json.byte(COMMA);
    }
    return true;
  }

  /** Writes the fields as they come. That one is left out may only be known when a later one has the same key. */
  private readLogFields(start: number, end: number): boolean {
    const { bytes, view, log, keys, json, fields, logCount: logNumber } = this;
    json.reserve((end - start) * ESCAPED_BYTES_MAX);
    let at = json.length;
    let key: number = NONE;
    let field = 0;
    for (let i = start; i < end; ) {
      // Contents are nearly all there is, and nearly all of them are short. The reader knows every form.
      const length = bytes[i + 1] as number;
      if (bytes[i] === CONTENTS && length < LONG) {
        const from = i + 2;
        i = from + length;
        if (i > end || !this.readPair(from, i)) return false;
      } else {
        log.open(i, end);
        if (!log.next()) return false;
        i = log.position;
        if (log.number !== 2) {
          if (!this.readTime()) return false;
          continue;
        }
        if (log.wireType !== BYTES || !this.readPair(log.start, log.end)) return false;
      }

      const { keyStart, keyEnd, valueStart, valueEnd } = this;
      if (field === FIELDS_MAX) {
        this.report(trouble.TOO_MANY_FIELDS, keyStart);
        continue;
      }
      fields[field * COLUMNS + START] = at;
      fields[field * COLUMNS + DROPPED] = 0;
      at = writeMember(view, keyStart, keyEnd, valueStart, valueEnd, json, at);
      if (valueEnd - valueStart > VALUE_MAX) this.report(trouble.VALUE_TOO_LARGE, valueStart);
      key = keys.find(key, keyStart, keyEnd);
      if (keys.kind(key) !== PLAIN) this.checkKey(key, field);
      const earlier = keys.note(key, logNumber, field++);
      if (earlier !== -1) this.drop(earlier);
    }
    json.length = at;
    this.fieldCount = field;
    return true;
  }

  /** Of a field whose key means something, or cannot be one. */
  private checkKey(key: number, field: number): void {
    const { keys } = this;
    switch (keys.kind(key)) {
      case KINDS.TIME:
        this.drop(field);
        break;
      case KINDS.CLIENT_TIME:
        if (this.hasClientTimes) this.drop(field);
        break;
      case KINDS.LOG_TAG:
        this.hasLogTags = true;
        break;
      default:
        this.report(keys.trouble(key), this.keyStart);
    }
  }

  /** Of the log read last: seconds, or nanoseconds where it has them. */
  private get clientTime(): string {
    const { seconds, nanoseconds } = this;
    return nanoseconds === 0 ? String(seconds) : `${seconds}${String(nanoseconds).padStart(9, '0')}`;
  }

  /** The field that the reader of the log is at, which is none of its contents. */
  private readTime(): boolean {
    const { log } = this;
    if (log.number === 1) {
      this.seconds = log.value;
      return log.wireType === VARINT;
    }
    if (log.number === 4) {
      this.nanoseconds = log.value;
      return log.wireType === FIXED32;
    }
    return true;
  }

  private drop(field: number): void {
    const { fields } = this;
    if (fields[field * COLUMNS + DROPPED] === 1) return;
    fields[field * COLUMNS + DROPPED] = 1;
    this.droppedCount++;
  }

  /** Cuts the fields of the log that are left out. */
  private cutDropped(): void {
    const { fields, fieldCount, json } = this;
    let to = fields[START] as number;
    for (let field = 0; field < fieldCount; field++) {
      const from = fields[field * COLUMNS + START] as number;
      const end = field + 1 < fieldCount ? (fields[(field + 1) * COLUMNS + START] as number) : json.length;
      if (fields[field * COLUMNS + DROPPED] === 1) continue;
      json.bytes.copyWithin(to, from, end);
      to += end - from;
    }
    json.length = to;
  }

  private readTag(start: number, end: number): boolean {
    const { bytes, tags } = this;
    if (!this.readPair(start, end)) return false;
    const found = keyTrouble(bytes, this.keyStart, this.keyEnd);
    if (found !== trouble.NO_TROUBLE) this.report(found, this.keyStart);
    if (this.valueEnd - this.valueStart > VALUE_BYTES_MAX) this.report(trouble.VALUE_TOO_LARGE, this.valueStart);
    tags.reserve((end - start) * ESCAPED_BYTES_MAX);
    const { view, keyStart, keyEnd, valueStart, valueEnd } = this;
    this.keys.find(NONE, keyStart, keyEnd);
    tags.length = writeMember(view, keyStart, keyEnd, valueStart, valueEnd, tags, tags.length);
    return true;
  }

  /** A LogContent or LogTag. */
  private readPair(start: number, end: number): boolean {
    const { bytes } = this;
    const keyEnd = start + 2 + (bytes[start + 1] as number);
    const valueEnd = keyEnd + 2 + (bytes[keyEnd + 1] as number);
    // As nearly all are: a key and a value, both short, and nothing else.
    const isShort = keyEnd < start + 2 + LONG && valueEnd === end && valueEnd < keyEnd + 2 + LONG;
    if (!isShort || bytes[start] !== KEY || bytes[keyEnd] !== VALUE) return this.readAnyPair(start, end);
    this.keyStart = start + 2;
    this.keyEnd = keyEnd;
    this.valueStart = keyEnd + 2;
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
