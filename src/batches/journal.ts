/**
 * Identities of batches on disk, beside the spools: `<data>/batches/000000000001.ndjson` and so on. A line checks itself
 * (checked-line.ts) and has some of them, each as receive time in Unix milliseconds, logstore id and name:
 *
 *   "v":1,"batches":[[1795046385123,12,"9f3a01c7-…"],…]}\n
 *
 * A file is written by one process, for an hour or up to so many identities, and deleted when none of it counts any more:
 * nothing is ever written anew.
 */
import * as path from 'node:path';
import * as z from 'zod';
import type { StoredBatch } from '../model/batch.js';
import { FRAME_BYTES, frameLine, readLine } from '../model/checked-line.js';
import type { Clock } from '../platform/clock.js';
import type { Log } from '../platform/diagnostics.js';
import { type Disk, type DiskFile, ignoreMissing, readWhole } from '../platform/disk.js';

export interface JournalOptions {
  /** The data directory. */
  readonly dir: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Log;
}

/** What is read of a file, and what it holds. */
interface JournalFile {
  readonly path: string;
  count: number;
  newestMs: number;
}

interface Writing {
  readonly handle: DiskFile;
  length: number;
  readonly openedMs: number;
  readonly file: JournalFile;
}

const NAME = /^(\d{12})\.ndjson$/;
const FILE_COUNT_MAX = 65_536;
const FILE_MS_MAX = 3600 * 1000;
/** Some 100 bytes each: a line stays far below its limit. */
const LINE_COUNT_MAX = 10_000;

export class BatchJournal {
  readonly #options: JournalOptions;
  readonly #directory: string;
  /** Oldest first; the last one may be the one being written. */
  readonly #files: JournalFile[] = [];
  #nextNumber = 1;
  /** Null until something is to be written, and after a failure: no file is written again then. */
  #active: Writing | null = null;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#directory = path.join(options.dir, 'batches');
  }

  /** Gives what the files have, oldest first. Damage is logged, and what is behind it is read. */
  async open(take: (batches: readonly StoredBatch[]) => void): Promise<void> {
    const { disk, log } = this.#options;
    await disk.makeDirectory(this.#directory);
    const names = (await disk.list(this.#directory)).map(({ name }) => name).filter((name) => NAME.test(name));
    for (const name of names.sort()) {
      const file: JournalFile = { path: path.join(this.#directory, name), count: 0, newestMs: 0 };
      this.#nextNumber = Math.max(this.#nextNumber, Number(NAME.exec(name)?.[1]) + 1);
      this.#files.push(file);
      // What a process wrote that was killed may be in the cache alone; it must not be gone after a power cut.
      await syncFile(disk, file.path);
      for (const line of readLines(await readWhole(disk, file.path))) {
        if (line === null) {
          log.error({ file: file.path }, 'identities of batches cannot be read; such batches may be stored twice');
          continue;
        }
        count(file, line);
        take(line);
      }
    }
  }

  /** Resolves when they are on stable storage. After a failure they may be or not; they can be given again. */
  async append(batches: readonly StoredBatch[]): Promise<void> {
    for (let from = 0; from < batches.length; from += LINE_COUNT_MAX) {
      await this.#appendLine(batches.slice(from, from + LINE_COUNT_MAX));
    }
  }

  /** Deletes the files whose identities are all older than `sinceMs`, or not among the newest `countMax`. */
  async forget(sinceMs: number, countMax: number): Promise<void> {
    let newer = 0;
    for (const file of this.#files.toReversed()) {
      const isNeeded = file === this.#active?.file || (file.newestMs > sinceMs && newer < countMax);
      newer += file.count;
      if (isNeeded) continue;
      await this.#options.disk.remove(file.path).catch(ignoreMissing);
      this.#files.splice(this.#files.indexOf(file), 1);
    }
  }

  async close(): Promise<void> {
    await this.#active?.handle.close();
    this.#active = null;
  }

  async #appendLine(batches: readonly StoredBatch[]): Promise<void> {
    const active = await this.#writable();
    this.#active = null;
    const rows = batches.map(({ timeMs, logstoreId, batch }) => [timeMs, logstoreId, batch]);
    const line = frameLine(Buffer.from(`"v":1,"batches":${JSON.stringify(rows)}}\n`));
    count(active.file, batches);
    try {
      const written = await active.handle.write([line], active.length);
      if (written !== line.length)
        throw Object.assign(new Error(`short write to ${active.file.path}`), { code: 'ENOSPC' });
      await active.handle.sync();
    } catch (error) {
      await active.handle.close().catch(() => {});
      throw error;
    }
    active.length += line.length;
    this.#active = active;
  }

  /** The file being written, or a new one where that is full. */
  async #writable(): Promise<Writing> {
    const { disk, clock } = this.#options;
    const active = this.#active;
    const isFull =
      active === null || active.file.count >= FILE_COUNT_MAX || clock.monotonicMs() - active.openedMs >= FILE_MS_MAX;
    if (active !== null && !isFull) return active;
    await this.close();
    const name = `${String(this.#nextNumber++).padStart(12, '0')}.ndjson`;
    const file: JournalFile = { path: path.join(this.#directory, name), count: 0, newestMs: 0 };
    const handle = await disk.open(file.path, 'create');
    this.#files.push(file);
    try {
      await disk.syncDirectory(this.#directory);
    } catch (error) {
      await handle.close().catch(() => {});
      throw error;
    }
    return { handle, length: 0, openedMs: clock.monotonicMs(), file };
  }
}

function count(file: JournalFile, batches: readonly StoredBatch[]): void {
  file.count += batches.length;
  for (const { timeMs } of batches) file.newestMs = Math.max(file.newestMs, timeMs);
}

async function syncFile(disk: Disk, file: string): Promise<void> {
  const handle = await disk.open(file, 'modify');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const NEWLINE = 0x0a;

const lineSchema = z.object({
  v: z.literal(1),
  batches: z.array(z.tuple([z.number(), z.int(), z.string()])),
});

/** What each line has; null for one that cannot be read. What a crash has torn at the end was never confirmed. */
function* readLines(bytes: Buffer): Generator<readonly StoredBatch[] | null> {
  let offset = 0;
  for (;;) {
    const line = readLine(bytes, offset);
    if (line.kind === 'end') return;
    if (line.kind === 'line') {
      yield decode(line.rest);
      offset = line.nextOffset;
      continue;
    }
    const newline = bytes.indexOf(NEWLINE, offset);
    if (newline === -1 || (line.kind === 'torn' && bytes.length - offset < FRAME_BYTES)) return;
    yield null;
    offset = newline + 1;
  }
}

function decode(rest: Buffer): readonly StoredBatch[] | null {
  // The checksum says that we wrote it, in this version or another.
  const line = lineSchema.safeParse(JSON.parse(`{${rest.toString()}`)).data;
  return line?.batches.map(([timeMs, logstoreId, batch]) => ({ timeMs, logstoreId, batch })) ?? null;
}
