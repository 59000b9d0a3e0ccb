/** Whether a backup is as it was made: every file there, and no other, with the bytes it had. */
import * as path from 'node:path';
import { hashFile, listFiles } from './copied-tree.js';
import { BackupRefused, type Manifest, readManifest, SUMS } from './manifest.js';

/** Throws BackupRefused, which names the first file that is not as it was. */
export async function verifyBackup(backup: string): Promise<Manifest> {
  const manifest = await readManifest(backup);
  await checkNames(backup, manifest);
  for (const [file, sha256] of manifest.sums) {
    checkSum(file, sha256, (await hashFile(path.join(backup, file))).sha256);
  }
  return manifest;
}

export async function checkNames(backup: string, { sums }: Manifest): Promise<void> {
  const found = new Set(await listFiles(backup));
  for (const file of sums.keys()) {
    if (!found.has(file)) throw new BackupRefused(`${file} is missing`);
  }
  for (const file of found) {
    if (!sums.has(file) && file !== SUMS) throw new BackupRefused(`${file} does not belong to the backup`);
  }
}

export function checkSum(file: string, expected: string, found: string): void {
  if (expected !== found) {
    throw new BackupRefused(`${file} is damaged: its SHA-256 is ${found}, and the backup says ${expected}`);
  }
}
