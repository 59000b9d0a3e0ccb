/** The scan of one flat object: a log, or the tags. */
import { CLIENT_TIME_BYTES_MAX } from '../model/client-time.js';
import { FIELDS_PER_LOG_MAX, KEY_BYTES_MAX, VALUE_BYTES_MAX } from '../model/limits.js';
import { ASCII } from './ascii.js';
import { type Edits, KeptItems, PUT_CLIENT_TIME, PUT_TEXT } from './edits.js';
import type { JsonText } from './json-text.js';
import { KEY_KINDS, type KeyTable, NO_KEY } from './key-table.js';
import * as trouble from './refusal.js';

const { QUOTE, COMMA, COLON, SPACE, CLOSE_BRACE, MINUS, ZERO, NINE } = ASCII;
const { PLAIN, TIME, RESERVED, LOG_TAG } = KEY_KINDS;
// Constants of this module, for the reason given in ascii.ts.
const NONE: number = NO_KEY;
const FIELDS_MAX = FIELDS_PER_LOG_MAX;
const VALUE_MAX = VALUE_BYTES_MAX;
const TIME_MAX = CLIENT_TIME_BYTES_MAX;

// Columns of a field: offsets of its key, of its value and behind it; one of the fates below.
const START = 0;
const VALUE = 1;
const END = 2;
const FATE = 3;
const COLUMNS = 4;

const STAYS = 0;
const DROPPED = 1;
/** From `__time__` to `__client_time__`. */
const RENAMED = 2;

/** Scans objects one by one; after each `scan` its public properties tell about that object. */
export class FieldScanner {
  /** There is a key `__tag__:…`. */
  hasLogTag = false;
  /** The first value that is not a string, or -1. */
  nonStringAt = -1;
  /** The value of the last `__time__`, or -1. */
  timeAt = -1;
  /** The value of the client's time that stays, and what is behind it; or -1. */
  clientTimeAt = -1;
  clientTimeEnd = -1;
  /** Some of the object must change: `pushEdits` says what. */
  needsEdits = false;
  /** The gravest thing wrong, and where it was first seen. */
  trouble = trouble.NO_TROUBLE;
  troubleAt = 0;

  private readonly text: JsonText;
  private readonly keys: KeyTable;
  private readonly edits: Edits;
  private readonly items: KeptItems;
  private readonly fields = new Int32Array(FIELDS_PER_LOG_MAX * COLUMNS);
  private count = 0;
  private dropped = 0;
  private open = 0;
  /** The field of the client's time, or -1. */
  private clientTime = -1;
  private readonly keepsTimes: boolean;

  /** Numbers the objects of a body, from 1. */
  private object = 0;

  /** `keepsTimes`: a `__time__` that may be one stays, as `__client_time__`. */
  constructor(text: JsonText, keys: KeyTable, edits: Edits, keepsTimes: boolean) {
    this.text = text;
    this.keys = keys;
    this.edits = edits;
    this.keepsTimes = keepsTimes;
    this.items = new KeptItems(edits);
  }

  /** Whether there is anything to store. The time of nothing is nothing. */
  get hasFields(): boolean {
    const { count, dropped, clientTime, fields } = this;
    return count - dropped > (clientTime !== -1 && fields[clientTime + FATE] === RENAMED ? 1 : 0);
  }

  /** To be called once per body, when the keys are cleared. */
  reset(): void {
    this.object = 0;
  }

  /**
   * Scans the object at `open`, inside `depth` containers, and returns the offset behind it. In a log, some keys are
   * reserved, and `__time__` is no field whatever it holds.
   */
  scan(open: number, depth: number, isLog: boolean): number {
    const { text, keys } = this;
    this.start(open);
    let key = NONE;
    let i = text.skipSpace(open + 1);
    if (text.at(i) === CLOSE_BRACE) return i + 1;
    for (;;) {
      const start = i;
      const previous = key;
      key = keys.predict(previous, i);
      i = key === NONE ? text.skipKey(i) : i + keys.length(key);
      if (key === NONE) key = this.findKey(previous, start, i);
      let kind = keys.kind(key);
      if (kind !== PLAIN) kind = isLog ? this.checkKind(kind, start) : PLAIN;

      i = text.at(i) === COLON && text.at(i + 1) > SPACE ? i + 1 : text.skipColon(i);
      const value = i;
      if (text.at(i) === QUOTE) {
        i = text.skipString(i + 1);
        if (i - value > VALUE_MAX || text.loneSurrogateAt > value) this.checkString(value, i, kind);
      } else {
        i = this.skipNonString(i, depth, kind);
      }
      this.addField(key, kind, start, value, i);

      if (text.at(i) <= SPACE) i = text.skipSpace(i);
      const next = text.at(i);
      if (next === CLOSE_BRACE) return i + 1;
      if (next !== COMMA) return text.fail(i);
      i++;
      if (text.at(i) <= SPACE) i = text.skipSpace(i);
    }
  }

  /** Where key and value of the field begin one of which begins at `at`; null if that is none of those kept. */
  memberAt(at: number): { readonly start: number; readonly value: number } | null {
    for (let field = 0; field < this.count * COLUMNS; field += COLUMNS) {
      const start = this.fields[field + START] as number;
      const value = this.fields[field + VALUE] as number;
      if (start === at || value === at) return { start, value };
    }
    return null;
  }

