/** Which hot columns the table has, as one process knows it. */
import { keyOf, sinceOf } from './hot-column.js';
import type { Statement } from './store.js';
import type { Tables } from './tables.js';

export type Ask = <Row>(statement: Statement, signal: AbortSignal) => Promise<Row[]>;

export interface HotColumn {
  readonly key: string;
  /** How long it has been there for sure; null if nobody has noted since when. */
  readonly ageSeconds: number | null;
  /** Its values are numbers into a dictionary. */
  readonly isRepetitive: boolean;
}

/** Columns of the table with the rows, if statements may name them: on a cluster, that is another table. */
const COLUMNS = `SELECT name, type, comment, toUnixTimestamp(now()) AS now
FROM system.columns
WHERE database = currentDatabase() AND table = {stored:String}
  AND name IN (SELECT name FROM system.columns WHERE database = currentDatabase() AND table = 'logs')
ORDER BY position`;

/** In the order in which they were added. */
export async function readHotColumns(
  ask: <Row>(statement: Statement) => Promise<Row[]>,
  { stored }: Tables,
): Promise<readonly HotColumn[]> {
  const rows = await ask<{ name: string; type: string; comment: string; now: number }>({
    sql: COLUMNS,
    parameters: { stored },
  });
  return rows.flatMap(({ name, type, comment, now }) => {
    const key = keyOf(name);
    const since = sinceOf(comment);
    const ageSeconds = since === null ? null : now - since;
    return key === null ? [] : [{ key, ageSeconds, isRepetitive: type.startsWith('LowCardinality') }];
  });
}

export interface LayoutOptions {
  /** How long a process goes by what it has read. Far below the time in which columns settle. */
  readonly ageMsMax: number;
  readonly settleSeconds: number;
  readonly ask: Ask;
  readonly tables: Tables;
}

export class Layout {
  readonly #options: LayoutOptions;
  #columns: readonly HotColumn[] = [];
  #readAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: LayoutOptions) {
    this.#options = options;
  }

  /** In the order in which they were added. */
  async columns(signal: AbortSignal): Promise<readonly HotColumn[]> {
    signal.throwIfAborted();
    // Taken before asking: the answer is true for some moment after this one.
    const nowMs = performance.now();
    if (nowMs - this.#readAtMs < this.#options.ageMsMax) return this.#columns;
    this.#columns = await readHotColumns((statement) => this.#options.ask(statement, signal), this.#options.tables);
    this.#readAtMs = nowMs;
    return this.#columns;
  }

  /** Those of which the map need not have the keys. */
  async settledColumns(signal: AbortSignal): Promise<readonly HotColumn[]> {
    const { settleSeconds } = this.#options;
    return (await this.columns(signal)).filter(({ ageSeconds }) => (ageSeconds ?? -1) >= settleSeconds);
  }

  /** The next one to ask reads it anew. */
  forget(): void {
    this.#readAtMs = Number.NEGATIVE_INFINITY;
  }
}
