/** What to change in a body to make it canonical, in the order of its bytes, and the changed copy. */
import { CLIENT_TIME } from '../model/client-time.js';
import { LABEL_BYTES_MAX } from '../model/limits.js';
import { ASCII } from './ascii.js';
import { sequenceLength } from './json-text.js';

const { BACKSLASH, COMMA, QUOTE, SPACE } = ASCII;

/** Leaves the bytes out. */
export const CUT = 0;
/** A comma in their place. */
export const PUT_COMMA = 1;
/** A string in place of the value they are: its JSON text, without the white space between its tokens. */
export const PUT_TEXT = 2;
/** The same, cut at `LABEL_BYTES_MAX`. */
export const PUT_LABEL = 3;
/** The key of a client's time, in place of `"__time__":` or a longer spelling of it. */
export const PUT_CLIENT_TIME = 4;
/** `PUT_NAME + n` puts the n-th of the names given to `apply`, in quotes. */
export const PUT_NAME = 5;

const CLIENT_TIME_MEMBER = Buffer.from(`"${CLIENT_TIME}":`);

const COLUMNS = 3;
/** Runs shorter than this are copied faster by a loop than by a call of `Buffer.set`. */
const SHORT_RUN_BYTES = 48;

/** A list of edits, three numbers each: start, end, what to do. It keeps its memory from body to body. */
export class Edits {
  private numbers = new Int32Array(256 * COLUMNS);
  private used = 0;

  /** For `append`. */
  get count(): number {
    return this.used / COLUMNS;
  }

  clear(): void {
    this.used = 0;
  }

  push(start: number, end: number, put: number): void {
    const at = this.reserve(COLUMNS);
    this.numbers[at] = start;
    this.numbers[at + 1] = end;
    this.numbers[at + 2] = put;
  }

  /** Appends the edits numbered [from, to) of another list. */
  append(other: Edits, from: number, to: number): void {
    const at = this.reserve((to - from) * COLUMNS);
    this.numbers.set(other.numbers.subarray(from * COLUMNS, to * COLUMNS), at);
  }

  /** A copy of `source[start, end)` with the edits made. */
  apply(source: Buffer, start: number, end: number, names: readonly Uint8Array[]): Buffer {
    const { numbers, used } = this;
    let growth = 0;
    for (let n = 0; n < used; n += COLUMNS) {
      // Each byte of a text is a byte or, with a backslash before it, two; and there are its quotes. The other things put
      // are shorter than twice what they replace, too.
      if ((numbers[n + 2] as number) >= PUT_TEXT) growth += (numbers[n + 1] as number) - (numbers[n] as number) + 2;
    }
    const target = Buffer.allocUnsafe(end - start + growth);
    let at = 0;
    let from = start;
    for (let n = 0; n < used; n += COLUMNS) {
      const editStart = numbers[n] as number;
      const editEnd = numbers[n + 1] as number;
      const put = numbers[n + 2] as number;
      at = copyRun(source, from, editStart, target, at);
      from = editEnd;
      if (put === PUT_COMMA) target[at++] = COMMA;
      else if (put === PUT_TEXT) at = writeText(source, editStart, editEnd, target, at, editEnd - editStart);
      else if (put === PUT_LABEL) at = writeText(source, editStart, editEnd, target, at, LABEL_BYTES_MAX);
      else if (put === PUT_CLIENT_TIME) at = copyRun(CLIENT_TIME_MEMBER, 0, CLIENT_TIME_MEMBER.length, target, at);
      else if (put >= PUT_NAME) at = writeName(names[put - PUT_NAME] as Uint8Array, target, at);
    }
    at = copyRun(source, from, end, target, at);
    return target.subarray(0, at);
  }

  private reserve(count: number): number {
    const at = this.used;
    this.used += count;
    if (this.used > this.numbers.length) {
      const larger = new Int32Array(Math.max(this.used, this.numbers.length * 2));
      larger.set(this.numbers);
      this.numbers = larger;
    }
    return at;
  }
}

/** The items of an object or array as they pass: cuts the dropped ones, with commas right for the others. */
export class KeptItems {
  private readonly edits: Edits;
  /** The end of the last item kept; before the first, of the opening bracket. */
  private keptEnd = 0;
  private droppedEnd = 0;
  private hasKept = false;

  constructor(edits: Edits) {
    this.edits = edits;
  }

  /** `i` is behind the opening bracket. */
  open(i: number): void {
    this.keptEnd = i;
    this.droppedEnd = 0;
    this.hasKept = false;
  }

  keep(start: number, end: number): void {
    if (this.droppedEnd !== 0) this.edits.push(this.keptEnd, start, this.hasKept ? PUT_COMMA : CUT);
    this.keptEnd = end;
    this.droppedEnd = 0;
    this.hasKept = true;
  }

  drop(end: number): void {
    this.droppedEnd = end;
  }

  close(): void {
    if (this.droppedEnd !== 0) this.edits.push(this.keptEnd, this.droppedEnd, CUT);
  }
}

/** Copies `source[start, end)` to `at`, and returns the offset behind it. */
export function copyRun(source: Buffer, start: number, end: number, target: Buffer, at: number): number {
  if (end - start >= SHORT_RUN_BYTES) return at + source.copy(target, at, start, end);
  let to = at;
  for (let i = start; i < end; i++) target[to++] = source[i] as number;
  return to;
}

/** Writes the value [start, end) as a string, cut at a character boundary where its content would exceed `bytesMax`. */
function writeText(source: Buffer, start: number, end: number, target: Buffer, at: number, bytesMax: number): number {
  let to = at;
  let left = bytesMax;
  let inString = false;
  let escaped = false;
  target[to++] = QUOTE;
  for (let i = start; i < end; i++) {
    const byte = source[i] as number;
    if (byte <= SPACE && !inString) continue;
    const isContinuation = (byte & 0xc0) === 0x80;
    if (!isContinuation && left < sequenceLength(byte)) break;
    left--;
    if (byte === QUOTE || byte === BACKSLASH) target[to++] = BACKSLASH;
    target[to++] = byte;
    if (byte === QUOTE && !escaped) inString = !inString;
    escaped = byte === BACKSLASH && !escaped;
  }
  target[to++] = QUOTE;
  return to;
}

function writeName(name: Uint8Array, target: Buffer, at: number): number {
  target[at] = QUOTE;
  target.set(name, at + 1);
  target[at + 1 + name.length] = QUOTE;
  return at + name.length + 2;
}
