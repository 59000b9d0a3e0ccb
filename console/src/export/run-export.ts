/**
 * All logs of a search as a file: told beforehand how large, and checked afterwards to be whole. docs/export.md
 *
 * Where the browser lets us, what arrives goes straight to disk; elsewhere it is gathered and saved at the end.
 */
import type { ExportEstimate, ExportRequest, ExportSummary } from '../../../src/api/export.js';
import { callForJson, callServer, logstorePath } from '../server/call.js';

export interface ExportTarget {
  readonly project: string;
  readonly logstore: string;
}

export function estimateExport(
  target: ExportTarget,
  request: ExportRequest,
  signal: AbortSignal,
): Promise<ExportEstimate> {
  const body = { ...request, dryRun: true };
  return callForJson<ExportEstimate>(`${pathOf(target)}/export`, { method: 'POST', body, signal });
}

/** Bytes of a file on the way to where the user wants it. */
export interface FileSink {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** It is whole: now it may be kept. */
  finish(): Promise<void>;
}

/** Throws ExportCutOff if not all of it arrived, and what `callServer` throws. */
export async function runExport(
  target: ExportTarget,
  request: ExportRequest,
  sink: FileSink,
  onProgress: (bytes: number) => void,
  signal: AbortSignal,
): Promise<ExportSummary> {
  const response = await callServer(`${pathOf(target)}/export`, { method: 'POST', body: request, signal });
  const id = response.headers.get('x-logboom-export') ?? '';
  let bytes = 0;
  if (response.body !== null) {
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      await sink.write(value);
      bytes += value.length;
      onProgress(bytes);
    }
  }
  const summary = await callForJson<ExportSummary>(`${pathOf(target)}/exports/${encodeURIComponent(id)}`, { signal });
  if (!summary.isComplete || summary.bytes !== bytes) throw new ExportCutOff(bytes, summary.bytes);
  await sink.finish();
  return summary;
}

/** What arrived is not the whole file. */
export class ExportCutOff extends Error {
  override readonly name = 'ExportCutOff';

  constructor(arrived: number, whole: number) {
    super(`${arrived} of ${whole} bytes arrived`);
  }
}

function pathOf({ project, logstore }: ExportTarget): string {
  return logstorePath(project, logstore);
}
