/**
 * The body of a tracked request: a JSON object of the PutWebtracking form, checked and made canonical in one pass.
 *
 *   {"__topic__":"t","__source__":"s","__tags__":{"a":"1"},"__logs__":[{"k":"v"},…]}
 *
 * A clean body (these keys only, each once, and all values strings) is answered with the bytes as they came. Whatever
 * else is allowed becomes a list of edits during the scan and a changed copy at its end: other keys and earlier
 * duplicates are cut, numbers and nested values become strings of their source text (12345678901234567890 stays what it
 * was), the `__time__` of each log becomes `__client_time__`.
 *
 * Errors are reported in the documented order, not in that of the bytes, and a later duplicate of a member undoes those
 * of the earlier one: what is wrong beyond syntax is noted with the member, and the scan goes on to the end.
 */
import { CLIENT_TIME_BYTES_MAX, readClientTime } from '../model/client-time.js';
import { LABEL_BYTES_MAX, TAG_BYTES_OF_ALL_LOGS_MAX } from '../model/limits.js';
import type { CanonicalBody } from '../model/log-group.js';
import type { Clock } from '../platform/clock.js';
import { ASCII } from './ascii.js';
import { type AsideLog, keyOf, sourceOf } from './aside-log.js';
import { CUT, Edits, KeptItems, PUT_LABEL, PUT_NAME } from './edits.js';
import { FieldScanner } from './field-scanner.js';
import { JsonText } from './json-text.js';
import { isName, KeyTable } from './key-table.js';
import { LogTimesWriter } from './log-times.js';
import * as trouble from './refusal.js';

const { CLOSE_BRACE, CLOSE_BRACKET, COMMA, NEWLINE, OPEN_BRACE, OPEN_BRACKET, QUOTE, SPACE } = ASCII;

export interface ScanOptions {
  readonly logsMax: number;
  /** What to do with values of fields and tags that are not strings: keep their JSON text, or refuse the body. */
  readonly nonStringValues: 'store' | 'refuse';
  /**
   * Where given, the `__time__` of a log, in Unix seconds, is its time, judged by this clock. Otherwise it is kept for what
   * the client's clock says.
   */
  readonly timesBy?: Pick<Clock, 'wallMs'> | undefined;
  /** A log with anything wrong does not spoil the body: it is left out, and put aside. False if absent. */
  readonly setsAside?: boolean | undefined;
}

export type ScanResult =
  | { readonly kind: 'body'; readonly body: CanonicalBody; readonly aside?: readonly AsideLog[] }
  | trouble.Refusal;

/**
 * Keeps memory in the order of the largest body so far, to be used again. What it returns refers to the body given or to
 * a fresh copy, never to that memory.
 */
export interface Scanner {
  /** `body` is valid UTF-8. */
  scan(body: Buffer): ScanResult;
}

export function createScanner(options: ScanOptions): Scanner {
  return new BodyScanner(options);
}

const LOGS = 0;
const TAGS = 1;
const NAMES = ['__logs__', '__tags__', '__topic__', '__source__'].map((name) => Buffer.from(name));

const LETTER_N = 0x6e;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/** A top-level key that matters, and its value, as last seen. */
class Member {
  readonly name: number;
  /** Which of the object's members it is, from 0; -1 if absent. */
  ordinal = -1;
  start = 0;
  keyEnd = 0;
  end = 0;
  /** Its key is spelled with escapes. */
  isEscaped = false;
  /** Which of the edits are in its value. */
  editsFrom = 0;
  editsTo = 0;
  /** A wrong shape, or too many logs. */
  shape = trouble.NO_TROUBLE;
  shapeAt = 0;
  /** What is wrong inside: with logs, in the first log with anything wrong. */
  content = trouble.NO_TROUBLE;
  contentAt = 0;

  constructor(name: number) {
    this.name = name;
  }

  reportShape(found: number, at: number): void {
    if (this.shape !== trouble.NO_TROUBLE && this.shape <= found) return;
    this.shape = found;
    this.shapeAt = at;
  }

  reportContent(found: number, at: number): void {
    if (this.content !== trouble.NO_TROUBLE) return;
    this.content = found;
    this.contentAt = at;
  }
}

