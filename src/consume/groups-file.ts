/**
 * Consumer groups and their checkpoints on disk: `consumers.json` in the data directory, one line that checks itself
 * (checked-line.ts), replaced as a whole. A group has a checkpoint for each shard, and a checkpoint is one short text, so that
 * the file is small; and however many changes come while it is written, they are in the next one.
 */
import * as path from 'node:path';
import { crc32 } from 'node:zlib';
import * as z from 'zod';
import { frameLine, readLine } from '../model/checked-line.js';
import type { Log } from '../platform/diagnostics.js';
import { type Disk, readWhole, replaceFile } from '../platform/disk.js';
import type { Checkpoint, ConsumerGroup } from './consumer-groups.js';

export interface StoredGroup extends ConsumerGroup {
  readonly logstoreId: number;
  readonly checkpoints: readonly Checkpoint[];
}

const schema = z.object({
  v: z.literal(1),
  groups: z.array(
    z.object({
      logstoreId: z.int(),
      name: z.string(),
      timeout: z.number(),
      order: z.boolean(),
      checkpoints: z.array(
        z.object({ shard: z.int(), checkpoint: z.string(), updateTime: z.number(), consumer: z.string() }),
      ),
    }),
  ),
});

export class GroupsFile {
  readonly #disk: Disk;
  readonly #path: string;
  /** Writes under way, and the one that will begin behind it. */
  #writing: Promise<void> = Promise.resolve();
  #queued: Promise<void> | null = null;

  constructor(disk: Disk, dir: string) {
    this.#disk = disk;
    this.#path = path.join(dir, 'consumers.json');
  }

  /** Without a file there are no groups. One that is damaged is kept aside: consumers make their groups again. */
  async read(log: Log): Promise<readonly StoredGroup[]> {
    const bytes = await readWhole(this.#disk, this.#path);
    if (bytes.length === 0) return [];
    const groups = decode(bytes);
    if (groups !== undefined) return groups;
    const aside = `${this.#path}.damaged-${crc32(bytes).toString(16).padStart(8, '0')}`;
    await replaceFile(this.#disk, aside, bytes);
    log.error({ file: this.#path, aside }, 'the consumer groups cannot be read; what was there is kept aside');
    return [];
  }

  /** Resolves when what `groups` says when the write begins is on stable storage. */
  save(groups: () => readonly StoredGroup[]): Promise<void> {
    this.#queued ??= this.#writing.then(async () => {
      this.#queued = null;
      const write = replaceFile(this.#disk, this.#path, encode(groups()));
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
}

function encode(groups: readonly StoredGroup[]): Buffer {
  return frameLine(Buffer.from(`${JSON.stringify({ v: 1, groups }).slice(1)}\n`));
}

function decode(bytes: Buffer): readonly StoredGroup[] | undefined {
  const line = readLine(bytes, 0);
  if (line.kind !== 'line') return undefined;
  try {
    return schema.safeParse(JSON.parse(`{${line.rest.toString('utf8')}`)).data?.groups;
  } catch {
    return undefined;
  }
}
