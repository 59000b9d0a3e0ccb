/**
 * A disk in memory that forgets, fails and fills up as real ones do, the same way for the same seed.
 *
 * Every file and directory has two states: what programs see (the cache) and what would still be there after a power
 * cut (the platter). `sync` carries the bytes of a file over, `syncDirectory` the names of a directory; neither does the
 * other's work. Of what was not carried over, `powerCut` keeps a random part: any of the changed sectors, in no order, a
 * file length anywhere between the old and the new one with zeros where no sector came along, any of the changes of
 * names. `kill` ends the program alone and keeps the cache.
 *
 * A test decides what befalls each operation by a function (`Fate`).
 */
import * as path from 'node:path';
import type { Disk, DiskFile } from '../../src/platform/disk.js';
import type { Random } from './random.js';

export interface Operation {
  readonly kind:
    | 'open'
    | 'write'
    | 'read'
    | 'sync'
    | 'truncate'
    | 'close'
    | 'list'
    | 'size'
    | 'rename'
    | 'remove'
    | 'syncDirectory'
    | 'space';
  readonly path: string;
  /** Counts the operations of this disk, from 0. */
  readonly index: number;
}

/**
 * - `EIO`, `ENOSPC`: the call fails. A write may have put in some of its bytes; a failed sync carries some sectors over
 *   and takes the others for clean, as Linux does: no later sync carries them over.
 * - `short`: a write puts in some of its bytes and returns how many.
 * - `lie`: the call reports success; a sync carries nothing over, a write puts in some of its bytes.
 */
export type Outcome = 'done' | 'EIO' | 'ENOSPC' | 'short' | 'lie';

/** A promise holds the operation back until it resolves; one that never does is the moment before a crash. */
export type Fate = (operation: Operation) => Outcome | Promise<Outcome>;

const SECTOR_BYTES = 512;

export class SimulatedDisk implements Disk {
  fate: Fate = () => 'done';
  freeBytes = 1e12;
  openFiles = 0;
  /** What no program may do, and this one did: writing or syncing a file again after that failed. */
  readonly violations: string[] = [];
  readonly #random: Random;
  #directories = new Map<string, Directory>();
  #operations = 0;
  #isOff = false;

  constructor(random: Random) {
    this.#random = random;
  }

  /** How many operations were begun. */
  get operations(): number {
    return this.#operations;
  }

  /** The program is gone, the machine stays up: the disk as the next program finds it. This one never answers again. */
  kill(): SimulatedDisk {
    return this.#next((directory) => directory);
  }