class BodyScanner implements Scanner {
  private readonly options: ScanOptions;
  private readonly text = new JsonText();
  private readonly keys = new KeyTable(this.text);
  /** In the values of members, in the order seen; those of earlier duplicates are left behind. */
  private readonly valueEdits = new Edits();
  private readonly fields: FieldScanner;
  private readonly logItems = new KeptItems(this.valueEdits);
  private readonly edits = new Edits();
  private readonly memberItems = new KeptItems(this.edits);
  private readonly members = NAMES.map((_, name) => new Member(name));
  private readonly times = new LogTimesWriter();
  private nowMs = 0;
  private memberCount = 0;
  private logCount = 0;
  private hasLogTags = false;
  /** What the last log says that has the time of its client; or -1. */
  private clientTimeAt = -1;
  private clientTimeEnd = -1;
  /** Of the array of logs seen last; null if nothing is put aside. */
  private aside: AsideLog[] | null;
  /** What is scanned, where something may be put aside. */
  private body: Buffer = Buffer.alloc(0);

  constructor(options: ScanOptions) {
    this.options = options;
    this.fields = new FieldScanner(this.text, this.keys, this.valueEdits, options.timesBy === undefined);
    this.aside = options.setsAside === true ? [] : null;
  }

  scan(body: Buffer): ScanResult {
    return this.run(body, false);
  }

  private run(body: Buffer, isInside: boolean): ScanResult {
    const { text } = this;
    text.load(body);
    if (this.aside !== null) this.body = body;
    this.keys.clear();
    this.fields.reset();
    this.valueEdits.clear();
    for (const member of this.members) member.ordinal = -1;
    this.memberCount = 0;

    const open = text.skipSpace(isName(body, 0, 3, BYTE_ORDER_MARK) ? 3 : 0);
    if (text.at(open) === QUOTE && !isInside) return this.runInside(body, open);
    if (text.at(open) !== OPEN_BRACE) return trouble.refuse(trouble.NOT_OBJECT, open);
    const close = this.scanMembers(open + 1);
    const end = text.skipSpace(close);
    if (end !== text.end) text.fail(end);
    if (text.failedAt !== -1) {
      return trouble.refuse(text.isTooDeep ? trouble.TOO_DEEP : trouble.NOT_JSON, text.failedAt);
    }
    const present = this.members.filter((member) => member.ordinal !== -1);
    const refusal = this.gravest(present);
    if (refusal !== undefined) return refusal;
    const result = { kind: 'body', body: this.canonical(body, open + 1, close, present) } as const;
    return this.aside === null ? result : { ...result, aside: this.aside };
  }

  /** The body is a string: some mini-programs encode the object twice. */
  private runInside(body: Buffer, open: number): ScanResult {
    let inside: string;
    try {
      inside = JSON.parse(body.toString('utf8', open)) as string; // what starts with a quote is a string
    } catch {
      return trouble.refuse(trouble.NOT_JSON, open);
    }
    // Such a text has no UTF-8, which is checked before its syntax.
    if (/\p{Surrogate}/u.test(inside)) return trouble.refuse(trouble.LONE_SURROGATE, open);
    return this.run(Buffer.from(inside), true);
  }

  private scanMembers(from: number): number {
    const { text } = this;
    let i = text.skipSpace(from);
    if (text.at(i) === CLOSE_BRACE) return i + 1;
    for (;;) {
      const start = i;
      const keyEnd = text.skipKey(i);
      const name = this.nameAt(start, keyEnd);
      i = text.skipColon(keyEnd);
      i = name === -1 ? text.skipValue(i, 1) : this.scanMember(name, start, keyEnd, i);
      this.memberCount++;
      i = text.skipSpace(i);
      if (text.at(i) === CLOSE_BRACE) return i + 1;
      if (text.at(i) !== COMMA) return text.fail(i);
      i = text.skipSpace(i + 1);
    }
  }

  /** The index in `NAMES` of the key [start, end), quotes included, or -1. */
  private nameAt(start: number, end: number): number {
    const { text } = this;
    const keyEnd = text.escapedAt > start ? text.unescape(start + 1, end - 1) : end - 1;
    for (let name = 0; name < NAMES.length; name++) {
      if (isName(text.bytes, start + 1, keyEnd, NAMES[name] as Buffer)) return name;
    }
    return -1;
  }

  private scanMember(name: number, start: number, keyEnd: number, value: number): number {
    const { text } = this;
    const member = this.members[name] as Member;
    member.ordinal = this.memberCount;
    member.start = start;
    member.keyEnd = keyEnd;
    member.isEscaped = text.escapedAt > start;
    member.editsFrom = this.valueEdits.count;
    member.shape = trouble.NO_TROUBLE;
    member.content = trouble.NO_TROUBLE;
    if (name === LOGS) {
      member.end = this.scanLogs(member, value);
    } else if (text.at(value) === LETTER_N) {
      member.end = text.skipValue(value, 1);
      member.ordinal = -1; // null is as good as absent
    } else {
      member.end = name === TAGS ? this.scanTags(member, value) : this.scanLabel(member, value);
    }
    member.editsTo = this.valueEdits.count;
    return member.end;
  }

