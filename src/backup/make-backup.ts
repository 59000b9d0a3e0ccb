/**
 * A backup of a service that may go on meanwhile: everything that was acknowledged before it began is in it. What goes first and
 * what last is the whole of it: docs/decisions/0008-online-backup.md
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { DirectoryInUse, lockDirectory } from '../platform/lock.js';
import { readVersion } from '../platform/version.js';
import { storeSocket } from '../supervisor/store-socket.js';
import { type AskStore, askStoreAt, withStore } from './ask-store.js';
import { CopiedTree, listFiles } from './copied-tree.js';
import { copySpools } from './copy-spool.js';
import { copyStore } from './copy-store.js';
import { countLogs } from './count-logs.js';
import { type BackupAbout, BackupRefused, writeManifest } from './manifest.js';

export interface BackupOptions {
  /** The data directory of a service, whether it runs or not. */
  readonly data: string;
  /** Made, or empty; not below `data`. */
  readonly target: string;
  readonly hasStore: boolean;
}

/** Beside the engine's and the spool's, which are copied first and their own way: what is of no use to another process. */
const NOT_COPIED = /^(store|spool|run|lock|.*\.new)$/;
/** Where the copied store is opened to be counted. */
const OPENED = 'opened.tmp';

/** Throws BackupRefused and what the disk and the store throw; then nothing of it is left. */
export async function makeBackup(options: BackupOptions): Promise<BackupAbout> {
  const { data, target } = options;
  await fs.access(path.join(data, 'spool')).catch((cause: unknown) => {
    throw new BackupRefused(`${data} is no data directory: it has no spool`, { cause });
  });
  await claimEmpty(target);
  // Whatever links lead there: the next backup would have this one in it, and the one after that both.
  if (`${await fs.realpath(target)}/`.startsWith(`${await fs.realpath(data)}/`)) {
    await fs.rmdir(target);
    throw new BackupRefused('the backup must not lie in the data directory');
  }
  try {
    return await whileStoreAnswers(options, (ask) => copyEverything(options, ask));
  } catch (error) {
    for (const name of await fs.readdir(target)) await fs.rm(path.join(target, name), { recursive: true });
    throw error;
  }
}

/** Makes `directory` if it is missing. Throws BackupRefused if there is anything in it. */
export async function claimEmpty(directory: string): Promise<void> {
  await fs.mkdir(directory, { recursive: true, mode: 0o700 });
  const [first] = await fs.readdir(directory);
  if (first !== undefined) throw new BackupRefused(`${directory} is not empty: there is ${first} in it`);
  await fs.chmod(directory, 0o700);
}

/** The running service's store; or the store itself, with the directory locked, where no service runs. */
async function whileStoreAnswers<T>(
  { data, hasStore }: BackupOptions,
  work: (ask: AskStore | null) => Promise<T>,
): Promise<T> {
  try {
    const lock = await lockDirectory(data, 0);
    try {
      return hasStore ? await withStore(path.join(data, 'store'), work) : await work(null);
    } finally {
      lock.release();
    }
  } catch (error) {
    if (!(error instanceof DirectoryInUse)) throw error;
  }
  return work(hasStore ? askStoreAt(storeSocket(data)) : null);
}

async function copyEverything({ data, target }: BackupOptions, ask: AskStore | null): Promise<BackupAbout> {
  const beganAt = new Date().toISOString();
  const tree = new CopiedTree(target);
  await copySpools(data, tree);
  if (ask !== null) await copyStore(path.join(data, 'store'), ask, tree);
  await copyRest(data, tree);
  const about: BackupAbout = {
    v: 1,
    version: readVersion(),
    engine: ask && (await ask('SELECT version()')).trim(),
    schema: ask && Number(await ask('SELECT max(number) FROM logboom.migrations')),
    beganAt,
    endedAt: new Date().toISOString(),
    stored: ask === null ? [] : await countCopied(target),
  };
  await writeManifest(tree, about);
  return about;
}

/** Catalog, consumer groups and keys, last: a logstore that is not in them would have no right to its logs. */
async function copyRest(data: string, tree: CopiedTree): Promise<void> {
  for (const entry of await fs.readdir(data, { withFileTypes: true })) {
    if (NOT_COPIED.test(entry.name)) continue;
    const files = entry.isFile() ? [''] : await listFiles(path.join(data, entry.name));
    for (const file of files) await tree.copy(path.join(data, entry.name, file), path.posix.join(entry.name, file));
  }
}

/** Opens what was copied, with an engine of its own, and counts it: a copy that no engine opens is no backup. */
async function countCopied(target: string): Promise<BackupAbout['stored']> {
  const opened = path.join(target, OPENED);
  try {
    for (const file of await listFiles(path.join(target, 'store'))) await link(target, file, opened);
    return await withStore(opened, countLogs);
  } finally {
    await fs.rm(opened, { recursive: true, force: true });
  }
}

/** The engine never writes to a file that is there; it makes new ones. */
async function link(target: string, file: string, opened: string): Promise<void> {
  const to = path.join(opened, file);
  await fs.mkdir(path.dirname(to), { recursive: true });
  const from = path.join(target, 'store', file);
  // Some file systems know no hard links.
  await fs.link(from, to).catch(() => fs.copyFile(from, to));
}
