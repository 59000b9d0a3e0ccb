/** The engine's own files: its table of logs is a directory of parts, each a directory that one insert or merge has made. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Random } from '../random.js';

/** A part that an insert made, and no merge: `20261122_7_7_0`. */
export const INSERTED_PART = /^\d{8}_\d+_\d+_0$/;

/** Undefined before the first insert. */
export function findTable(data: string): string | undefined {
  const root = path.join(data, 'store/store');
  return list(root)
    .flatMap((prefix) => list(path.join(root, prefix)).map((table) => path.join(root, prefix, table)))
    .find((table) => list(table).some((name) => /^\d{8}_\d/.test(name)));
}

/** Of these at most, so that their segments are still held. */
const PART_AGE_MS_MAX = 60_000;
const PARTS_MAX = 4;

/**
 * Removes some of the newest parts that inserts have made, as a power cut may; the engine must not be running. What it
 * remembers of their deduplication tokens stays, as it may too. Returns how many there were.
 */
export function forgetParts(data: string, random: Random): number {
  const table = findTable(data);
  if (table === undefined) return 0;
  const names = list(table);
  const parts = names
    .filter((name) => INSERTED_PART.test(name) && !names.some((other) => covers(other, name)))
    .map((name) => path.join(table, name))
    .map((part) => ({ part, madeMs: fs.statSync(part).mtimeMs }))
    .filter(({ madeMs }) => Date.now() - madeMs < PART_AGE_MS_MAX)
    .sort((a, b) => b.madeMs - a.madeMs)
    .slice(0, random.between(1, PARTS_MAX));
  for (const { part } of parts) fs.rmSync(part, { recursive: true });
  return parts.length;
}

/** Whether a merge has made `merged` out of `part` and others; `part` then stays for some minutes and is not read any more. */
function covers(merged: string, part: string): boolean {
  const [day, first = 0, last = 0, level = 0] = numbersOf(merged);
  const [ownDay, ownFirst = 0, ownLast = 0, ownLevel = 0] = numbersOf(part);
  return day === ownDay && first <= ownFirst && last >= ownLast && level > ownLevel;
}

/** Day, first and last insert, and how often merged. */
function numbersOf(part: string): number[] {
  return part.split('_').map(Number);
}

function list(directory: string): string[] {
  return fs.existsSync(directory) ? fs.readdirSync(directory) : [];
}
