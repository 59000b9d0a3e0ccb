/** The one keeper of all schemas: workers tell it what they see, it keeps that in memory and now and then on disk. */
import { ApiError } from '../errors.js';
import type { Clock } from '../platform/clock.js';
import type { Log } from '../platform/diagnostics.js';
import type { Disk } from '../platform/disk.js';
import { LogstoreSchema, newSchema } from './logstore-schema.js';
import { GONE, type KnownKeysOf, type WatchReport } from './report.js';
import type { SchemaBook } from './schema-book.js';
import { schemaFile } from './stored-schema.js';

export interface SchemaKeeperOptions {
  /** The data directory. */
  readonly dir: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether the logstore is still there; schemas of those that are not are dropped. */
  readonly hasLogstore: (id: number) => boolean;
}

export interface SchemaKeeper extends SchemaBook {
  /** Saves what there is. */
  close(): Promise<void>;
}

/** Of all logstores together: some 1.5 KB of memory each, and less than half of it on disk, where a line has 32 MiB at most. */
const FIELDS_MAX = 30_000;
/** What a crash may take of what was seen. Notices are saved at once. */
const SAVE_EVERY_MS = 60_000;

export async function openSchemaKeeper({
  dir,
  disk,
  clock,
  log,
  hasLogstore,
}: SchemaKeeperOptions): Promise<SchemaKeeper> {
  const file = schemaFile(disk, dir);
  const schemas = new Map<number, LogstoreSchema>();
  for (const stored of (await file.read(log))?.schemas ?? []) {
    schemas.set(stored.logstoreId, new LogstoreSchema(stored));
  }
  /** Of the keys of any logstore. */
  let lastRevision = GONE;
  let isChanged = false;
  let savedAtMs = clock.monotonicMs();

  function ofLogstore(id: number, nowMs: number): LogstoreSchema {
    const schema = schemas.get(id) ?? newSchema(id, nowMs);
    schemas.set(id, schema);
    return schema;
  }

  async function save(): Promise<void> {
    isChanged = false;
    savedAtMs = clock.monotonicMs();
    try {
      await file.save(() => ({ v: 1, schemas: [...schemas.values()].map((schema) => schema.store()) }));
    } catch (cause) {
      isChanged = true;
      log.error({ err: cause }, 'the schemas could not be written');
      throw new ApiError('ServerBusy', {}, { cause });
    }
  }

  function countFields(): number {
    let count = 0;
    for (const { fieldCount } of schemas.values()) count += fieldCount;
    return count;
  }

  function openNotices(): number {
    let count = 0;
    for (const { notices } of schemas.values()) count += notices.openCount;
    return count;
  }

  /** What a worker does not know yet, to judge by the revisions it has. */
  function newsFor(revisions: WatchReport['revisions']): KnownKeysOf[] {
    const has = new Map(revisions);
    const gone = [...has.keys()].filter((id) => !schemas.has(id));
    const changed = [...schemas.values()].filter((schema) => {
      if (schema.areKeysChanged) schema.revision = ++lastRevision;
      schema.areKeysChanged = false;
      return has.get(schema.logstoreId) !== schema.revision;
    });
    return [
      ...gone.map((logstoreId) => ({ logstoreId, revision: GONE, keys: [] })),
      ...changed.map((schema) => ({ logstoreId: schema.logstoreId, revision: schema.revision, keys: schema.keys() })),
    ];
  }

  return {
    async reportSchema({ logstores, keys, revisions }) {
      for (const id of schemas.keys()) if (!hasLogstore(id)) schemas.delete(id);
      const nowMs = clock.wallMs();
      const openBefore = openNotices();
      for (const report of keys) {
        if (!hasLogstore(report.logstoreId)) continue;
        ofLogstore(report.logstoreId, nowMs).addKeys(report, FIELDS_MAX - countFields(), nowMs);
        isChanged = true;
      }
      for (const report of logstores) {
        if (!hasLogstore(report.logstoreId)) continue;
        ofLogstore(report.logstoreId, nowMs).add(report, FIELDS_MAX - countFields(), nowMs);
        isChanged = true;
      }
      const open = openNotices();
      const isDue = isChanged && clock.monotonicMs() - savedAtMs >= SAVE_EVERY_MS;
      // It is in our log if it fails, and tried again.
      if (open !== openBefore || isDue) await save().catch(() => undefined);
      return { openNotices: open, known: newsFor(revisions) };
    },
    async readSchema(logstoreId) {
      const schema = schemas.get(logstoreId);
      return schema?.describe() ?? { since: null, sampledLogs: 0, keys: 0, fields: [], isCut: false };
    },
    async listNotices(logstoreIds) {
      return logstoreIds
        .flatMap((logstoreId) => (schemas.get(logstoreId)?.notices.all ?? []).map((notice) => ({ logstoreId, notice })))
        .sort((a, b) => b.notice.timeMs - a.notice.timeMs || b.notice.id - a.notice.id);
    },
    async acknowledgeNotices({ logstoreId, isAcknowledged, ids }) {
      schemas.get(logstoreId)?.notices.acknowledge(isAcknowledged, ids);
      await save();
    },
    async forgetSchema(logstoreId) {
      schemas.delete(logstoreId);
      await save();
    },
    async close() {
      if (isChanged) await save().catch(() => undefined);
      await file.close();
    },
  };
}
