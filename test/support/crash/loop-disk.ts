/**
 * A small disk of its own, in a file behind a loop device, whose power can be cut. Linux only; needs root.
 *
 * The cut is the file system's own shutdown without a last write to its journal: what was not synced is gone, as it is
 * with a real one. Against a disk that itself forgets what it said it had written, this proves nothing.
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';

export type FileSystem = 'ext4' | 'xfs';

/** What is missing on this machine for a LoopDisk, or null. */
export function missingForLoopDisk(): string | null {
  if (process.getuid?.() !== 0) return 'root, to mount a file system';
  const programs = ['mkfs.ext4', 'mount', 'umount', 'xfs_io', 'fsfreeze'];
  const absent = programs.filter((program) => spawnSync('which', [program]).status !== 0);
  if (absent.length > 0) return `${absent.join(', ')} (Debian: e2fsprogs, util-linux, xfsprogs)`;
  return spawnSync('losetup', ['--find']).status === 0 ? null : 'a free loop device';
}

export interface LoopDiskOptions {
  /** Where it is mounted; made if it is missing. */
  readonly directory: string;
  /** The file behind it, which must not be there yet. */
  readonly image: string;
  readonly fileSystem: FileSystem;
  readonly bytes: number;
}

export class LoopDisk {
  readonly directory: string;
  readonly #image: string;
  #isMounted = false;

  constructor({ directory, image, fileSystem, bytes }: LoopDiskOptions) {
    this.directory = directory;
    this.#image = image;
    fs.mkdirSync(directory, { recursive: true });
    fs.writeFileSync(image, '', { flag: 'wx' });
    fs.truncateSync(image, bytes);
    run(`mkfs.${fileSystem}`, ['-q', image]);
    this.mount();
  }

  mount(): void {
    run('mount', ['-o', 'loop', this.#image, this.directory]);
    this.#isMounted = true;
  }

  unmount(): void {
    if (this.#isMounted) run('umount', [this.directory]);
    this.#isMounted = false;
  }

  /** Everything is on it. */
  sync(): void {
    run('sync', ['-f', this.directory]);
  }

  /** From now on everything on it fails; `unmount` and `mount` make it work again, with what it has kept. */
  cutPower(): void {
    run('xfs_io', ['-x', '-c', 'shutdown', this.directory]);
  }

  /** Until `thaw` every write waits. */
  freeze(): void {
    run('fsfreeze', ['--freeze', this.directory]);
  }

  thaw(): void {
    run('fsfreeze', ['--unfreeze', this.directory]);
  }

  /** Nothing is left of it but the empty directory. */
  remove(): void {
    this.unmount();
    fs.rmSync(this.#image);
  }
}

function run(program: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stdout}${stderr}`);
}
