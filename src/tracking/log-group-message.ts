/**
 * A LogGroup of SLS's protobuf schema (proto2; field numbers in parentheses):
 *
 *   LogGroup    Logs (1) Log, Category (2), Topic (3), Source (4), MachineUUID (5), LogTags (6) LogTag
 *   Log         Time (1) uint32, Contents (2) LogContent, Time_ns (4) fixed32
 *   LogContent  Key (1), Value (2)
 *   LogTag      Key (1), Value (2)
 *
 * It is written as the JSON body that says the same, for the scanner, which knows the rules for keys and values. Fields
 * may come in any order; unknown ones are skipped, as are Category and MachineUUID.
 */
import { ASCII } from './ascii.js';
import { JsonWriter } from './json-writer.js';
import { BYTES, FIXED32, ProtobufReader, VARINT } from './protobuf-reader.js';

export interface LogGroupMessage {
  /** In the form of PutWebtracking, with one object for each log. As valid as UTF-8 as the message's strings are. */
  readonly json: Buffer;
  /** Of each log, in Unix seconds. */
  readonly times: readonly number[];
}

/** Null if the bytes are not a LogGroup or lack a field that it must have. */
export function readLogGroupMessage(bytes: Buffer): LogGroupMessage | null {
  return new LogGroupDecoder(bytes).decode();
}

const { COMMA, COLON, OPEN_BRACE, CLOSE_BRACE } = ASCII;

class LogGroupDecoder {
  private readonly bytes: Buffer;
  private readonly group: ProtobufReader;
  private readonly log: ProtobufReader;
  private readonly pair: ProtobufReader;
  private readonly json = new JsonWriter();
  private readonly tags = new JsonWriter();
  private readonly times: number[] = [];

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.group = new ProtobufReader(bytes);
    this.log = new ProtobufReader(bytes);
    this.pair = new ProtobufReader(bytes);
  }

  decode(): LogGroupMessage | null {
    const { bytes, group, json, tags, times } = this;
    let topic = bytes.subarray(0, 0);
    let source = topic;
    json.text('{"__logs__":[');
    group.open(0, bytes.length);
    while (group.next()) {
      if (group.number > 6) continue;
      if (group.wireType !== BYTES) return null;
      const { start, end } = group;
      if (group.number === 1 && !this.readLog(start, end)) return null;
      if (group.number === 6 && !this.readPair(start, end, tags)) return null;
      if (group.number === 3) topic = bytes.subarray(start, end);
      if (group.number === 4) source = bytes.subarray(start, end);
    }
    if (group.isMalformed) return null;

    json.dropComma();
    json.text('],"__topic__":');
    json.string(topic, 0, topic.length);
    json.text(',"__source__":');
    json.string(source, 0, source.length);
    json.text(',"__tags__":{');
    tags.dropComma();
    json.append(tags);
    json.text('}}');
    return { json: json.copy(), times };
  }

  private readLog(start: number, end: number): boolean {
    const { log, json } = this;
    let time = -1;
    let hasContents = false;
    json.byte(OPEN_BRACE);
    log.open(start, end);
    while (log.next()) {
      if (log.number === 1) {
        if (log.wireType !== VARINT) return false;
        time = log.value;
      } else if (log.number === 2) {
        if (log.wireType !== BYTES || !this.readPair(log.start, log.end, json)) return false;
        hasContents = true;
      } else if (log.number === 4 && log.wireType !== FIXED32) return false;
    }
    json.dropComma();
    json.byte(CLOSE_BRACE);
    json.byte(COMMA);
    this.times.push(time);
    return !log.isMalformed && time !== -1 && hasContents;
  }

  /** A LogContent or LogTag, written as a member of a JSON object. */
  private readPair(start: number, end: number, json: JsonWriter): boolean {
    const { bytes, pair } = this;
    let key: Buffer | undefined;
    let value: Buffer | undefined;
    pair.open(start, end);
    while (pair.next()) {
      if (pair.number > 2) continue;
      if (pair.wireType !== BYTES) return false;
      const content = bytes.subarray(pair.start, pair.end);
      if (pair.number === 1) key = content;
      else value = content;
    }
    if (pair.isMalformed || key === undefined || value === undefined) return false;
    json.string(key, 0, key.length);
    json.byte(COLON);
    json.string(value, 0, value.length);
    json.byte(COMMA);
    return true;
  }
}
