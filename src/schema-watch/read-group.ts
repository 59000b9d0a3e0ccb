/** A log group, as it went to the spool, read again to look at its fields. */
import type { CanonicalBody } from '../model/log-group.js';

export interface ReadGroup {
  /** Evenly out of all of its logs. */
  readonly logs: readonly (readonly Pair[])[];
  /** With the names that fields have: `__tag__:name`. */
  readonly tags: readonly Pair[];
}

export type Pair = readonly [key: string, value: string];

/** The text of a group's body: canonical JSON without its opening brace. */
export function textOfBody({ bytes, start, end }: CanonicalBody): Buffer {
  return Buffer.from(bytes.subarray(start, end));
}

/** Reads what `textOfBody` made. */
export function readGroup(text: Buffer, logsMax: number): ReadGroup {
  // Canonical: see CanonicalBody.
  const { __logs__: logs, __tags__: tags = {} } = JSON.parse(`{${text.toString('utf8')}`) as {
    readonly __logs__: readonly Readonly<Record<string, string>>[];
    readonly __tags__?: Readonly<Record<string, string>>;
  };
  const step = Math.max(1, logs.length / logsMax);
  const count = Math.min(logs.length, logsMax);
  return {
    logs: Array.from({ length: count }, (_, index) => Object.entries(logs[Math.floor(index * step)] ?? {})),
    tags: Object.entries(tags).map(([name, value]) => [`__tag__:${name}`, value] as const),
  };
}
