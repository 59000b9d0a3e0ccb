/** A small disk in memory. When it is full, a write that fits in part succeeds in part. Linux only; needs root. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';

/** What is missing on this machine for a MemoryDisk, or null. */
export function missingForMemoryDisk(): string | null {
  return process.platform === 'linux' && process.getuid?.() === 0 ? null : 'Linux and root, to mount a file system';
}

export class MemoryDisk {
  readonly directory: string;

  /** Mounted at `directory`, which is made if it is missing. */
  constructor({ directory, bytes }: { readonly directory: string; readonly bytes: number }) {
    this.directory = directory;
    fs.mkdirSync(directory, { recursive: true });
    const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=700`, 'tmpfs', directory]);
    if (status !== 0) throw new Error(`mount: ${stderr}`);
  }

  remove(): void {
    spawnSync('umount', [this.directory]);
  }
}
