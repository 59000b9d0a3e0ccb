/**
 * The file system behind an interface small enough to replace in tests by one that forgets, lies and fills up.
 * All paths are absolute. Errors are Node's, with their `code`.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';

export interface DiskFile {
  /** Writes all buffers at `position`; returns how many bytes went in, which a full disk makes fewer than given. */
  write(buffers: readonly Buffer[], position: number): Promise<number>;
  /** Reads up to `target.length` bytes at `position`; returns how many there were. */
  read(target: Buffer, position: number): Promise<number>;
  /** fdatasync. After it failed once, the file must not be written or synced again: the kernel drops what it could not write. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

export interface Disk {
  /** `create` fails if the file exists; new files are readable by their owner alone. */
  open(file: string, mode: 'create' | 'read' | 'modify'): Promise<DiskFile>;
  /** Makes it and what is missing above it, durably. Whoever made them before may not have seen to that. */
  makeDirectory(directory: string): Promise<void>;
  list(directory: string): Promise<{ name: string; isFile: boolean }[]>;
  size(file: string): Promise<number>;
  rename(from: string, to: string): Promise<void>;
  remove(file: string): Promise<void>;
  /** Makes creations, renames and removals in `directory` durable. */
  syncDirectory(directory: string): Promise<void>;
  space(directory: string): Promise<{ freeBytes: number; totalBytes: number }>;
}

const FLAGS = { create: 'wx+', read: 'r', modify: 'r+' } as const;

/** The machine's own file system. */
export const realDisk: Disk = {
  async open(file, mode) {
    const fd = await call<number>((done) => fs.open(file, FLAGS[mode], 0o600, done));
    return {
      write: (buffers, position) => call((done) => fs.writev(fd, buffers, position, done)),
      read: (target, position) => call((done) => fs.read(fd, target, 0, target.length, position, done)),
      sync: () => call((done) => fs.fdatasync(fd, done)),
      truncate: (length) => call((done) => fs.ftruncate(fd, length, done)),
      close: () => call((done) => fs.close(fd, done)),
    };
  },
  async makeDirectory(directory) {
    await fs.promises.mkdir(directory, { recursive: true, mode: 0o700 });
    for (let child = directory; child !== path.dirname(child); child = path.dirname(child)) {
      await syncDirectory(path.dirname(child)).catch(ignoreForbidden);
    }
  },
  async list(directory) {
    const entries = await fs.promises.readdir(directory, { withFileTypes: true });
    return entries.map((entry) => ({ name: entry.name, isFile: entry.isFile() }));
  },
  async size(file) {
    return (await fs.promises.stat(file)).size;
  },
  rename: (from, to) => fs.promises.rename(from, to),
  remove: (file) => fs.promises.unlink(file),
  syncDirectory,
  async space(directory) {
    const { bavail, blocks, bsize } = await fs.promises.statfs(directory);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  },
};

async function syncDirectory(directory: string): Promise<void> {
  const handle = await fs.promises.open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Replaces `file` by `content` so that a crash leaves the old or the new one, whole. */
export async function replaceFile(disk: Disk, file: string, content: Buffer): Promise<void> {
  const temporary = `${file}.new`;
  await disk.remove(temporary).catch(ignoreMissing);
  const handle = await disk.open(temporary, 'create');
  try {
    const written = await handle.write([content], 0);
    if (written !== content.length) throw Object.assign(new Error(`short write to ${file}`), { code: 'ENOSPC' });
    await handle.sync();
  } finally {
    await handle.close();
  }
  await disk.rename(temporary, file);
  await disk.syncDirectory(path.dirname(file));
}

/** Empty if there is no such file. */
export async function readWhole(disk: Disk, file: string): Promise<Buffer> {
  let handle: DiskFile;
  try {
    handle = await disk.open(file, 'read');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
  try {
    const bytes = Buffer.alloc(await disk.size(file));
    for (let length = 0; length < bytes.length; ) {
      const read = await handle.read(bytes.subarray(length), length);
      if (read === 0) throw new Error(`${file} ended at byte ${length} of ${bytes.length}`);
      length += read;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

export function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/** What we may not open is not ours, and was there before us. */
function ignoreForbidden(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EACCES' && error.code !== 'EPERM') throw error;
}

function call<T>(start: (done: (error: NodeJS.ErrnoException | null, value?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    start((error, value) => (error ? reject(error) : resolve(value as T)));
  });
}
