/**
 * A lexer over the bytes of a JSON text (RFC 8259) that takes what `JSON.parse` takes, nested up to a cap.
 *
 * The text is copied into memory that is kept from text to text and ends in zero bytes. No JSON token holds a zero
 * byte, so no loop here needs to ask whether the end is reached, and words of four bytes can be read anywhere. For the
 * same reason nobody has to check for failure after each step: `fail` remembers the first place and returns the end,
 * where every later expectation fails too. All functions take an offset and return the one behind what they skipped.
 *
 * Nothing here makes objects or recurses; time is linear in the text, whatever it holds.
 */
import { JSON_DEPTH_MAX } from '../model/limits.js';
import { ASCII } from './ascii.js';

/** Longest look beyond an offset within the text: a surrogate pair, `\ud83d\ude00`. */
const ZERO_BYTES = 16;

const { TAB, NEWLINE, CARRIAGE_RETURN, SPACE, QUOTE, PLUS, COMMA, MINUS, DOT, ZERO, NINE, COLON } = ASCII;
const { OPEN_BRACKET, BACKSLASH, OPEN_BRACE, CLOSE_BRACE } = ASCII;
const LETTER_E = 0x65;
const LETTER_U = 0x75;
const LOWER_CASE = 0x20;

// Literals as the little-endian words that `view.getInt32` reads.
const TRUE = 0x65757274;
const ALSE = 0x65736c61;
const NULL = 0x6c6c756e;

/**
 * Non-zero if one of the word's four bytes is a quote, a backslash or below 0x20. Its lowest bit set is then the top bit
 * of the first such byte; bits above that one mean nothing. ("Determine if a word has a byte less than n", from Sean
 * Anderson's Bit Twiddling Hacks, three times.)
 */
export const stopBits = (word: number): number => {
  const quote = word ^ 0x22222222;
  const backslash = word ^ 0x5c5c5c5c;
  return (
    (((quote - 0x01010101) & ~quote) | ((backslash - 0x01010101) & ~backslash) | ((word - 0x20202020) & ~word)) &
    0x80808080
  );
};

const SHORT_ESCAPES = new Uint8Array(128);
for (const [letter, byte] of Object.entries({ '"': 0x22, '\\': 0x5c, '/': 0x2f, b: 8, f: 12, n: 10, r: 13, t: 9 })) {
  SHORT_ESCAPES[letter.charCodeAt(0)] = byte;
}
/** By the length of a UTF-8 sequence. */
const FIRST_BYTE_MARKS = [0, 0, 0xc0, 0xe0, 0xf0];

export class JsonText {
  bytes = new Uint8Array(0);
  view = new DataView(this.bytes.buffer);
  end = 0;
  /** Where the text stopped being JSON, or -1. */
  failedAt = -1;
  /** Whether it failed for its depth, not for its syntax. */
  isTooDeep = false;
  /** The last escape skipped, or -1. */
  escapedAt = -1;
  /** The last half of a surrogate pair skipped that stands alone, or -1. */
  loneSurrogateAt = -1;
  /** A newline byte was skipped between tokens. */
  hasNewline = false;
  /** White space skipped so far, in bytes. */
  spaceBytes = 0;
  /** The closing bracket of each open container, by depth. */
  private readonly closers = new Uint8Array(JSON_DEPTH_MAX + 1);

  load(source: Uint8Array): void {
    const capacity = source.length + ZERO_BYTES;
    if (this.bytes.length < capacity) {
      this.bytes = new Uint8Array(2 ** Math.ceil(Math.log2(Math.max(capacity, 4096))));
      this.view = new DataView(this.bytes.buffer);
    }
    this.bytes.set(source);
    this.end = source.length;
    for (let i = this.end; i < capacity; i++) this.bytes[i] = 0;
    this.failedAt = -1;
    this.isTooDeep = false;
    this.escapedAt = -1;
    this.loneSurrogateAt = -1;
    this.hasNewline = false;
    this.spaceBytes = 0;
  }

  fail(i: number): number {
    if (this.failedAt === -1) this.failedAt = i;
    return this.end;
  }

  /** The byte at `i`, which every caller keeps within text and zero bytes: hence the `as`, here and below. */
  at(i: number): number {
    return this.bytes[i] as number;
  }

