/**
 * Taking logs out over the admin API: all that match, as one file.
 *
 *   POST /api/v1/projects/:project/logstores/:logstore/export                        ExportRequest → the file, as it is made
 *   GET  /api/v1/projects/:project/logstores/:logstore/exports/:export?bytes=        ExportSummary
 *   GET  /api/v1/projects/:project/logstores/:logstore/exports/:export/data?offset=  the rest of the file
 *
 * The answer with the file has its id in the header `x-logboom-export`. How it is checked and continued: docs/export.md
 */

export interface ExportRequest {
  /** A search; absent or empty means every log. */
  readonly query?: string | undefined;
  /** Unix seconds, fractions allowed; `from` is in the range, `to` is not. */
  readonly from: number;
  readonly to: number;
  /** `oldestFirst` if absent. */
  readonly order?: 'newestFirst' | 'oldestFirst' | undefined;
  /** `ndjson` if absent. */
  readonly format?: ExportFormat | undefined;
  /** `none` if absent. Of the whole file; in Parquet, of the pages in it. */
  readonly compression?: ExportCompression | undefined;
  /**
   * What to take of each log, in this order: `__time__`, `__topic__`, `__source__`, `__tag__:name` and names of fields. If
   * absent, everything; CSV then has a column for each name that any of the logs has.
   */
  readonly columns?: readonly string[] | undefined;
  /** A name such as `Asia/Shanghai`: `__time__` is ISO 8601 in it instead of Unix seconds. Not for Parquet. */
  readonly zone?: string | undefined;
  /** CSV: a `'` before what a spreadsheet would take for a formula. True if absent. */
  readonly csvFormulaSafe?: boolean | undefined;
  /** Answers with an ExportEstimate and makes no file. */
  readonly dryRun?: boolean | undefined;
}

export type ExportFormat = 'ndjson' | 'csv' | 'parquet';
export type ExportCompression = 'none' | 'gzip' | 'zstd';

export interface ExportEstimate {
  /** Counted. */
  readonly logs: number;
  /** Of the file: estimated from its beginning. */
  readonly bytes: number;
}

/** How far a file has been made. The beginning up to `bytes` is as it will be, and it can be continued from there. */
export interface ExportSummary {
  readonly id: string;
  readonly format: ExportFormat;
  readonly compression: ExportCompression;
  /** Nothing is missing behind `bytes`. */
  readonly isComplete: boolean;
  readonly bytes: number;
  /** In the file up to `bytes`. */
  readonly logs: number;
  /** Of the bytes from `sha256From` to `bytes`, in hexadecimal. */
  readonly sha256: string;
  /** 0, or the offset from which the file was continued last. */
  readonly sha256From: number;
}
