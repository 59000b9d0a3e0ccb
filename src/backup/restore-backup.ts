/** Makes a data directory of a backup: checks every byte on the way, and counts the logs of the store at the end. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { forgetRuns } from '../catalog/node-file.js';
import { RESTORE_MARK } from '../model/data-directory.js';
import { systemClock } from '../platform/clock.js';
import { realDisk } from '../platform/disk.js';
import { lockDirectory } from '../platform/lock.js';
import { renewSpool } from '../spool/renew.js';
import { withStore } from './ask-store.js';
import { CopiedTree, hashFile } from './copied-tree.js';
import { countLogs, findMissing } from './count-logs.js';
import { claimEmpty } from './make-backup.js';
import { ABOUT, type BackupAbout, BackupRefused, readManifest } from './manifest.js';
import { checkNames, checkSum } from './verify-backup.js';

export interface RestoreOptions {
  readonly backup: string;
  /** Made, or empty. */
  readonly data: string;
}

/** Throws BackupRefused and what the disk throws. A directory that was left half restored is one that no service starts on. */
export async function restoreBackup({ backup, data }: RestoreOptions): Promise<BackupAbout> {
  const manifest = await readManifest(backup);
  await checkNames(backup, manifest);
  await claimEmpty(data);
  const lock = await lockDirectory(data, 0);
  try {
    const tree = new CopiedTree(data);
    const mark = path.join(data, RESTORE_MARK);
    await fs.writeFile(mark, '');
    for (const [file, sha256] of manifest.sums) {
      if (file !== ABOUT) await tree.copy(path.join(backup, file), file);
      const copied = file === ABOUT ? await hashFile(path.join(backup, file)) : tree.files.get(file);
      checkSum(file, sha256, copied?.sha256 ?? 'none');
    }
    await renewSpools(data);
    if (manifest.sums.has('node.json')) await forgetRuns(realDisk, data);
    if (manifest.about.schema !== null) await checkCounts(path.join(data, 'store'), manifest.about);
    await tree.sync();
    await fs.unlink(mark);
    await realDisk.syncDirectory(data);
    return manifest.about;
  } finally {
    lock.release();
  }
}

async function renewSpools(data: string): Promise<void> {
  const spools = path.join(data, 'spool');
  await fs.mkdir(spools, { recursive: true, mode: 0o700 });
  for (const name of await fs.readdir(spools)) {
    await renewSpool({ directory: path.join(spools, name), shard: Number(name), disk: realDisk, clock: systemClock });
  }
}

async function checkCounts(store: string, { stored }: BackupAbout): Promise<void> {
  const missing = findMissing(stored, await withStore(store, countLogs), Date.now());
  if (missing !== null) throw new BackupRefused(`the restored store is not whole: ${missing}`);
}