  private scanLogs(member: Member, value: number): number {
    const { text, fields, logItems } = this;
    this.logCount = 0;
    this.hasLogTags = false;
    this.clientTimeAt = -1;
    if (this.aside !== null) this.aside = [];
    if (this.options.timesBy !== undefined) this.openTimes(this.options.timesBy);
    if (text.at(value) !== OPEN_BRACKET) {
      member.reportShape(trouble.LOGS_NOT_ARRAY, value);
      return text.skipValue(value, 1);
    }
    logItems.open(value + 1);
    let i = text.skipSpace(value + 1);
    if (text.at(i) === CLOSE_BRACKET) return i + 1;
    let entries = 0;
    for (;;) {
      const start = i;
      if (text.at(i) === OPEN_BRACE) {
        i = fields.scan(i, 2, true);
        const wrong = this.aside === null ? trouble.NO_TROUBLE : this.wrongWithLog();
        if (wrong !== trouble.NO_TROUBLE) {
          logItems.drop(i);
          this.setAside(wrong, entries, start, i);
        } else if (!fields.hasFields) {
          logItems.drop(i);
        } else {
          this.logCount++;
          logItems.keep(start, i);
          if (fields.needsEdits) fields.pushEdits();
          if (this.options.timesBy !== undefined) this.keepTime(member);
          else if (fields.clientTimeAt !== -1) this.noteClientTime();
        }
        if (this.aside === null) this.reportFields(member);
        if (fields.hasLogTag && wrong === trouble.NO_TROUBLE) this.hasLogTags = true;
      } else {
        i = text.skipValue(i, 2);
        if (this.aside === null) {
          member.reportShape(trouble.LOG_NOT_OBJECT, start);
        } else {
          logItems.drop(i);
          this.setAside(trouble.LOG_NOT_OBJECT, entries, start, i);
        }
      }
      if (++entries > this.options.logsMax) member.reportShape(trouble.TOO_MANY_LOGS, start);

      i = text.skipSpace(i);
      if (text.at(i) === CLOSE_BRACKET) break;
      if (text.at(i) !== COMMA) return text.fail(i);
      i = text.skipSpace(i + 1);
    }
    logItems.close();
    return i + 1;
  }

  /** What is wrong with the log scanned last, or `NO_TROUBLE`. */
  private wrongWithLog(): number {
    const { fields } = this;
    const isRefused = fields.nonStringAt !== -1 && this.options.nonStringValues === 'refuse';
    return isRefused ? trouble.VALUE_NOT_STRING : fields.trouble;
  }

  /** Of a text that turns out to be no JSON nothing is kept: the places of the rest mean nothing then. */
  private setAside(wrong: number, index: number, start: number, end: number): void {
    const { text, fields, body } = this;
    if (text.failedAt !== -1) return;
    const offset = placeOfTrouble(wrong, start, fields);
    const member = wrong === trouble.LOG_NOT_OBJECT ? null : fields.memberAt(offset);
    this.aside?.push({
      ...sourceOf(body, start, end),
      index,
      ...trouble.describeFault(wrong),
      offset,
      field: member && keyOf(body, member.start, member.value),
    });
  }

  private openTimes(clock: Pick<Clock, 'wallMs'>): void {
    this.nowMs = clock.wallMs();
    this.times.open(Math.floor(this.nowMs / 1000));
  }

  /** Of the log scanned last. One without a time has that of its receipt. */
  private keepTime(member: Member): void {
    const { times, nowMs } = this;
    const at = this.fields.timeAt;
    if (at === -1) {
      times.push(Math.floor(nowMs / 1000), (nowMs % 1000) * 1e6);
      return;
    }
    const seconds = this.text.wholeNumber(at);
    const wrong = times.check(seconds, 0);
    if (wrong !== trouble.NO_TROUBLE) member.reportContent(wrong, at);
    times.push(seconds, 0);
  }

  /** Of the log scanned last. */
  private noteClientTime(): void {
    this.clientTimeAt = this.fields.clientTimeAt;
    this.clientTimeEnd = this.fields.clientTimeEnd;
  }

  private readClientTime(): number | undefined {
    if (this.clientTimeAt === -1) return undefined;
    const source = this.text.bytes.subarray(this.clientTimeAt, this.clientTimeEnd);
    const content = source[0] === QUOTE ? source.subarray(1, -1) : source;
    return content.length > CLIENT_TIME_BYTES_MAX ? undefined : readClientTime(String.fromCharCode(...content));
  }

