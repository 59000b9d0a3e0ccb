/** Reads a segment file piece by piece, whatever is in it. */
import { declaredEnd, type ReadLine, readLine } from '../model/checked-line.js';
import type { DiskFile } from '../platform/disk.js';

export type Piece =
  | { readonly kind: 'line'; readonly at: number; readonly rest: Buffer; readonly bytes: number }
  | { readonly kind: 'damaged'; readonly at: number; readonly bytes: number; readonly reason: string }
  /** The file ends inside a line, or in zeros: what was never acknowledged. Always the last piece. */
  | { readonly kind: 'torn'; readonly at: number; readonly bytes: number };

/**
 * Every byte of the file is in exactly one piece, in order. A line's `rest` is valid until the next piece is asked for.
 * Holds a few MiB of the file in memory, or one line if that is longer.
 */
export async function* readSegment(file: DiskFile): AsyncGenerator<Piece> {
  const window = new Window(file);
  for (;;) {
    const { at } = window;
    const line = await window.line();
    if (line.kind === 'end') return;
    if (line.kind === 'line') {
      yield { kind: 'line', at, rest: line.rest, bytes: line.nextOffset };
      window.drop(line.nextOffset);
    } else {
      yield await readDamage(window, line);
    }
  }
}

/** Takes everything up to the next good line, or to the end of the file. */
async function readDamage(window: Window, first: ReadLine): Promise<Piece> {
  const { at } = window;
  // A length that reaches beyond the end of the file, in a line that did not end there, is wrong as well.
  const reason = first.kind === 'corrupt' ? first.reason : 'length';
  const declared = declaredEnd(window.bytes, 0);
  if (declared !== -1 && readLine(window.bytes, declared).kind === 'line') {
    window.drop(declared);
    return { kind: 'damaged', at, bytes: declared, reason };
  }
  let hasNewline = false;
  let isZero = true;
  for (;;) {
    const newline = window.bytes.indexOf(NEWLINE);
    const end = newline === -1 ? window.bytes.length : newline + 1;
    hasNewline ||= newline !== -1;
    isZero &&= isAllZero(window.bytes.subarray(0, end));
    window.drop(end);
    if (newline !== -1) {
      if ((await window.line()).kind === 'line') break;
    } else if (window.isAtEnd) {
      if (isZero || (first.kind === 'torn' && !hasNewline)) return { kind: 'torn', at, bytes: window.at - at };
      break;
    } else {
      await window.more();
    }
  }
  return { kind: 'damaged', at, bytes: window.at - at, reason };
}

const NEWLINE = 0x0a;

function isAllZero(bytes: Buffer): boolean {
  return bytes.length === 0 || (bytes[0] === 0 && bytes.subarray(1).equals(bytes.subarray(0, -1)));
}

const READ_BYTES_MIN = 8 * 1024;
const READ_BYTES_MAX = 4 * 1024 * 1024;

/** The part of the file that is in memory. */
class Window {
  readonly #file: DiskFile;
  #readBytes = READ_BYTES_MIN;
  bytes: Buffer = Buffer.alloc(0);
  /** File offset of the first byte of `bytes`. */
  at = 0;
  isAtEnd = false;

  constructor(file: DiskFile) {
    this.#file = file;
  }

  /** What is at the start of the window; `torn` and `end` only at the end of the file. */
  async line(): Promise<ReadLine> {
    let line = readLine(this.bytes, 0);
    while ((line.kind === 'torn' || line.kind === 'end') && !this.isAtEnd) {
      await this.more();
      line = readLine(this.bytes, 0);
    }
    return line;
  }

  drop(count: number): void {
    this.bytes = this.bytes.subarray(count);
    this.at += count;
  }

  /** Reads at least one byte more, or finds the end of the file. */
  async more(): Promise<void> {
    const kept = this.bytes.length;
    const grown = Buffer.allocUnsafe(kept + this.#readBytes);
    grown.set(this.bytes);
    const read = await this.#file.read(grown.subarray(kept), this.at + kept);
    this.isAtEnd = read === 0;
    this.bytes = grown.subarray(0, kept + read);
    this.#readBytes = Math.min(this.#readBytes * 2, READ_BYTES_MAX);
  }
}