  skipSpace(from: number): number {
    const bytes = this.bytes;
    let i = from;
    for (;;) {
      const byte = bytes[i] as number;
      if (byte > SPACE) break;
      if (byte === NEWLINE) this.hasNewline = true;
      else if (byte !== SPACE && byte !== TAB && byte !== CARRIAGE_RETURN) break;
      i++;
    }
    this.spaceBytes += i - from;
    return i;
  }

  /** `i` is behind the opening quote. */
  skipString(from: number): number {
    const view = this.view;
    let i = from;
    for (;;) {
      const stop = stopBits(view.getInt32(i, true));
      if (stop === 0) {
        i += 4;
        continue;
      }
      i += (31 - Math.clz32(stop & -stop)) >> 3;
      const byte = view.getUint8(i);
      if (byte === QUOTE) return i + 1;
      if (byte !== BACKSLASH) return this.fail(i);
      i = this.skipEscape(i);
    }
  }

  /** `i` is at the backslash. Both halves of a surrogate pair are skipped at once. */
  private skipEscape(i: number): number {
    this.escapedAt = i;
    switch (this.bytes[i + 1]) {
      case QUOTE:
      case BACKSLASH:
      case 0x2f: // /
      case 0x62: // b
      case 0x66: // f
      case 0x6e: // n
      case 0x72: // r
      case 0x74: // t
        return i + 2;
      case LETTER_U:
        break;
      default:
        return this.fail(i);
    }
    const unit = this.codeUnit(i);
    if (unit === -1) return this.fail(i);
    if ((unit & 0xf800) !== 0xd800) return i + 6;
    if (unit < 0xdc00 && (this.codeUnit(i + 6) & 0xfc00) === 0xdc00) return i + 12;
    this.loneSurrogateAt = i;
    return i + 6;
  }

  /** The UTF-16 code unit of the escape `\u` and four digits at `i`, or -1 if there is none. */
  private codeUnit(i: number): number {
    const bytes = this.bytes;
    if (bytes[i] !== BACKSLASH || bytes[i + 1] !== LETTER_U) return -1;
    const high = (hexDigit(bytes[i + 2] as number) << 4) | hexDigit(bytes[i + 3] as number);
    const low = (hexDigit(bytes[i + 4] as number) << 4) | hexDigit(bytes[i + 5] as number);
    return high < 0 || low < 0 ? -1 : (high << 8) | low;
  }

  /**
   * Resolves the escapes of the string [from, to) in place and puts a quote behind what is left; returns the offset of
   * that quote. Half a surrogate pair becomes the three bytes it would have in UTF-8.
   */
  unescape(from: number, to: number): number {
    const bytes = this.bytes;
    let out = from;
    for (let i = from; i < to; ) {
      const byte = this.at(i);
      if (byte !== BACKSLASH) {
        bytes[out++] = byte;
        i++;
        continue;
      }
      const code = this.escapedCode(i);
      i += escapeLength(code, this.at(i + 1));
      out = writeUtf8(bytes, out, code);
    }
    bytes[out] = QUOTE;
    return out;
  }

  /** Whether there is a byte below 0x20 in [from, to). */
  hasControl(from: number, to: number): boolean {
    for (let i = from; i < to; i++) if (this.at(i) < SPACE) return true;
    return false;
  }

  /**
   * Where the string [from, to) has to be cut for its content to have at most `bytesMax` bytes of UTF-8: before a
   * character, or at `to` if it need not be cut.
   */
  cutPoint(from: number, to: number, bytesMax: number): number {
    if (to - from <= bytesMax) return to; // escapes are never shorter than what they stand for
    let left = bytesMax;
    for (let i = from; i < to; ) {
      const byte = this.at(i);
      let length = 1;
      if (byte === BACKSLASH) {
        const code = this.escapedCode(i);
        length = escapeLength(code, this.at(i + 1));
        left -= utf8Length(code);
      } else {
        length = sequenceLength(byte);
        left -= length;
      }
      if (left < 0) return i;
      i += length;
    }
    return to;
  }

