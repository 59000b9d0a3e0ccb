/**
 * A value of ours on stable storage: one line that checks itself (checked-line.ts), replaced as a whole. For what is small and
 * changes often: however many changes come while it is written, they are in the next one.
 */
import type * as z from 'zod';
import { frameLine, readLine } from '../model/checked-line.js';
import type { Log } from './diagnostics.js';

/** Where it is kept. */
export interface KeptPlace {
  /** Empty if there is nothing yet. */
  read(): Promise<Buffer>;
  /** Resolves when it is on stable storage. Not called again before. */
  write(bytes: Buffer): Promise<void>;
  /** Puts aside what cannot be read, and resolves to where it is. */
  setAside(bytes: Buffer): Promise<string>;
}

export interface KeptValueOptions<T> {
  readonly place: KeptPlace;
  /** An object; what does not fit it counts as damaged. */
  readonly schema: z.ZodType<T>;
}

export class KeptValue<T extends object> {
  readonly #place: KeptPlace;
  readonly #schema: z.ZodType<T>;
  /** Writes under way, and the one that will begin behind it. */
  #writing: Promise<void> = Promise.resolve();
  #queued: Promise<void> | null = null;

  constructor({ place, schema }: KeptValueOptions<T>) {
    this.#place = place;
    this.#schema = schema;
  }

  /** Undefined if there is none. One that is damaged is kept aside, and counts as none. */
  async read(log: Log): Promise<T | undefined> {
    const bytes = await this.#place.read();
    if (bytes.length === 0) return undefined;
    const value = this.#decode(bytes);
    if (value !== undefined) return value;
    const aside = await this.#place.setAside(bytes);
    log.error({ aside }, 'something that was saved cannot be read; what was there is kept aside');
    return undefined;
  }

  /** Resolves when what `value` says when the write begins is on stable storage. */
  save(value: () => T): Promise<void> {
    this.#queued ??= this.#writing.then(async () => {
      this.#queued = null;
      const write = this.#place.write(encode(value()));
      this.#writing = write.catch(() => undefined);
      await write;
    });
    return this.#queued;
  }

  /** Resolves when nothing is being written. */
  async close(): Promise<void> {
    await this.#queued?.catch(() => undefined);
    await this.#writing;
  }

  #decode(bytes: Buffer): T | undefined {
    const line = readLine(bytes, 0);
    if (line.kind !== 'line') return undefined;
    try {
      return this.#schema.safeParse(JSON.parse(`{${line.rest.toString('utf8')}`)).data;
    } catch {
      return undefined;
    }
  }
}

function encode(value: object): Buffer {
  return frameLine(Buffer.from(`${JSON.stringify(value).slice(1)}\n`));
}
