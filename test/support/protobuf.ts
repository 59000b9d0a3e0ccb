/** Encodes log groups as SLS's protobuf schema has them, and anything else that a test wants to put into one. */
export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/** A field of bytes: a string or a message. */
export function field(number: number, content: string | Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + 2), varint(Buffer.byteLength(content)), Buffer.from(content)]);
}

export function fixed32(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return Buffer.concat([varint(number * 8 + 5), bytes]);
}

/** A LogContent or a LogTag. */
export function pair(key: string | Buffer, value: string | Buffer): Buffer {
  return Buffer.concat([field(1, key), field(2, value)]);
}

/** The Time of a log, in Unix seconds. */
export function time(seconds: number): Buffer {
  return Buffer.concat([varint(8), varint(seconds)]);
}

export interface LogGroup {
  readonly logs: readonly {
    readonly time: number;
    readonly nanoseconds?: number;
    readonly contents: Readonly<Record<string, string>>;
  }[];
  readonly topic?: string;
  readonly source?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export function encodeLogGroup({ logs, topic, source, tags = {} }: LogGroup): Buffer {
  return Buffer.concat([
    ...logs.map((log) =>
      field(
        1,
        Buffer.concat([
          time(log.time),
          ...Object.entries(log.contents).map(([key, value]) => field(2, pair(key, value))),
          ...(log.nanoseconds === undefined ? [] : [fixed32(4, log.nanoseconds)]),
        ]),
      ),
    ),
    ...(topic === undefined ? [] : [field(3, topic)]),
    ...(source === undefined ? [] : [field(4, source)]),
    ...Object.entries(tags).map(([key, value]) => field(6, pair(key, value))),
  ]);
}
