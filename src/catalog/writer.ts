/** The catalog's one writer: commands one at a time, each durable before anyone hears of it. */
import * as path from 'node:path';
import { ApiError } from '../errors.js';
import type { AccessKey } from '../model/catalog.js';
import { DEFAULT_QUOTA, OPEN_RULES } from '../model/write-rules.js';
import type { Clock } from '../platform/clock.js';
import type { Log } from '../platform/diagnostics.js';
import { type Disk, replaceFile } from '../platform/disk.js';
import type { CatalogCommand, CatalogEvent, CatalogView, CatalogWriter } from './catalog.js';
import { decide } from './commands.js';
import { CatalogFile } from './file.js';
import { newKeyPair } from './key-pair.js';
import type { Vault } from './vault.js';

/** What a first start creates, so that a first log needs no set-up. */
const FIRST_PROJECT = 'default';
const FIRST_LOGSTORE = {
  name: 'web',
  webTracking: true,
  ttlDays: 30,
  appendMeta: false,
  extras: {},
  index: null,
  writeRules: OPEN_RULES,
} as const;

/** What the first key is for. */
const FOR_EVERYTHING = { roles: ['manage'], projects: null, isEnabled: true } as const;

export interface CatalogOptions {
  /** The data directory; created if it is missing. */
  readonly dir: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Log;
  /** A key the operator has set; one is made up if none is set and the catalog has none. */
  readonly firstKey?: Pick<AccessKey, 'id' | 'secret'> | undefined;
  /** Seals secrets in the catalog's file. No secret is then left in the file `access-key` either. */
  readonly vault?: Vault | undefined;
}

/** Hears what happened; its promise is waited for before the command is confirmed. */
export type CatalogListener = (events: readonly CatalogEvent[]) => void | Promise<void>;

export interface Catalog extends CatalogWriter {
  readonly view: CatalogView;
  /** The key that this start added; without a vault it is also in the file `access-key` of the data directory. */
  readonly newKey: AccessKey | undefined;
  /** The whole catalog as events, for a reader that starts now. */
  snapshot(): readonly CatalogEvent[];
  /** Returns what ends it. */
  onEvents(listener: CatalogListener): () => void;
  /** Resolves when the commands given so far have ended; further ones are refused. */
  close(): Promise<void>;
}

/** Opens the catalog of a data directory, which no other process may write to at the same time. */
export async function openCatalog(options: CatalogOptions): Promise<Catalog> {
  const { dir, disk, clock, log, vault } = options;
  await disk.makeDirectory(dir);
  const file = await CatalogFile.open({ dir, disk, log, vault });
  const listeners = new Set<CatalogListener>();
  let lastCommand: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  async function run(command: CatalogCommand): Promise<readonly CatalogEvent[]> {
    const { nextId } = file;
    const events = decide(command, file.view, { now: nowSeconds(clock), nextId });
    if (command.do === 'createLogstore') file.nextId = nextId + 1;
    try {
      await file.append(events);
    } catch (cause) {
      log.error({ err: cause, command: command.do }, 'the catalog could not be written');
      throw new ApiError('ServerBusy', {}, { cause });
    }
    file.view.apply(events);
    const heard = await Promise.allSettled([...listeners].map(async (listener) => listener(events)));
    for (const result of heard) {
      if (result.status === 'rejected') log.error({ err: result.reason }, 'a reader of the catalog missed an event');
    }
    return events;
  }

  function execute(command: CatalogCommand): Promise<readonly CatalogEvent[]> {
    if (isClosed) return Promise.reject(new ApiError('ServerBusy'));
    const result = lastCommand.then(() => run(command));
    lastCommand = result.catch(() => undefined);
    return result;
  }

  const newKey = await addFirstThings(file, options);
  return {
    view: file.view,
    newKey,
    snapshot: () => file.view.events(),
    execute,
    onEvents(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      isClosed = true;
      await lastCommand;
      await file.close();
    },
  };
}

/** Appends what a first start needs, and the operator's key if it is new; returns the key it added. */
async function addFirstThings(file: CatalogFile, { dir, disk, clock, firstKey, vault }: CatalogOptions) {
  const { view } = file;
  const createdAt = nowSeconds(clock);
  const events: CatalogEvent[] = [];
  if (file.isNew) {
    events.push({
      event: 'project',
      project: { name: FIRST_PROJECT, description: '', createdAt, updatedAt: createdAt, quota: DEFAULT_QUOTA },
    });
    events.push({
      event: 'logstore',
      logstore: { id: file.nextId, project: FIRST_PROJECT, ...FIRST_LOGSTORE, createdAt, updatedAt: createdAt },
    });
    file.nextId += 1;
  }
  const newKey = wantedKey(view, createdAt, firstKey);
  if (newKey !== undefined) events.push({ event: 'accessKey', key: newKey });
  if (newKey !== undefined && vault === undefined) {
    // Before the catalog knows it: a crash in between leaves a key that does not work yet, not one that nobody knows.
    const content = JSON.stringify({ id: newKey.id, secret: newKey.secret });
    await replaceFile(disk, path.join(dir, 'access-key'), Buffer.from(`${content}\n`));
  }
  if (events.length > 0) await file.append(events);
  view.apply(events);
  return newKey;
}

/** The key to add, if any: the operator's if it is unknown or has another secret, a random one if there is none at all. */
function wantedKey(
  view: CatalogFile['view'],
  createdAt: number,
  firstKey: CatalogOptions['firstKey'],
): AccessKey | undefined {
  if (firstKey !== undefined) {
    return view.accessKey(firstKey.id)?.secret === firstKey.secret
      ? undefined
      : { ...firstKey, ...FOR_EVERYTHING, createdAt };
  }
  return view.accessKeys().length > 0 ? undefined : { ...newKeyPair(), ...FOR_EVERYTHING, createdAt };
}

function nowSeconds(clock: Clock): number {
  return Math.floor(clock.wallMs() / 1000);
}
