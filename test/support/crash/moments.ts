/** Moments to strike: most bugs show only between two steps that follow each other within a millisecond. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.js';
import { findTable, INSERTED_PART } from './store-files.js';

export type Moment =
  | 'any'
  /** A spool segment has been made. */
  | 'segment'
  /** The engine begins to write the part of an insert. */
  | 'inserting'
  /** The part is there, the loader does not know it yet. */
  | 'inserted'
  /** The loader has marked a segment loaded. */
  | 'marked';

export const MOMENTS = ['any', 'any', 'segment', 'inserting', 'inserted', 'inserted', 'marked'] as const;

/** The step that follows may take some time to be half done. */
const DELAY_MS_MAX = 5;

/** A moment that has not come by then is any other one. */
const MOMENT_MS_MAX = 1500;

/** Resolves when the moment has come. */
export async function waitForMoment(moment: Moment, data: string, random: Random): Promise<void> {
  if (moment === 'any') {
    await sleep(random.between(50, 1200));
    return;
  }
  const { directory, name } = signOf(moment, data);
  // Not always the very next one.
  let left = random.between(1, 3);
  await new Promise<void>((resolve) => {
    const end = () => {
      watcher?.close();
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, MOMENT_MS_MAX);
    const watcher = directory === undefined ? undefined : fs.watch(directory);
    watcher?.on('change', (event, changed) => {
      if (event === 'rename' && name.test(String(changed)) && --left === 0) end();
    });
    watcher?.on('error', end);
  });
  if (random.chance(0.5)) await sleep(random.between(1, DELAY_MS_MAX));
}

/** What changes in the file system at that moment. */
function signOf(moment: Exclude<Moment, 'any'>, data: string): { directory: string | undefined; name: RegExp } {
  const spool = path.join(data, 'spool/1');
  switch (moment) {
    case 'segment':
      return { directory: spool, name: /^\d+\.ndjson$/ };
    case 'marked':
      return { directory: spool, name: /\.loaded\.ndjson$/ };
    case 'inserting':
      return { directory: findTable(data), name: /^tmp_insert_/ };
    case 'inserted':
      return { directory: findTable(data), name: INSERTED_PART };
  }
}
