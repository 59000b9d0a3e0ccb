/** A migration as an operator asks for it: what it must not be begun on, what it goes on with, and what it says in the end. */
import * as path from 'node:path';
import { lockDirectory } from '../platform/lock.js';
import type { Store } from '../store/store.js';
import { type Migrated, migrateLogs } from './migrate.js';
import { ProgressFile, type Route } from './progress-file.js';
import { count, type Shown } from './show-progress.js';
import { type Verified, verifyLogs } from './verify.js';

/** What was asked for cannot be, or not with these two stores. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
}

export interface Stores {
  readonly from: Store;
  readonly to: Store;
}

export interface RunOptions extends Stores {
  /** The data directory; what was done is noted below it. */
  readonly data: string;
  readonly route: Route;
  readonly shown: Shown;
}

const COPYING = 'copying';
const COMPARING = 'comparing';

/** Throws MigrationRefused, DirectoryInUse, and what the stores throw. */
export async function runMigration(
  { from, to, data, route, shown }: RunOptions,
  signal: AbortSignal,
): Promise<Migrated> {
  // One for each way, so that there and back are two migrations.
  const directory = path.join(data, 'migration');
  const lock = await lockDirectory(directory, 0);
  try {
    const file = path.join(directory, 'progress.ndjson');
    await refuseWrongTarget(to, await ProgressFile.routeOf(file), route, file, signal);
    const progress = await ProgressFile.open(file, route);
    try {
      await to.adaptLayout(await from.transfer.keys(signal), signal);
      return await migrateLogs({ ...sidesOf({ from, to }), ...tell(shown, COPYING), progress }, signal);
    } finally {
      await progress.close();
    }
  } finally {
    lock.release();
  }
}

export function runVerification(stores: Stores, shown: Shown, signal: AbortSignal): Promise<Verified> {
  return verifyLogs({ ...sidesOf(stores), ...tell(shown, COMPARING) }, signal);
}

/** Whatever is there and not in the source is deleted: it must be what we have put there. */
async function refuseWrongTarget(
  to: Store,
  begun: Route | null,
  route: Route,
  file: string,
  signal: AbortSignal,
): Promise<void> {
  if (begun !== null && (begun.from !== route.from || begun.to !== route.to)) {
    throw new MigrationRefused(
      `a migration from ${begun.from} to ${begun.to} was begun before; remove ${file} if it is not to be continued`,
    );
  }
  if ((await to.sharedRows('catalog').read(signal)).length > 0) {
    throw new MigrationRefused(`${route.to} is the store of nodes already, which write their logs there`);
  }
  if (begun !== null) return;
  const there = [...(await to.ttls()).keys()];
  if (there.length > 0) {
    throw new MigrationRefused(
      `${route.to} has logs that no migration from here has brought, of ${count(there.length)} logstores`,
    );
  }
}

function sidesOf({ from, to }: Stores) {
  return { from: from.transfer, to: to.transfer, wallMs: () => Date.now() };
}

function tell(shown: Shown, what: string) {
  return { onRound: (logs: number) => shown.begin(what, logs), onPiece: (logs: number) => shown.done(logs) };
}
