/**
 * What a migration has done: a file that grows by a line for each hour that was copied and compared, so that it goes on where it was
 * ended, however that was. The first line says between what it goes on.
 */
import * as fs from 'node:fs/promises';
import * as z from 'zod';
import { ignoreMissing } from '../platform/disk.js';
import type { HourSum } from '../store/transfer.js';

const HEAD = z.strictObject({ v: z.literal(1), from: z.string(), to: z.string() });

/** Places as an operator would name them. */
export type Route = Omit<z.infer<typeof HEAD>, 'v'>;

const HOUR = z.strictObject({ logstoreId: z.int(), hour: z.int(), logs: z.int(), names: z.string(), sum: z.string() });

export class ProgressFile {
  readonly #file: fs.FileHandle;
  /** By logstore and hour. */
  readonly #hours: Map<string, HourSum>;

  private constructor(file: fs.FileHandle, hours: Map<string, HourSum>) {
    this.#file = file;
    this.#hours = hours;
  }

  /** The route of a migration that was begun; null if none was. */
  static async routeOf(path: string): Promise<Route | null> {
    const [head] = await readLines(path);
    if (head === undefined) return null;
    const { from, to } = HEAD.parse(JSON.parse(head));
    return { from, to };
  }

  /** Begins the file, or goes on with it. */
  static async open(path: string, route: Route): Promise<ProgressFile> {
    const [head, ...lines] = await readLines(path);
    // A kill in the middle of a line leaves its beginning; it is written over.
    const whole = [head ?? JSON.stringify({ v: 1, ...route }), ...lines].map((line) => `${line}\n`).join('');
    await fs.writeFile(`${path}.new`, whole, { mode: 0o600 });
    await fs.rename(`${path}.new`, path);
    const hours = lines.map((line) => HOUR.parse(JSON.parse(line)));
    return new ProgressFile(await fs.open(path, 'a'), new Map(hours.map((hour) => [keyOf(hour), hour])));
  }

  /** The hours that were found to be the same on both sides, as they were then. */
  hours(): Iterable<HourSum> {
    return this.#hours.values();
  }

  of(hour: Pick<HourSum, 'logstoreId' | 'hour'>): HourSum | undefined {
    return this.#hours.get(keyOf(hour));
  }

  /** An hour without logs is forgotten. */
  async note(hours: readonly HourSum[]): Promise<void> {
    if (hours.length === 0) return;
    for (const hour of hours) this.#hours.set(keyOf(hour), hour);
    await this.#file.appendFile(hours.map((hour) => `${JSON.stringify(hour)}\n`).join(''));
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

function keyOf({ logstoreId, hour }: Pick<HourSum, 'logstoreId' | 'hour'>): string {
  return `${logstoreId} ${hour}`;
}

/** Those that are whole. */
async function readLines(path: string): Promise<string[]> {
  const text = (await fs.readFile(path, 'utf8').catch(ignoreMissing)) ?? '';
  return text.split('\n').slice(0, -1);
}
