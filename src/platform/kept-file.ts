/**
 * A value of ours on disk: a file of one line that checks itself (checked-line.ts), replaced as a whole. For what is small
 * and changes often: however many changes come while it is written, they are in the next one.
 */
import { crc32 } from 'node:zlib';
import type * as z from 'zod';
import { frameLine, readLine } from '../model/checked-line.js';
import type { Log } from './diagnostics.js';
import { type Disk, readWhole, replaceFile } from './disk.js';

export interface KeptFileOptions<T> {
  readonly disk: Disk;
  readonly path: string;
  /** An object; what does not fit it counts as damaged. */
  readonly schema: z.ZodType<T>;
}

export class KeptFile<T extends object> {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #schema: z.ZodType<T>;
  /** Writes under way, and the one that will begin behind it. */
  #writing: Promise<void> = Promise.resolve();
  #queued: Promise<void> | null = null;

  constructor({ disk, path, schema }: KeptFileOptions<T>) {
    this.#disk = disk;
    this.#path = path;
    this.#schema = schema;
  }

  /** Undefined without a file. One that is damaged is kept aside, and counts as none. */
  async read(log: Log): Promise<T | undefined> {
    const bytes = await readWhole(this.#disk, this.#path);
    if (bytes.length === 0) return undefined;
    const value = this.#decode(bytes);
    if (value !== undefined) return value;
    const aside = `${this.#path}.damaged-${crc32(bytes).toString(16).padStart(8, '0')}`;
    await replaceFile(this.#disk, aside, bytes);
    log.error({ file: this.#path, aside }, 'the file cannot be read; what was there is kept aside');
    return undefined;
  }

  /** Resolves when what `value` says when the write begins is on stable storage. */
  save(value: () => T): Promise<void> {
    this.#queued ??= this.#writing.then(async () => {
      this.#queued = null;
      const write = replaceFile(this.#disk, this.#path, encode(value()));
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
