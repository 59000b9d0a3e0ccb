/** A file that keeps one value (kept-value.ts). */
import { crc32 } from 'node:zlib';
import { type Disk, readWhole, replaceFile } from './disk.js';
import type { KeptPlace } from './kept-value.js';

export function filePlace(disk: Disk, path: string): KeptPlace {
  return {
    read: () => readWhole(disk, path),
    write: (bytes) => replaceFile(disk, path, bytes),
    async setAside(bytes) {
      const aside = `${path}.damaged-${crc32(bytes).toString(16).padStart(8, '0')}`;
      await replaceFile(disk, aside, bytes);
      return aside;
    },
  };
}
