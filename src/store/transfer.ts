/**
 * Copying logs between two stores, by whoever sees to it that nobody else writes them to the one that is copied to. What is
 * copied of a store, and compared with another, is the same wherever each has its fields.
 *
 * Rows are inserted if they are not there, so that a copy may be broken off and repeated at any point, as soon as what it left
 * running has ended (`settle`).
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BinaryRows, Statement } from './store.js';
import {
  deleteSpan,
  type Frozen,
  hoursOf,
  insertAbsentRows,
  LAST_SEQS,
  partsOf,
  rowsOf,
  type Span,
  sumsOf,
} from './transfer-sql.js';

export type { Frozen, Span } from './transfer-sql.js';

/** The logs of a logstore in an hour, counted. */
export interface HourCount {
  readonly logstoreId: number;
  /** Unix seconds at which it begins. */
  readonly hour: number;
  readonly logs: number;
  /** 64 bits, in decimal: whether they are the same logs, whatever is in them. */
  readonly names: string;
}

/** And added up: two stores with the same sum have the same logs. */
export interface HourSum extends HourCount {
  /** 64 bits, in decimal. */
  readonly sum: string;
}

/** Rows on their way from a store to one that has columns for these keys. */
export interface Cargo {
  readonly span: Span;
  readonly keys: readonly string[];
  /** RowBinary. */
  readonly rows: Buffer;
}

export interface TransferOrders {
  ask<Row>(statement: Statement, signal: AbortSignal): Promise<Row[]>;
  command(statement: Statement, signal: AbortSignal): Promise<void>;
  read(statement: Statement, signal: AbortSignal): Promise<BinaryRows>;
  insert(statement: Statement, body: Buffer, id: string, signal: AbortSignal): Promise<void>;
  /** Those that have columns. */
  keys(signal: AbortSignal): Promise<readonly string[]>;
  /** Ends what runs under ids that begin so, and waits until all servers have what was inserted. */
  settle(idPrefix: string, signal: AbortSignal): Promise<void>;
  /** The table with the rows, and where it is to be changed. */
  readonly stored: string;
}

const ID_PREFIX = 'migrate ';

/** Repeated when the server is away for a moment; the rows are in memory. */
const ATTEMPTS_MAX = 5;
const RETRY_MS = 1000;

/** More than may be in memory at a time: the span has to be made shorter. */
export class CargoTooLarge extends Error {
  override readonly name = 'CargoTooLarge';
}

export class Transfer {
  readonly #orders: TransferOrders;

  constructor(orders: TransferOrders) {
    this.#orders = orders;
  }

  /** Resolves when nothing that an earlier copy left behind is running. */
  settle(signal: AbortSignal): Promise<void> {
    return this.#orders.settle(ID_PREFIX, signal);
  }

  keys(signal: AbortSignal): Promise<readonly string[]> {
    return this.#orders.keys(signal);
  }

  /** The hours that have logs, by logstore and time. */
  async hours(today: string, signal: AbortSignal): Promise<readonly HourCount[]> {
    const rows = await this.#orders.ask<HourRow & { logstore: string }>(hoursOf(today), signal);
    return rows.map((row) => hourOf(Number(row.logstore), row));
  }

  /** By logstore, the last sequence number of each shard. */
  async lastSeqs(signal: AbortSignal): Promise<ReadonlyMap<number, ReadonlyMap<number, number>>> {
    const logstores = new Map<number, Map<number, number>>();
    const rows = await this.#orders.ask<{ logstore: string; shard: number; seq: string }>(LAST_SEQS, signal);
    for (const { logstore, shard, seq } of rows) {
      const id = Number(logstore);
      const shards = logstores.get(id) ?? new Map<number, number>();
      logstores.set(id, shards.set(shard, Number(seq)));
    }
    return logstores;
  }

  /** What each hour of a span adds up to, by hour. */
  async sums(span: Span, frozen: Frozen, signal: AbortSignal): Promise<ReadonlyMap<number, HourSum>> {
    const statement = sumsOf(span, frozen, await this.#orders.keys(signal));
    const rows = await this.#orders.ask<HourRow & { sum: string }>(statement, signal);
    return new Map(rows.map((row) => [Number(row.hour), { ...hourOf(span.logstoreId, row), sum: row.sum }]));
  }

  /** How many logs there are in each part of a span, the parts numbered from 0 and so many nanoseconds long. */
  async parts(span: Span, frozen: Frozen, width: bigint, signal: AbortSignal): Promise<ReadonlyMap<number, number>> {
    const rows = await this.#orders.ask<{ part: string; logs: string }>(partsOf(span, frozen, width), signal);
    return new Map(rows.map(({ part, logs }) => [Number(part), Number(logs)]));
  }

  /** Rows for a store with columns for `keys`. Throws CargoTooLarge. */
  async read(
    span: Span,
    frozen: Frozen,
    keys: readonly string[],
    bytesMax: number,
    signal: AbortSignal,
  ): Promise<Cargo> {
    const { bytes } = await this.#orders.read(rowsOf(span, frozen, await this.#orders.keys(signal), keys), signal);
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of bytes) {
      size += piece.length;
      if (size > bytesMax) throw new CargoTooLarge(`more than ${bytesMax} bytes`);
      // A piece is valid until the next one is asked for.
      pieces.push(Buffer.from(piece));
    }
    return { span, keys, rows: Buffer.concat(pieces) };
  }

  /** Inserts those rows that are not there. */
  async write({ span, keys, rows }: Cargo, signal: AbortSignal): Promise<void> {
    const statement = insertAbsentRows(span, keys);
    const id = `${ID_PREFIX}${randomUUID()} `;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#orders.insert(statement, rows, id, signal);
      } catch (error) {
        if (signal.aborted || attempt === ATTEMPTS_MAX) throw error;
        await sleep(RETRY_MS * attempt, undefined, { signal });
        // The answer may be lost while the insert runs.
        await this.#orders.settle(id, signal);
      }
    }
  }

  /** Deletes all logs of a span; resolves when no file that is in use has them. */
  async remove(span: Span, signal: AbortSignal): Promise<void> {
    await this.#orders.command(deleteSpan(span, this.#orders.stored), signal);
  }
}

interface HourRow {
  readonly hour: string;
  readonly logs: string;
  readonly names: string;
}

function hourOf(logstoreId: number, { hour, logs, names }: HourRow): HourCount {
  return { logstoreId, hour: Number(hour), logs: Number(logs), names };
}
