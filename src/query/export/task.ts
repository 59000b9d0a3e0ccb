/** What an export takes and how it writes it, fixed when it begins, so that every part of the file is of the same range. */
import * as z from 'zod';
import { ApiError } from '../../errors.js';
import { BOUNDS } from '../frozen-range.js';
import { TIME_SECONDS_MAX } from '../selection.js';
import { hasZstdCompression } from './compress.js';

/** A wider table is of no use to anyone; NDJSON and Parquet have no such limit as long as none are named. */
export const COLUMNS_MAX = 1000;
const COLUMN_LENGTH_MAX = 1024;

const ORDER = z.enum(['newestFirst', 'oldestFirst']);
const FORMAT = z.enum(['ndjson', 'csv', 'parquet']);
const COMPRESSION = z.enum(['none', 'gzip', 'zstd']);
const COLUMNS = z.array(z.string().min(1).max(COLUMN_LENGTH_MAX)).min(1).max(COLUMNS_MAX);

export const EXPORT_REQUEST = z.strictObject({
  query: z.string().default(''),
  from: z.number().min(0).max(TIME_SECONDS_MAX),
  to: z.number().min(0).max(TIME_SECONDS_MAX),
  order: ORDER.default('oldestFirst'),
  format: FORMAT.default('ndjson'),
  compression: COMPRESSION.default('none'),
  columns: COLUMNS.optional(),
  zone: z.string().max(64).optional(),
  csvFormulaSafe: z.boolean().default(true),
  dryRun: z.boolean().default(false),
});

/** As it is kept in a file, too (record.ts). */
export const EXPORT_TASK = z.strictObject({
  logstoreId: z.int().min(0),
  query: z.string(),
  fromMs: z.int().min(0),
  toMs: z.int().min(0),
  order: ORDER,
  format: FORMAT,
  compression: COMPRESSION,
  /** Null takes everything of a log. */
  columns: COLUMNS.nullable(),
  zone: z.string().nullable(),
  formulaSafe: z.boolean(),
  /** Null until the store was asked. */
  bounds: BOUNDS.nullable(),
});

export type ExportTask = z.infer<typeof EXPORT_TASK>;

/** A task as far as the request says it; the rest is for the store to say (prepare.ts). Throws ApiError. */
export function decodeExportRequest(
  body: unknown,
  logstoreId: number,
): { readonly task: ExportTask; readonly isDryRun: boolean } {
  const decoded = EXPORT_REQUEST.safeParse(body);
  if (!decoded.success) {
    const [issue] = decoded.error.issues;
    throw refused(`${issue?.path.join('.') || 'body'}: ${issue?.message}`);
  }
  const { from, to, columns = null, zone = null, csvFormulaSafe, dryRun, ...kept } = decoded.data;
  if (from >= to) throw new ApiError('InvalidTimeRange');
  if (columns !== null && new Set(columns).size < columns.length) throw refused('columns: one is named twice');
  if (zone !== null && !isZone(zone)) throw refused('zone: no such time zone');
  if (zone !== null && kept.format === 'parquet') throw refused('zone: times in Parquet are of no zone');
  if (kept.compression === 'zstd' && kept.format !== 'parquet' && !hasZstdCompression) {
    throw new ApiError('NotSupported', {
      reason: 'compression: zstd takes a server on Node 22.15 or later; gzip does.',
    });
  }
  return {
    task: {
      ...kept,
      logstoreId,
      fromMs: Math.round(from * 1000),
      toMs: Math.round(to * 1000),
      columns,
      zone,
      formulaSafe: csvFormulaSafe,
      bounds: null,
    },
    isDryRun: dryRun,
  };
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}

function refused(reason: string): ApiError {
  return new ApiError('ParameterInvalid', { reason });
}
