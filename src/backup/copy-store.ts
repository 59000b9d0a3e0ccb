/**
 * Copies the engine's files while it works. `FREEZE` makes hard links to all parts of a table that are there at one instant; parts
 * are never changed, so that the links can be copied at leisure. The copy is laid out as the engine's own directory is.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { quote, quoteName } from '../store/quote.js';
import type { AskStore } from './ask-store.js';
import { type CopiedTree, listFiles } from './copied-tree.js';

/** Letters that the engine does not write in another way where it makes file names of them. */
const FROZEN_NAME = /^logboom_backup_[0-9a-f]{16}$/;
/** `store/0a8/0a80d29a-…/logs.sql` */
const TABLE_FILE_NAMES = 4;
/** Copies under way: each waits for the disk most of the time. */
const COPIES_AT_ONCE = 4;

/** `directory` is the engine's own. */
export async function copyStore(directory: string, ask: AskStore, tree: CopiedTree): Promise<void> {
  const shadow = path.join(directory, 'shadow');
  await removeFrozen(shadow);
  const name = `logboom_backup_${randomBytes(8).toString('hex')}`;
  try {
    const tables = await ask(
      `SELECT name FROM system.tables WHERE database = 'logboom' AND engine LIKE '%MergeTree' ORDER BY name FORMAT TSVRaw`,
    );
    for (const table of tables.split('\n').filter(Boolean)) {
      await ask(`ALTER TABLE logboom.${quoteName(table)} FREEZE WITH NAME ${quote(name)}`);
    }
    const parts = await listFiles(path.join(shadow, name));
    // The list of migrations alone has some.
    if (parts.length === 0)
      throw new Error(`the store says that it has frozen its tables, and there is nothing in ${shadow}`);
    await copyAll(path.join(shadow, name), parts, tree);
    // Tables as they are now, which is after their parts: a part lacks a column that is newer, and need not know of it.
    await copyAll(directory, await listTableFiles(directory), tree);
  } finally {
    await removeFrozen(shadow);
  }
}

/** What says which tables there are, and what is still to be done to their parts (`mutation_7.txt`). */
async function listTableFiles(directory: string): Promise<string[]> {
  // Not down to the files of parts, which come and go.
  const files = await listFiles(directory, TABLE_FILE_NAMES);
  return files.filter((file) =>
    /^metadata\/[^/]+\.sql$|^store\/[0-9a-f]{3}\/[0-9a-f-]{36}\/[^/]+\.(sql|txt)$/.test(file),
  );
}

async function copyAll(from: string, files: readonly string[], tree: CopiedTree): Promise<void> {
  const left = [...files];
  const copyOn = async () => {
    for (let file = left.pop(); file !== undefined; file = left.pop()) {
      await tree.copy(path.join(from, file), `store/${file}`);
    }
  };
  await Promise.all(Array.from({ length: COPIES_AT_ONCE }, copyOn));
}

/** Also what a backup that was killed has left: links that would keep deleted parts on the disk. */
async function removeFrozen(shadow: string): Promise<void> {
  const names = await fs.readdir(shadow).catch(() => []);
  for (const name of names.filter((each) => FROZEN_NAME.test(each))) {
    await fs.rm(path.join(shadow, name), { recursive: true, force: true });
  }
}
