/**
 * A directory that is being filled with copies, each hashed as it is written and on stable storage when it counts as copied.
 * Everything in it is for its owner alone: a copy of what holds secrets holds them too.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { ignoreMissing } from '../platform/disk.js';

export interface CopiedFile {
  readonly bytes: number;
  /** Lower-case hexadecimal digits. */
  readonly sha256: string;
}

const PIECE_BYTES = 1024 * 1024;

export class CopiedTree {
  readonly directory: string;
  /** By path below the directory, with `/` between names. */
  readonly files = new Map<string, CopiedFile>();
  readonly #directories = new Set<string>();

  constructor(directory: string) {
    this.directory = directory;
  }

  /**
   * Copies `from` as it is now: what is appended meanwhile is left out. False, and nothing is there, if `from` does not exist;
   * throws whatever else the disk throws.
   */
  async copy(from: string, to: string): Promise<boolean> {
    const source = await fs.open(from, 'r').catch(ignoreMissing);
    if (source === undefined) return false;
    try {
      const { size } = await source.stat();
      await this.#write(to, pieces(source, size));
      return true;
    } finally {
      await source.close();
    }
  }

  async write(to: string, content: string): Promise<void> {
    await this.#write(to, [Buffer.from(content)]);
  }

  /** Makes the names of all copies durable. */
  async sync(): Promise<void> {
    for (const directory of [...this.#directories, this.directory, path.dirname(this.directory)]) {
      const handle = await fs.open(directory, 'r');
      await handle.sync().finally(() => handle.close());
    }
  }

  async #write(to: string, content: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<void> {
    const file = path.join(this.directory, to);
    await this.#makeDirectory(path.dirname(file));
    const target = await fs.open(file, 'wx', 0o600);
    try {
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const piece of content) {
        hash.update(piece);
        await target.writeFile(piece);
        bytes += piece.length;
      }
      await target.sync();
      this.files.set(to, { bytes, sha256: hash.digest('hex') });
    } finally {
      await target.close();
    }
  }

  async #makeDirectory(directory: string): Promise<void> {
    if (this.#directories.has(directory)) return;
    await fs.mkdir(directory, { recursive: true, mode: 0o700 });
    for (let at = directory; at.startsWith(this.directory); at = path.dirname(at)) this.#directories.add(at);
  }
}

/** The first `size` bytes; fewer if the file is cut meanwhile. Each piece is valid until the next is asked for. */
async function* pieces(source: fs.FileHandle, size: number): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.min(PIECE_BYTES, size));
  for (let at = 0; at < size; ) {
    const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, size - at), at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

/** What a file that is there has, read again. */
export async function hashFile(file: string): Promise<CopiedFile> {
  const source = await fs.open(file, 'r');
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const piece of pieces(source, (await source.stat()).size)) {
      hash.update(piece);
      bytes += piece.length;
    }
    return { bytes, sha256: hash.digest('hex') };
  } finally {
    await source.close();
  }
}

/**
 * Paths of all regular files below `directory`, relative to it and with `/` between names, so many names at most. What vanishes
 * meanwhile counts as never there.
 */
export async function listFiles(directory: string, namesMax = Number.POSITIVE_INFINITY): Promise<string[]> {
  const files: string[] = [];
  for (const entry of (await fs.readdir(directory, { withFileTypes: true }).catch(ignoreMissing)) ?? []) {
    if (entry.isFile()) files.push(entry.name);
    if (!entry.isDirectory() || namesMax === 1) continue;
    const below = await listFiles(path.join(directory, entry.name), namesMax - 1);
    files.push(...below.map((file) => `${entry.name}/${file}`));
  }
  return files.sort();
}
