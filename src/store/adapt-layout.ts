/** Adds the hot columns that are missing. May be stopped at any point and repeated, also by several at once. */
import { addColumns, noteColumns } from './alter-columns.js';
import { chooseColumns, SAMPLED_LOGS_MIN } from './choose-columns.js';
import { sampleKeys } from './key-sample.js';
import { readHotColumns } from './layout.js';
import type { Statement } from './store.js';
import type { Tables } from './tables.js';

export interface LayoutChange {
  /** Keys that have a column now, and had none before. */
  readonly added: readonly string[];
  /** Whether there were enough recent logs to tell which keys are common. */
  readonly isInformed: boolean;
}

interface Orders {
  ask<Row>(statement: Statement): Promise<Row[]>;
  command(sql: string): Promise<void>;
  readonly tables: Tables;
}

const NOW: Statement = { sql: 'SELECT toUnixTimestamp(now()) AS now', parameters: {} };

export async function adaptLayout(
  { ask, command, tables }: Orders,
  declared: readonly string[],
): Promise<LayoutChange> {
  const columns = await readHotColumns(ask, tables);
  const present = columns.map(({ key }) => key);
  const sample = await sampleKeys(ask, tables);
  const chosen = chooseColumns(sample, declared, present);
  const added = chosen.map(({ key }) => key);
  if (chosen.length > 0) for (const sql of addColumns(chosen, tables)) await command(sql);

  const unnoted = columns.filter(({ ageSeconds }) => ageSeconds === null).map(({ key }) => key);
  if (added.length + unnoted.length > 0) {
    // Later than the change: before, a column of the table may not be there for a statement that begins.
    const [row] = await ask<{ now: number }>(NOW);
    if (row === undefined) throw new Error('The store does not tell the time.');
    await command(noteColumns([...unnoted, ...added], row.now, tables));
  }
  return { added, isInformed: sample.logs >= SAMPLED_LOGS_MIN };
}
