/**
 * The wire format of Protocol Buffers, as much of it as a LogGroup needs: a message is a row of fields, each a number, a
 * wire type and a value. https://protobuf.dev/programming-guides/encoding/
 */

export const VARINT = 0;
export const FIXED64 = 1;
/** Strings, bytes and messages. */
export const BYTES = 2;
export const FIXED32 = 5;

/** Field numbers have 29 bits. */
const TAG_MAX = 0xffffffff;

/** Longest varint: 64 bits, seven of them to a byte. */
const VARINT_BYTES_MAX = 10;

/** Walks through the fields of one message after another. After `next`, its properties tell about the field. */
export class ProtobufReader {
  number = 0;
  wireType = VARINT;
  /** Of a varint, exact up to 2^53, or of a fixed32 taken as unsigned. */
  value = 0;
  /** Of `BYTES`: where they are. */
  start = 0;
  end = 0;
  /** The message broke off or has what no message has. */
  isMalformed = false;

  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;
  private messageEnd = 0;

  /** What holds the messages that are opened next. */
  load(bytes: Uint8Array): void {
    this.bytes = bytes;
  }

  /** Behind the field. */
  get position(): number {
    return this.at;
  }

  /** The message is bytes [start, end); nothing outside of it is read. */
  open(start: number, end: number): void {
    this.at = start;
    this.messageEnd = end;
    this.isMalformed = false;
  }

  /** False at the end of the message and where it is malformed. */
  next(): boolean {
    if (this.at === this.messageEnd || this.isMalformed) return false;
    const tag = this.readVarint();
    this.number = tag >>> 3;
    this.wireType = tag & 7;
    if (this.number === 0 || tag > TAG_MAX) this.isMalformed = true;
    switch (this.wireType) {
      case VARINT:
        this.value = this.readVarint();
        break;
      case FIXED64:
        this.skip(8);
        break;
      case BYTES: {
        const length = this.readVarint();
        this.start = this.at;
        this.skip(length);
        this.end = this.at;
        break;
      }
      case FIXED32:
        this.skip(4);
        if (!this.isMalformed) this.value = this.fixed32(this.at - 4);
        break;
      default: // groups, out of use since 2008, and two types that never were
        this.isMalformed = true;
    }
    return !this.isMalformed;
  }

  private fixed32(at: number): number {
    const { bytes } = this;
    const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16);
    return low + (bytes[at + 3] as number) * 2 ** 24;
  }

  private readVarint(): number {
    // Most are of one byte.
    const first = this.bytes[this.at] as number;
    if (first < 0x80 && this.at < this.messageEnd) {
      this.at++;
      return first;
    }
    let value = 0;
    let place = 1;
    for (let k = 0; k < VARINT_BYTES_MAX && this.at < this.messageEnd; k++) {
      const byte = this.bytes[this.at++] as number;
      value += (byte & 0x7f) * place;
      if (byte < 0x80) return value;
      place *= 0x80;
    }
    this.isMalformed = true;
    return 0;
  }

  private skip(count: number): void {
    if (count <= this.messageEnd - this.at) this.at += count;
    else this.isMalformed = true;
  }
}
