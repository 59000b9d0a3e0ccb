/**
 * Thrift's compact protocol, as far as the footer of a Parquet file uses it: https://github.com/apache/thrift, file
 * doc/specs/thrift-compact-protocol.md. A value is read with all its fields, known or not, and written as it was.
 */

export interface Struct {
  readonly kind: 'struct';
  /** By number, in the order they were written. */
  readonly fields: ReadonlyMap<number, Value>;
}
export interface List {
  readonly kind: 'list';
  /** Of every item. */
  readonly type: number;
  readonly items: readonly Value[];
}
export type Value =
  | Struct
  | List
  /** Bytes, or text in UTF-8. */
  | { readonly kind: 'binary'; readonly bytes: Buffer }
  /** The type tells how wide it is. */
  | { readonly kind: 'integer'; readonly type: number; readonly value: bigint }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** A byte or eight of them: nothing here looks into them. */
  | { readonly kind: 'raw'; readonly type: number; readonly bytes: Buffer };

const TYPE = { true: 1, false: 2, byte: 3, i16: 4, i32: 5, i64: 6, double: 7, binary: 8, list: 9, set: 10, struct: 12 };

/** Throws RangeError where the bytes end too early, and Error for what the protocol does not have. */
export function readStruct(bytes: Buffer): Struct {
  return new Reader(bytes).struct();
}

/** The same for a list. */
export function readList(bytes: Buffer): List {
  return new Reader(bytes).list();
}

export function writeValue(value: Value): Buffer {
  const chunks: Buffer[] = [];
  write(value, (chunk) => chunks.push(chunk));
  return Buffer.concat(chunks);
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  struct(): Struct {
    const fields = new Map<number, Value>();
    let number = 0;
    for (;;) {
      const head = this.#byte();
      if (head === 0) return { kind: 'struct', fields };
      const step = head >> 4;
      number = step === 0 ? Number(unzigzag(this.#varint())) : number + step;
      const type = head & 0x0f;
      const isBoolean = type === TYPE.true || type === TYPE.false;
      fields.set(number, isBoolean ? { kind: 'boolean', value: type === TYPE.true } : this.#value(type));
    }
  }

  list(): List {
    const head = this.#byte();
    const type = head & 0x0f;
    const short = head >> 4;
    const count = short === 15 ? Number(this.#varint()) : short;
    const items: Value[] = [];
    for (let i = 0; i < count; i += 1) items.push(this.#value(type));
    return { kind: 'list', type, items };
  }

  #value(type: number): Value {
    switch (type) {
      // As an item of a list a boolean is a byte.
      case TYPE.true:
      case TYPE.false:
      case TYPE.byte:
        return { kind: 'raw', type, bytes: this.#take(1) };
      case TYPE.i16:
      case TYPE.i32:
      case TYPE.i64:
        return { kind: 'integer', type, value: unzigzag(this.#varint()) };
      case TYPE.double:
        return { kind: 'raw', type, bytes: this.#take(8) };
      case TYPE.binary:
        return { kind: 'binary', bytes: this.#take(Number(this.#varint())) };
      case TYPE.list:
      case TYPE.set:
        return this.list();
      case TYPE.struct:
        return this.struct();
      default:
        throw new Error(`a value of type ${type} in a Parquet footer`);
    }
  }

  #byte(): number {
    return this.#take(1).readUInt8();
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('a Parquet footer ends in the middle');
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number in a Parquet footer has no end');
  }
}

function write(value: Value, put: (chunk: Buffer) => void): void {
  switch (value.kind) {
    case 'struct': {
      let before = 0;
      for (const [number, field] of value.fields) {
        const step = number - before;
        const type = typeOf(field);
        if (step > 0 && step < 16) put(Buffer.of((step << 4) | type));
        else put(Buffer.concat([Buffer.of(type), varint(zigzag(BigInt(number)))]));
        if (field.kind !== 'boolean') write(field, put);
        before = number;
      }
      put(Buffer.of(0));
      break;
    }
    case 'list': {
      const { length } = value.items;
      put(Buffer.of((Math.min(length, 15) << 4) | value.type));
      if (length >= 15) put(varint(BigInt(length)));
      for (const item of value.items) write(item, put);
      break;
    }
    case 'integer':
      put(varint(zigzag(value.value)));
      break;
    case 'binary':
      put(varint(BigInt(value.bytes.length)));
      put(value.bytes);
      break;
    case 'raw':
      put(value.bytes);
      break;
    case 'boolean':
      throw new Error('a boolean is written with its field');
  }
}

function typeOf(value: Value): number {
  switch (value.kind) {
    case 'struct':
      return TYPE.struct;
    case 'list':
      return TYPE.list;
    case 'binary':
      return TYPE.binary;
    case 'boolean':
      return value.value ? TYPE.true : TYPE.false;
    case 'integer':
    case 'raw':
      return value.type;
  }
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

/** 64 bits with their sign at the end, so that small numbers are short: 0, -1, 1, -2 become 0, 1, 2, 3. */
function zigzag(value: bigint): bigint {
  return BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
}

function unzigzag(value: bigint): bigint {
  return (value >> 1n) ^ -(value & 1n);
}