  /** The machine is gone: what it finds when it is back. This disk never answers again. */
  powerCut(): SimulatedDisk {
    const survivors = new Map<SimulatedFile, SimulatedFile>();
    const survivor = (file: SimulatedFile) => {
      const known = survivors.get(file) ?? file.afterPowerCut(this.#random);
      survivors.set(file, known);
      return known;
    };
    return this.#next((directory) => directory.afterPowerCut(this.#random, survivor));
  }

  #next(survive: (directory: Directory) => Directory): SimulatedDisk {
    this.#isOff = true;
    const next = new SimulatedDisk(this.#random);
    next.freeBytes = this.freeBytes;
    next.#directories = new Map([...this.#directories].map(([name, directory]) => [name, survive(directory)]));
    for (const directory of next.#directories.values()) {
      for (const file of directory.names.values()) file.hasFailed = false;
    }
    return next;
  }

  /** For tests: the bytes that programs see. */
  content(file: string): Buffer {
    return Buffer.from(this.#find(file).cache);
  }

  /** For tests: puts a file in place, durable. */
  place(file: string, content: Buffer): void {
    const placed = new SimulatedFile();
    placed.cache = Buffer.from(content);
    placed.platter = Buffer.from(content);
    const directory = this.#directory(file);
    directory.change([[path.basename(file), placed]]);
    directory.sync();
  }

  /** For tests: names in a directory, sorted. */
  names(directory: string): string[] {
    return [...(this.#directories.get(directory)?.names.keys() ?? [])].sort();
  }

  async open(file: string, mode: 'create' | 'read' | 'modify'): Promise<DiskFile> {
    await this.#befall('open', file);
    if (mode === 'create') {
      const directory = this.#directory(file);
      if (directory.names.has(path.basename(file))) throw failure('EEXIST', file);
      directory.change([[path.basename(file), new SimulatedFile()]]);
    }
    return this.#handle(file, this.#find(file));
  }

  /** Durable at once, as the interface promises. */
  async makeDirectory(directory: string): Promise<void> {
    if (!this.#directories.has(directory)) this.#directories.set(directory, new Directory());
  }

  async list(directory: string): Promise<{ name: string; isFile: boolean }[]> {
    await this.#befall('list', directory);
    return this.names(directory).map((name) => ({ name, isFile: true }));
  }

  async size(file: string): Promise<number> {
    await this.#befall('size', file);
    return this.#find(file).cache.length;
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#befall('rename', from);
    this.#directory(from).change([
      [path.basename(from), null],
      [path.basename(to), this.#find(from)],
    ]);
  }

  async remove(file: string): Promise<void> {
    await this.#befall('remove', file);
    this.#find(file);
    this.#directory(file).change([[path.basename(file), null]]);
  }

  async syncDirectory(directory: string): Promise<void> {
    if ((await this.#befall('syncDirectory', directory)) !== 'lie') this.#directories.get(directory)?.sync();
  }

  async space(directory: string): Promise<{ freeBytes: number; totalBytes: number }> {
    await this.#befall('space', directory);
    return { freeBytes: this.freeBytes, totalBytes: 1e12 };
  }

  #handle(name: string, file: SimulatedFile): DiskFile {
    this.openFiles++;
    const random = this.#random;
    const befall = (kind: Operation['kind'], fail?: (code: string) => void) => this.#befall(kind, name, fail);
    const refuseAfterFailure = (kind: string) => {
      if (file.hasFailed) this.violations.push(`${kind} of ${name} after a failed one`);
    };
    return {
      write: async (buffers, position) => {
        refuseAfterFailure('write');
        const bytes = Buffer.concat(buffers);
        const part = bytes.subarray(0, random.below(bytes.length));
        const outcome = await befall('write', (code) => {
          file.hasFailed = true;
          if (code === 'EIO') file.write(part, position);
        });
        file.hasFailed ||= outcome === 'short';
        file.write(outcome === 'done' ? bytes : part, position);
        return outcome === 'short' ? part.length : bytes.length;
      },
      read: async (target, position) => {
        await befall('read');
        return file.cache.copy(target, 0, position);
      },
      sync: async () => {
        refuseAfterFailure('sync');
        const outcome = await befall('sync', () => {
          file.hasFailed = true;
          file.failSync(random);
        });
        if (outcome === 'done') file.sync();
      },
      truncate: async (length) => {
        await befall('truncate');
        file.truncate(length);
      },
      close: async () => {
        this.openFiles--;
        await befall('close');
      },
    };
  }

  /** Waits for the operation's fate; throws its error, after `fail` has done what the failed call did all the same. */
  async #befall(kind: Operation['kind'], file: string, fail?: (code: string) => void): Promise<Outcome> {
    const outcome = this.#isOff ? 'done' : await this.fate({ kind, path: file, index: this.#operations++ });
    if (this.#isOff) return new Promise(() => {});
    if (outcome !== 'EIO' && outcome !== 'ENOSPC') return outcome;
    fail?.(outcome);
    throw failure(outcome, file);
  }

  #directory(file: string): Directory {
    const directory = this.#directories.get(path.dirname(file));
    if (directory === undefined) throw failure('ENOENT', path.dirname(file));
    return directory;
  }

  #find(file: string): SimulatedFile {
    const found = this.#directory(file).names.get(path.basename(file));
    if (found === undefined) throw failure('ENOENT', file);
    return found;
  }
}

class SimulatedFile {
  cache: Buffer = Buffer.alloc(0);
  platter: Buffer = Buffer.alloc(0);
  hasFailed = false;
  /** Sectors that the next sync carries over. */
  readonly #changed = new Set<number>();

  write(bytes: Buffer, position: number): void {
    if (bytes.length === 0) return;
    this.cache = resized(this.cache, Math.max(this.cache.length, position + bytes.length));
    bytes.copy(this.cache, position);
    const last = Math.floor((position + bytes.length - 1) / SECTOR_BYTES);
    for (let sector = Math.floor(position / SECTOR_BYTES); sector <= last; sector++) this.#changed.add(sector);
  }

  truncate(length: number): void {
    this.cache = resized(this.cache, length);
    for (const sector of this.#changed) if (sector * SECTOR_BYTES >= length) this.#changed.delete(sector);
  }

  sync(): void {
    this.#carryOver(this.cache.length, () => true);
  }

  failSync(random: Random): void {
    this.#carryOver(random.pick([this.platter.length, this.cache.length]), () => random.chance(0.5));
  }

  afterPowerCut(random: Random): SimulatedFile {
    const keep = random.pick([0, 0.5, 1]);
    const lengths = [this.platter.length, this.cache.length] as const;
    const length = random.pick([...lengths, random.between(Math.min(...lengths), Math.max(...lengths))]);
    this.#carryOver(length, () => random.chance(keep));
    const survivor = new SimulatedFile();
    survivor.platter = this.platter;
    survivor.cache = Buffer.from(this.platter);
    return survivor;
  }

  #carryOver(length: number, isCarried: () => boolean): void {
    this.platter = resized(this.platter, length);
    for (const sector of this.#changed) {
      const at = sector * SECTOR_BYTES;
      if (isCarried()) this.cache.copy(this.platter, at, at, at + SECTOR_BYTES);
    }
    this.#changed.clear();
  }
}

/** Names that one operation changed together; null takes a name away. */
type NameChange = readonly (readonly [name: string, file: SimulatedFile | null])[];

class Directory {
  readonly names = new Map<string, SimulatedFile>();
  #platter = new Map<string, SimulatedFile>();
  #changes: NameChange[] = [];

  change(change: NameChange): void {
    apply(change, this.names);
    this.#changes.push(change);
  }

  sync(): void {
    this.#platter = new Map(this.names);
    this.#changes = [];
  }

  afterPowerCut(random: Random, survivor: (file: SimulatedFile) => SimulatedFile): Directory {
    const after = new Directory();
    for (const change of this.#changes) if (random.chance(0.5)) apply(change, this.#platter);
    for (const [name, file] of this.#platter) after.names.set(name, survivor(file));
    after.sync();
    return after;
  }
}

function apply(change: NameChange, names: Map<string, SimulatedFile>): void {
  for (const [name, file] of change) {
    if (file === null) names.delete(name);
    else names.set(name, file);
  }
}

/** A copy of that length, with zeros where there was nothing. */
function resized(bytes: Buffer, length: number): Buffer {
  const copy = Buffer.alloc(length);
  bytes.copy(copy);
  return copy;
}

function failure(code: string, file: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${file}`), { code });
}
