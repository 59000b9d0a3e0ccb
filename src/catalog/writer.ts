/** The catalog's one writer: commands one at a time, each durable before anyone hears of it. */
import { ApiError } from '../errors.js';
import type { AccessKey } from '../model/catalog.js';
import type { Clock } from '../platform/clock.js';
import type { Log } from '../platform/diagnostics.js';
import type { Disk } from '../platform/disk.js';
import type { CatalogCommand, CatalogEvent, CatalogView, CatalogWriter } from './catalog.js';
import { decide } from './commands.js';
import { CatalogFile } from './file.js';
import { type FirstKey, firstProject, wantedKey } from './first-things.js';
import { freeIdAfter } from './free-id.js';
import { writeKeyFile } from './key-file.js';
import { type CatalogListener, CatalogListeners } from './listeners.js';
import type { Vault } from './vault.js';

export interface CatalogOptions {
  /** The data directory; created if it is missing. */
  readonly dir: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Log;
  /** A key the operator has set; one is made up if none is set and the catalog has none. */
  readonly firstKey?: FirstKey | undefined;
  /** Seals secrets in the catalog's file. No secret is then left in the file `access-key` either. */
  readonly vault?: Vault | undefined;
}

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
  const listeners = new CatalogListeners(log);
  let lastCommand: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  async function run(command: CatalogCommand): Promise<readonly CatalogEvent[]> {
    const { nextId } = file;
    const events = decide(command, file.view, { now: nowSeconds(clock), nextId });
    file.nextId = freeIdAfter(events, nextId);
    try {
      await file.append(events);
    } catch (cause) {
      log.error({ err: cause, command: command.do }, 'the catalog could not be written');
      throw new ApiError('ServerBusy', {}, { cause });
    }
    file.view.apply(events);
    await listeners.tell(events);
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
    onEvents: (listener) => listeners.add(listener),
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
  if (file.isNew) events.push(...firstProject(file.nextId++, createdAt));
  const newKey = wantedKey(view, createdAt, firstKey);
  if (newKey !== undefined) events.push({ event: 'accessKey', key: newKey });
  if (newKey !== undefined && vault === undefined) await writeKeyFile(disk, dir, newKey);
  if (events.length > 0) await file.append(events);
  view.apply(events);
  return newKey;
}

export function nowSeconds(clock: Clock): number {
  return Math.floor(clock.wallMs() / 1000);
}
