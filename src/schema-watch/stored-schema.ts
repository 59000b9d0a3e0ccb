/** What is kept of the schemas on disk: `schema.json` in the data directory. Names from outside stand in arrays, never as keys. */
import * as path from 'node:path';
import * as z from 'zod';
import type { Disk } from '../platform/disk.js';
import { filePlace } from '../platform/file-place.js';
import { KeptValue } from '../platform/kept-value.js';
import { VALUE_TYPES } from './value-type.js';

const fieldType = z.enum([...VALUE_TYPES, 'mixed']);
const weights = z.array(z.tuple([z.string(), z.number()]));

const field = z.object({
  key: z.string(),
  /** Unix milliseconds, here and below. */
  firstMs: z.number(),
  lastMs: z.number(),
  /** Logs with it that were looked at. */
  logs: z.number(),
  /** The same, faded. */
  weight: z.number(),
  /** Of logs, when it was seen last. */
  usualShare: z.number(),
  longestGapMs: z.number(),
  /** Logs of the logstore that had been looked at when it was seen last. */
  seenAtLogs: z.number(),
  hasVanished: z.boolean(),
  settled: fieldType.nullable(),
  types: z.array(z.tuple([z.enum(VALUE_TYPES), z.number()])),
  origins: weights,
  versions: weights,
});

const notice = z.object({
  id: z.int(),
  kind: z.enum(['typeChanged', 'fieldVanished', 'manyNewKeys', 'keysOverCap']),
  timeMs: z.number(),
  field: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  origin: z.string(),
  version: z.string(),
  /** A key that shows what is meant; may be empty. */
  example: z.string(),
  times: z.int(),
  endedMs: z.number().nullable(),
  isAcknowledged: z.boolean(),
});

const schema = z.object({
  logstoreId: z.int(),
  sinceMs: z.number(),
  logs: z.number(),
  weight: z.number(),
  fadedAtMs: z.number(),
  fields: z.array(field),
  lastNoticeId: z.int(),
  notices: z.array(notice),
});

const file = z.object({ v: z.literal(1), schemas: z.array(schema) });

export type StoredField = z.infer<typeof field>;
export type StoredNotice = z.infer<typeof notice>;
export type StoredSchema = z.infer<typeof schema>;

/** Without a file, or with a damaged one, the watch begins anew. */
export function schemaFile(disk: Disk, dir: string): KeptValue<z.infer<typeof file>> {
  return new KeptValue({ place: filePlace(disk, path.join(dir, 'schema.json')), schema: file });
}