  /** The code point of the valid escape at `i`. */
  private escapedCode(i: number): number {
    const unit = this.codeUnit(i);
    if (unit === -1) return SHORT_ESCAPES[this.at(i + 1)] as number;
    if ((unit & 0xfc00) !== 0xd800) return unit;
    const low = this.codeUnit(i + 6);
    return (low & 0xfc00) === 0xdc00 ? 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff) : unit;
  }

  /** `i` is at the first byte of a value. `depth` counts the containers open around it. */
  skipValue(from: number, depth: number): number {
    const closers = this.closers;
    let i = from;
    let open = depth;
    for (;;) {
      const byte = this.at(i);
      if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (open === JSON_DEPTH_MAX) {
          this.isTooDeep ||= this.failedAt === -1;
          return this.fail(i);
        }
        open++;
        closers[open] = byte + 2; // `[` and `{` are both two before their closers
        i = this.skipSpace(i + 1);
        if (this.at(i) !== closers[open]) {
          if (byte === OPEN_BRACE) i = this.skipColon(this.skipKey(i));
          continue;
        }
        i++;
        open--;
      } else {
        i = this.skipScalar(i);
      }
      // A value has ended, and with it perhaps the containers around it.
      for (;;) {
        if (open === depth) return i;
        i = this.skipSpace(i);
        const next = this.at(i);
        if (next === COMMA) break;
        if (next !== closers[open]) return this.fail(i);
        i++;
        open--;
      }
      i = this.skipSpace(i + 1);
      if (closers[open] === CLOSE_BRACE) i = this.skipColon(this.skipKey(i));
    }
  }

  skipKey(i: number): number {
    return this.at(i) === QUOTE ? this.skipString(i + 1) : this.fail(i);
  }

  /** From behind a key to its value. */
  skipColon(from: number): number {
    const i = this.skipSpace(from);
    return this.at(i) === COLON ? this.skipSpace(i + 1) : this.fail(i);
  }

  /** The whole number of up to ten digits at `i`, or in the string at `i`; 0 if there is something else. */
  wholeNumber(i: number): number {
    const isString = this.at(i) === QUOTE;
    const start = isString ? i + 1 : i;
    let value = 0;
    let end = start;
    for (; this.at(end) >= ZERO && this.at(end) <= NINE && end < start + 11; end++) {
      value = value * 10 + this.at(end) - ZERO;
    }
    const next = this.at(end);
    const isOver = isString ? next === QUOTE : next <= SPACE || next === COMMA || next === CLOSE_BRACE;
    return isOver && end <= start + 10 ? value : 0;
  }

  private skipScalar(i: number): number {
    switch (this.at(i)) {
      case QUOTE:
        return this.skipString(i + 1);
      case 0x74: // t
        return this.view.getInt32(i, true) === TRUE ? i + 4 : this.fail(i);
      case 0x66: // f
        return this.view.getInt32(i + 1, true) === ALSE ? i + 5 : this.fail(i);
      case 0x6e: // n
        return this.view.getInt32(i, true) === NULL ? i + 4 : this.fail(i);
      default:
        return this.skipNumber(i);
    }
  }

  private skipNumber(from: number): number {
    let i = this.at(from) === MINUS ? from + 1 : from;
    i = this.at(i) === ZERO ? i + 1 : this.skipDigits(i);
    if (this.at(i) === DOT) i = this.skipDigits(i + 1);
    if ((this.at(i) | LOWER_CASE) === LETTER_E) {
      const sign = this.at(i + 1);
      i = this.skipDigits(sign === PLUS || sign === MINUS ? i + 2 : i + 1);
    }
    return i;
  }

  /** One digit or more. */
  private skipDigits(from: number): number {
    const bytes = this.bytes;
    let i = from;
    while ((bytes[i] as number) >= ZERO && (bytes[i] as number) <= NINE) i++;
    return i > from ? i : this.fail(i);
  }
}

/** Bytes of the escape of `code` whose backslash is followed by `letter`. */
function escapeLength(code: number, letter: number): number {
  if (letter !== LETTER_U) return 2;
  return code < 0x10000 ? 6 : 12;
}

/** Bytes of the UTF-8 sequence that starts with `byte`. */
export function sequenceLength(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}

function utf8Length(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

function writeUtf8(bytes: Uint8Array, at: number, code: number): number {
  const length = utf8Length(code);
  let rest = code;
  for (let i = at + length - 1; i > at; i--, rest >>= 6) bytes[i] = 0x80 | (rest & 0x3f);
  bytes[at] = (FIRST_BYTE_MARKS[length] as number) | rest;
  return at + length;
}

/** 0 to 15, or a negative number that stays negative when shifted and combined. */
export function hexDigit(byte: number): number {
  if (byte >= ZERO && byte <= NINE) return byte - ZERO;
  const letter = (byte | LOWER_CASE) - 0x61;
  return letter >= 0 && letter < 6 ? letter + 10 : -0x100;
}
