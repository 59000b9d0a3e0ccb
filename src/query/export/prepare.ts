/** What only the store can say of an export before it begins. */
import type { ExportEstimate } from '../../api/export.js';
import { ApiError } from '../../errors.js';
import type { Statement } from '../../store/store.js';
import { freezeRange } from '../frozen-range.js';
import { BEGINNING, type PieceDeps } from './piece.js';
import { makePieces } from './pieces.js';
import { type ExportSelection, selectCount, selectNames } from './statements.js';
import { COLUMNS_MAX, type ExportTask } from './task.js';

/**
 * The task with its bounds and, for CSV, its columns: from now on it always means the same logs. Throws ParameterInvalid for a
 * CSV of too many columns.
 */
export async function prepareTask(deps: PieceDeps, exported: ExportSelection): Promise<ExportTask> {
  const { task } = exported;
  const bounded = { ...task, bounds: await freezeRange(deps, task.logstoreId, exported.selection) };
  if (task.format !== 'csv' || task.columns !== null) return bounded;
  return { ...bounded, columns: await findColumns(deps, { ...exported, task: bounded }) };
}

/** The file is not made: its size is told from its first piece. */
export async function estimateExport(deps: PieceDeps, exported: ExportSelection): Promise<ExportEstimate> {
  const [row] = await ask<{ logs: string }>(deps, selectCount(exported));
  const logs = Number(row?.logs ?? 0);
  for await (const piece of makePieces(deps, exported, BEGINNING)) {
    const bytes = piece.logs === 0 ? piece.bytes.length : Math.round((piece.bytes.length * logs) / piece.logs);
    return { logs, bytes };
  }
  return { logs, bytes: 0 };
}

async function findColumns(deps: PieceDeps, exported: ExportSelection): Promise<string[]> {
  const statement = selectNames(exported, COLUMNS_MAX + 1);
  const [row] = await ask<{ fieldNames: string[]; tagNames: string[] }>(deps, statement);
  const tags = (row?.tagNames ?? []).map((name) => `__tag__:${name}`);
  const columns = [...new Set(['__time__', '__topic__', '__source__', ...tags, ...(row?.fieldNames ?? [])])];
  if (columns.length <= COLUMNS_MAX) return columns;
  const reason = `columns: the logs have more than ${COLUMNS_MAX} fields; name those that CSV should have.`;
  throw new ApiError('ParameterInvalid', { reason });
}

async function ask<Row>({ store, limits, signal }: PieceDeps, statement: Statement): Promise<readonly Row[]> {
  return (await store.ask<Row>(statement, limits, signal)).rows;
}
