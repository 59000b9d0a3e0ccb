/**
 * What a backup says of itself: `backup.json`, and `SHA256SUMS` with a line for every file there is, backup.json included, as
 * `sha256sum --check` reads it. SHA256SUMS comes last, and a directory without it is no backup.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as z from 'zod';
import { messageOf } from '../config/layers.js';
import type { CopiedTree } from './copied-tree.js';
import { DAY_COUNT } from './count-logs.js';

export const ABOUT = 'backup.json';
export const SUMS = 'SHA256SUMS';

/** Of a backup: backup.json, SHA256SUMS and where what lies. A newer one is refused. */
const BACKUP_FORMAT = 1;

const aboutSchema = z.object({
  v: z.literal(BACKUP_FORMAT),
  /** Of Logboom, and of the engine, whose parts older engines may not be able to read. */
  version: z.string(),
  engine: z.string().nullable(),
  /** The store's newest migration; null without a store. */
  schema: z.int().nullable(),
  /** What was acknowledged before is in the backup. */
  beganAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  /** Logs in the store. Those in the spool come on top, unless the store has them as well. */
  stored: z.array(DAY_COUNT).readonly(),
});

export type BackupAbout = z.infer<typeof aboutSchema>;

export interface Manifest {
  readonly about: BackupAbout;
  /** SHA-256 in hexadecimal digits, by path below the backup. */
  readonly sums: ReadonlyMap<string, string>;
}

/** A backup that cannot be used, and why. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused';
}

/** Makes the backup one, as its last step. */
export async function writeManifest(tree: CopiedTree, about: BackupAbout): Promise<void> {
  await tree.write(ABOUT, `${JSON.stringify(about, null, 1)}\n`);
  const sums = [...tree.files].map(([file, { sha256 }]) => `${sha256}  ${file}\n`).sort();
  await tree.sync();
  await tree.write(SUMS, sums.join(''));
  await tree.sync();
}

/** Throws BackupRefused for what is no backup, or one of a format that this version does not know. */
export async function readManifest(backup: string): Promise<Manifest> {
  const sums = readSums(await read(backup, SUMS));
  let about: unknown;
  try {
    about = JSON.parse(await read(backup, ABOUT));
  } catch (cause) {
    throw new BackupRefused(`${ABOUT} cannot be read: ${messageOf(cause)}`, { cause });
  }
  const format = z.object({ v: z.int() }).safeParse(about).data?.v ?? 0;
  if (format > BACKUP_FORMAT) {
    throw new BackupRefused(
      `the backup was made by a newer version (its format is ${format}, and this version knows ${BACKUP_FORMAT}): use that one`,
    );
  }
  const known = aboutSchema.safeParse(about);
  if (!known.success) throw new BackupRefused(`${ABOUT} is damaged: ${z.prettifyError(known.error)}`);
  return { about: known.data, sums };
}

async function read(backup: string, name: string): Promise<string> {
  return fs.readFile(path.join(backup, name), 'utf8').catch((cause: unknown) => {
    throw new BackupRefused(`${backup} is no backup, or one that was not finished: ${messageOf(cause)}`, { cause });
  });
}

function readSums(text: string): ReadonlyMap<string, string> {
  const sums = new Map<string, string>();
  for (const line of text.split('\n').filter(Boolean)) {
    const [, sha256, file] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    // A path that leads out of the directory would be written to when it is restored.
    const isInside = file !== undefined && !path.isAbsolute(file) && !file.split('/').includes('..');
    if (sha256 === undefined || !isInside) throw new BackupRefused(`${SUMS} has a damaged line: ${line.slice(0, 200)}`);
    sums.set(file, sha256);
  }
  if (!sums.has(ABOUT)) throw new BackupRefused(`${SUMS} is damaged: it does not list ${ABOUT}`);
  return sums;
}