  /** Pushes what has to change in the object scanned last. */
  pushEdits(): void {
    const { fields, items } = this;
    items.open(this.open);
    for (let field = 0; field < this.count * COLUMNS; field += COLUMNS) {
      const end = fields[field + END] as number;
      if (fields[field + FATE] === DROPPED) {
        items.drop(end);
        continue;
      }
      const start = fields[field + START] as number;
      const value = fields[field + VALUE] as number;
      items.keep(start, end);
      if (fields[field + FATE] === RENAMED) this.edits.push(start, value, PUT_CLIENT_TIME);
      if (this.text.at(value) !== QUOTE) this.edits.push(value, end, PUT_TEXT);
    }
    items.close();
  }

  private start(open: number): void {
    this.object++;
    this.open = open + 1;
    this.count = 0;
    this.dropped = 0;
    this.hasLogTag = false;
    this.nonStringAt = -1;
    this.timeAt = -1;
    this.clientTime = -1;
    this.clientTimeAt = -1;
    this.needsEdits = false;
    this.trouble = trouble.NO_TROUBLE;
  }

  private addField(key: number, kind: number, start: number, value: number, end: number): void {
    const { fields, count } = this;
    if (count === FIELDS_MAX) {
      this.report(trouble.TOO_MANY_FIELDS, start);
      return;
    }
    const field = count * COLUMNS;
    fields[field + START] = start;
    fields[field + VALUE] = value;
    fields[field + END] = end;
    fields[field + FATE] = STAYS;
    this.count = count + 1;
    if (kind >= TIME) {
      this.addTime(kind, field, value, end);
    } else if (key !== NONE) {
      const earlier = this.keys.note(key, this.object, field);
      if (earlier !== -1) this.drop(earlier);
    }
  }

  /** Both keys of a client's time are one: the last counts. A `__time__` that can be none does not. */
  private addTime(kind: number, field: number, value: number, end: number): void {
    if (kind === TIME) {
      this.timeAt = value;
      if (!this.keepsTimes || !this.mayBeTime(value, end)) {
        this.drop(field);
        return;
      }
      this.fields[field + FATE] = RENAMED;
      this.needsEdits = true;
    }
    if (this.clientTime !== -1) this.drop(this.clientTime);
    this.clientTime = field;
    this.clientTimeAt = value;
    this.clientTimeEnd = end;
  }

  /** A number, or a string with something in it, that is not too long. */
  private mayBeTime(value: number, end: number): boolean {
    const { text } = this;
    const first = text.at(value);
    if (first !== QUOTE) return ((first >= ZERO && first <= NINE) || first === MINUS) && end - value <= TIME_MAX;
    return end - value > 2 && end - value - 2 <= TIME_MAX && text.loneSurrogateAt <= value;
  }

  private drop(field: number): void {
    this.fields[field + FATE] = DROPPED;
    this.dropped++;
    this.needsEdits = true;
  }

  /** Of a key in a log that is not plain. */
  private checkKind(kind: number, at: number): number {
    if (kind === LOG_TAG) this.hasLogTag = true;
    else if (kind === RESERVED) this.report(trouble.KEY_RESERVED, at);
    return kind;
  }

  /** The key [start, end), quotes included, that was not the predicted one. */
  private findKey(previous: number, start: number, end: number): number {
    const { text, keys } = this;
    const isEscaped = text.escapedAt > start;
    if (text.loneSurrogateAt > start) this.report(trouble.LONE_SURROGATE, start);
    const keyEnd = isEscaped ? text.unescape(start + 1, end - 1) + 1 : end;
    const length = keyEnd - start - 2;
    if (length <= 0) this.report(trouble.KEY_EMPTY, start);
    else if (length > KEY_BYTES_MAX) this.report(trouble.KEY_TOO_LONG, start);
    else if (isEscaped && text.hasControl(start + 1, keyEnd - 1)) this.report(trouble.KEY_WITH_CONTROL, start);
    else {
      const key = keys.find(start, length + 2);
      if (!isEscaped) keys.expect(previous, key);
      return key;
    }
    return NONE;
  }

  /** A string [value, end) that is long or has half a surrogate pair. */
  private checkString(value: number, end: number, kind: number): void {
    if (kind === TIME) return;
    if (this.text.loneSurrogateAt > value) this.report(trouble.LONE_SURROGATE, value);
    if (this.text.cutPoint(value + 1, end - 1, VALUE_BYTES_MAX) < end - 1) this.report(trouble.VALUE_TOO_LARGE, value);
  }

  private skipNonString(value: number, depth: number, kind: number): number {
    const { text } = this;
    const space = text.spaceBytes;
    const end = text.skipValue(value, depth + 1);
    if (kind === TIME) return end;
    this.needsEdits = true;
    if (this.nonStringAt === -1) this.nonStringAt = value;
    if (end - value - (text.spaceBytes - space) > VALUE_BYTES_MAX) this.report(trouble.VALUE_TOO_LARGE, value);
    return end;
  }

  private report(found: number, at: number): void {
    if (this.trouble !== trouble.NO_TROUBLE && this.trouble <= found) return;
    this.trouble = found;
    this.troubleAt = at;
  }
}
