/**
 * What is known of exports, for those who ask later: one file for each, which every worker can read, and which is there after
 * a restart.
 *
 *   {"task":{…}}                                              what the file is made of
 *   {"leg":"5f0c22aa","begin":0}                              from here on it was written by one answer
 *   {"leg":"5f0c22aa","bytes":4194304,"logs":5120,…}          so far it was written: it can be continued from here
 *   {"leg":"5f0c22aa","bytes":4200000,…,"isEnd":true}         and this is all
 *
 * When a file is continued, the answer that wrote it before may not know yet that nobody listens: only the newest leg counts,
 * and of the ones before it what stands before its beginning. Each line begins behind a newline of its own, so that one
 * that was torn by a crash spoils no other. Nothing here is promised to anyone: lines are not synced.
 */
import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as z from 'zod';
import type { Clock } from '../../platform/clock.js';
import { ignoreMissing } from '../../platform/disk.js';
import { parsePlace, printPlace } from '../log-place.js';
import { EXPORT_TASK, type ExportTask } from './task.js';

/** A record is kept for so long behind its last line, and so many at most. */
const AGE_MS_MAX = 24 * 3600 * 1000;
const RECORDS_MAX = 1000;

const CHECKPOINT = z.object({
  leg: z.string(),
  /** Offset in the file, and the logs before it. */
  bytes: z.int().min(0),
  logs: z.int().min(0),
  /** Of the bytes from offset `from` on. */
  sha256: z.string(),
  from: z.int().min(0),
  place: z
    .string()
    .refine((text) => parsePlace(text) !== null)
    .transform(parsePlace)
    .nullable(),
  rowGroup: z.string().nullable(),
  isEnd: z.boolean().default(false),
});
const LINE = z.union([
  z.object({ task: EXPORT_TASK }),
  CHECKPOINT,
  z.object({ leg: z.string(), begin: z.int().min(0) }),
]);

export type Checkpoint = Omit<z.infer<typeof CHECKPOINT>, 'leg'>;

export interface ExportRecord {
  readonly task: ExportTask;
  /** With growing `bytes`; the first is the beginning of the file. */
  readonly checkpoints: readonly Checkpoint[];
}

export class ExportRecords {
  readonly #directory: string;
  readonly #clock: Clock;

  constructor(directory: string, clock: Clock) {
    this.#directory = directory;
    this.#clock = clock;
  }

  /** Returns the id of a new export. */
  async create(task: ExportTask): Promise<string> {
    await fs.mkdir(this.#directory, { recursive: true, mode: 0o700 });
    await this.#sweep();
    const id = randomBytes(12).toString('hex');
    await fs.writeFile(this.#file(id), JSON.stringify({ task }), { flag: 'wx', mode: 0o600 });
    return id;
  }

  /** Null for an id that was never given or is forgotten. */
  async read(id: string): Promise<ExportRecord | null> {
    if (!/^[0-9a-f]{24}$/.test(id)) return null;
    const text = await fs.readFile(this.#file(id), 'utf8').catch(ignoreMissing);
    return text === undefined ? null : readRecord(text);
  }

  /** From offset `begin` on, the file is written anew; what is returned adds what was written. */
  async beginLeg(id: string, begin: number): Promise<(checkpoint: Checkpoint) => Promise<void>> {
    const leg = randomBytes(4).toString('hex');
    const append = (line: object) => fs.appendFile(this.#file(id), `\n${JSON.stringify(line)}`);
    await append({ leg, begin });
    return ({ place, ...others }) => append({ leg, ...others, place: place && printPlace(place) });
  }

  async #sweep(): Promise<void> {
    const files = await Promise.all(
      (await fs.readdir(this.#directory)).map(async (name) => {
        const file = path.join(this.#directory, name);
        // Another worker may sweep as well.
        const stat = await fs.stat(file).catch(ignoreMissing);
        return { file, changedMs: stat?.mtimeMs ?? 0 };
      }),
    );
    const oldestMs = this.#clock.wallMs() - AGE_MS_MAX;
    const newestFirst = files.toSorted((a, b) => b.changedMs - a.changedMs);
    const old = newestFirst.filter(({ changedMs }, i) => changedMs < oldestMs || i >= RECORDS_MAX - 1);
    await Promise.all(old.map(({ file }) => fs.unlink(file).catch(ignoreMissing)));
  }

  #file(id: string): string {
    return path.join(this.#directory, `${id}.ndjson`);
  }
}

/** Of an export that has written nothing yet. */
export function beginning(task: ExportTask): ExportRecord {
  return { task, checkpoints: [START] };
}

/** Null for a file that does not begin as a record does. */
export function readRecord(text: string): ExportRecord | null {
  let task: ExportTask | null = null;
  let leg = '';
  let checkpoints: Checkpoint[] = [START];
  for (const line of text.split('\n')) {
    const read = LINE.safeParse(parse(line));
    if (!read.success) continue;
    const { data } = read;
    if ('task' in data) {
      task ??= data.task;
    } else if ('begin' in data) {
      leg = data.leg;
      checkpoints = checkpoints.filter(({ bytes }) => bytes <= data.begin);
    } else if (data.leg === leg) {
      checkpoints.push(data);
    }
  }
  return task === null ? null : { task, checkpoints };
}

const START: Checkpoint = {
  bytes: 0,
  logs: 0,
  sha256: createHash('sha256').digest('hex'),
  from: 0,
  place: null,
  rowGroup: null,
  isEnd: false,
};

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