  private scanTags(member: Member, value: number): number {
    const { text, fields } = this;
    if (text.at(value) !== OPEN_BRACE) {
      member.reportShape(trouble.TAGS_NOT_OBJECT, value);
      return text.skipValue(value, 1);
    }
    const end = fields.scan(value, 1, false);
    if (fields.needsEdits) fields.pushEdits();
    this.reportFields(member);
    return end;
  }

  /** What is wrong with the log or the tags scanned last. */
  private reportFields(member: Member): void {
    const { fields } = this;
    if (fields.trouble !== trouble.NO_TROUBLE) member.reportContent(fields.trouble, fields.troubleAt);
    if (fields.nonStringAt !== -1 && this.options.nonStringValues === 'refuse') {
      member.reportShape(trouble.VALUE_NOT_STRING, fields.nonStringAt);
    }
  }

  /** Topic or source. */
  private scanLabel(member: Member, value: number): number {
    const { text, valueEdits } = this;
    const end = text.skipValue(value, 1);
    if (text.at(value) !== QUOTE) {
      valueEdits.push(value, end, PUT_LABEL);
      return end;
    }
    if (text.loneSurrogateAt > value) member.reportContent(trouble.LONE_SURROGATE, value);
    const cut = text.cutPoint(value + 1, end - 1, LABEL_BYTES_MAX);
    if (cut < end - 1) valueEdits.push(cut, end - 1, CUT);
    return end;
  }

  /** The first of the errors in the documented order. `present` is in the order of `NAMES`, which is that of the errors. */
  private gravest(present: readonly Member[]): trouble.Refusal | undefined {
    if (present[0]?.name !== LOGS) return trouble.refuse(trouble.LOGS_MISSING, this.text.end);
    let gravest: Member | undefined;
    for (const member of present) {
      if (member.shape !== trouble.NO_TROUBLE && member.shape < (gravest?.shape ?? Infinity)) gravest = member;
    }
    if (gravest !== undefined) return trouble.refuse(gravest.shape, gravest.shapeAt);
    const first = present.find((member) => member.content !== trouble.NO_TROUBLE);
    if (first !== undefined) return trouble.refuse(first.content, first.contentAt);
    const tags = present.find((member) => member.name === TAGS);
    const isTooLarge = tags && (tags.end - tags.keyEnd) * this.logCount > TAG_BYTES_OF_ALL_LOGS_MAX;
    return isTooLarge ? trouble.refuse(trouble.TAGS_TOO_LARGE, tags.keyEnd) : undefined;
  }

  /** The body, whose members are in `body[start, end)`. */
  private canonical(body: Buffer, start: number, end: number, present: Member[]): CanonicalBody {
    const { edits, memberItems, logCount, hasLogTags } = this;
    const times = this.options.timesBy === undefined ? undefined : this.times.finish();
    const clientTimeMs = this.readClientTime();
    const found = { logCount, hasLogTags, times, clientTimeMs, keys: this.keys };
    const isClean =
      this.valueEdits.count === 0 && present.length === this.memberCount && !present.some((m) => m.isEscaped);
    if (isClean && !this.text.hasNewline) return { bytes: body, start, end, ...found };
    present.sort((a, b) => a.ordinal - b.ordinal);
    edits.clear();
    memberItems.open(start);
    let ordinal = 0;
    for (const member of present) {
      if (member.ordinal > ordinal) memberItems.drop(member.start);
      memberItems.keep(member.start, member.end);
      if (member.isEscaped) edits.push(member.start, member.keyEnd, PUT_NAME + member.name);
      edits.append(this.valueEdits, member.editsFrom, member.editsTo);
      ordinal = member.ordinal + 1;
    }
    if (ordinal < this.memberCount) memberItems.drop(end - 1);
    memberItems.close();

    const source = this.text.hasNewline ? withoutNewlines(body) : body;
    if (edits.count === 0) return { bytes: source, start, end, ...found };
    const bytes = edits.apply(source, start, end, NAMES);
    return { bytes, start: 0, end: bytes.length, ...found };
  }
}

function placeOfTrouble(wrong: number, start: number, fields: FieldScanner): number {
  if (wrong === trouble.LOG_NOT_OBJECT) return start;
  return wrong === trouble.VALUE_NOT_STRING ? fields.nonStringAt : fields.troubleAt;
}

/** A copy with spaces in their place. In valid JSON they only stand where spaces may. */
function withoutNewlines(body: Buffer): Buffer {
  const copy = Buffer.from(body);
  for (let i = 0; i < copy.length; i++) if (copy[i] === NEWLINE) copy[i] = SPACE;
  return copy;
}
