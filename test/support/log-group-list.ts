/** Decodes a LogGroupList: written from the schema of SLS, and not from what encodes it. */
import type { LogGroup } from './protobuf.js';

interface Field {
  readonly number: number;
  /** Of a varint or a fixed32. */
  readonly value: number;
  /** Of bytes. */
  readonly bytes: Buffer;
}

export interface ReadGroup extends LogGroup {
  readonly topic: string;
  readonly source: string;
  readonly tags: Readonly<Record<string, string>>;
}

export function decodeLogGroupList(bytes: Buffer): ReadGroup[] {
  return fields(bytes).map(({ bytes: group }) => {
    const all = fields(group);
    const text = (number: number) => all.find((field) => field.number === number)?.bytes.toString() ?? '';
    return {
      logs: all.filter(({ number }) => number === 1).map(({ bytes: log }) => decodeLog(log)),
      topic: text(3),
      source: text(4),
      tags: pairs(all.filter(({ number }) => number === 6)),
    };
  });
}

function decodeLog(bytes: Buffer) {
  const all = fields(bytes);
  const nanoseconds = all.find(({ number }) => number === 4)?.value;
  return {
    time: all.find(({ number }) => number === 1)?.value ?? 0,
    contents: pairs(all.filter(({ number }) => number === 2)),
    ...(nanoseconds === undefined ? {} : { nanoseconds }),
  };
}

function pairs(messages: readonly Field[]): Record<string, string> {
  return Object.fromEntries(
    messages.map(({ bytes }) => {
      const [key, value] = fields(bytes);
      return [String(key?.bytes), String(value?.bytes)];
    }),
  );
}

function fields(message: Buffer): Field[] {
  const found: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let place = 1; ; place *= 128) {
      const byte = message.readUInt8(at++);
      value += (byte % 128) * place;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    if (tag % 8 === 0) {
      found.push({ number, value: varint(), bytes: Buffer.alloc(0) });
    } else if (tag % 8 === 5) {
      found.push({ number, value: message.readUInt32LE(at), bytes: Buffer.alloc(0) });
      at += 4;
    } else {
      const length = varint();
      found.push({ number, value: 0, bytes: message.subarray(at, at + length) });
      at += length;
    }
  }
  return found;
}
