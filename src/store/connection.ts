/**
 * How the store is asked anything: of a server that answers, with a schema that is up to date and an end to every wait. What
 * fails is `StoreUnavailable` or `StoreRefused`.
 */
import { randomUUID } from 'node:crypto';
import type { ClickHouseSettings } from '@clickhouse/client';
import { openDeadline } from '../platform/deadline.js';
import type { Log } from '../platform/diagnostics.js';
import { type Abilities, knownSettings, readAbilities } from './abilities.js';
import type { Clients } from './connect.js';
import { migrate } from './migrate.js';
import type { Opening } from './opening.js';
import { RUN_MARKS } from './run-mark.js';
import type { Work } from './server.js';
import { type Repeatable, Servers } from './servers.js';
import { type ServerHealth, type Statement, StoreUnavailable } from './store.js';
import { type LimitsAre, storeError } from './store-error.js';

export interface ConnectionOptions {
  readonly opening: Opening;
  readonly database: string;
  /** How long anything but a user's query may take. */
  readonly answerMsMax: number;
  /** The same for a ping. */
  readonly pingMsMax: number;
  readonly log: Log;
}

export interface Asked {
  readonly signal?: AbortSignal;
  /** `answerMsMax` if absent. */
  readonly msMax?: number;
  readonly settings?: ClickHouseSettings;
  readonly limitsAre?: LimitsAre;
}

/** Text from ClickHouse, so that 64-bit numbers keep all their digits. */
export const OUTPUT: ClickHouseSettings = { output_format_json_quote_64bit_integers: 1 };

export class Connection {
  readonly opening: Opening;
  readonly #options: ConnectionOptions;
  readonly #servers: Servers;
  /** Of a server, as soon as it is known. */
  #abilities: Abilities | undefined;
  #isMigrated = false;
  /** Under way. */
  #migration: Promise<void> | undefined;

  constructor(options: ConnectionOptions) {
    const { opening, pingMsMax, log } = options;
    this.#options = options;
    this.opening = opening;
    this.#servers = new Servers({ ...opening.servers, pingMsMax, log });
  }

  get isCluster(): boolean {
    return this.opening.tables.everywhere !== '';
  }

  servers(): readonly ServerHealth[] {
    return this.#servers.health();
  }

  /** Whether the server has a function that some lack; to be asked behind a first answer. */
  knowsFunction(name: string): boolean {
    return this.#abilities?.functions.has(name) ?? true;
  }

  /** Those of the settings that the server knows. */
  known(settings: ClickHouseSettings): ClickHouseSettings {
    return knownSettings(settings, this.#abilities);
  }

  async ping(): Promise<void> {
    const cause = await this.#servers.ping();
    if (cause !== null) throw new StoreUnavailable('The store does not answer.', { cause });
  }

  /** Asks with the patience for anything that is not a user's query, and makes what fails a store's error. */
  async ask<T>({ signal, msMax, limitsAre }: Asked, work: Work<T>, repeatable: Repeatable = 'repeatable'): Promise<T> {
    const ending = openDeadline(msMax ?? this.#options.answerMsMax, signal);
    try {
      return await this.run(work, ending.signal, repeatable);
    } catch (error) {
      throw storeError(error, limitsAre ?? 'temporary');
    } finally {
      ending.close();
    }
  }

  async command(statement: Statement, asked: Asked): Promise<void> {
    await this.ask(asked, async ({ client }, abort_signal) => {
      await client.command({
        query: statement.sql,
        query_params: statement.parameters,
        clickhouse_settings: this.known(asked.settings ?? {}),
        query_id: randomUUID(),
        abort_signal,
      });
    });
  }

  async rows<Row>(statement: Statement, asked: Asked): Promise<Row[]> {
    return this.ask(asked, async ({ client }, abort_signal) => {
      const result = await client.query({
        query: statement.sql,
        query_params: statement.parameters,
        clickhouse_settings: this.known({ ...OUTPUT, ...this.opening.querySettings, ...asked.settings }),
        format: 'JSONEachRow',
        abort_signal,
      });
      return result.json<Row>();
    });
  }

  /** Asks for as long as the signal lets it, and throws what the client throws. */
  async run<T>(work: Work<T>, signal: AbortSignal, repeatable: Repeatable = 'repeatable'): Promise<T> {
    await this.#prepare(signal);
    // The client does not look at a signal that is aborted already.
    signal.throwIfAborted();
    return this.#servers.ask(work, repeatable, signal);
  }

  async close(): Promise<void> {
    await this.#servers.close();
  }

  /** Callers that come together wait for the same migration, each as long as its signal lets it. */
  async #prepare(signal: AbortSignal): Promise<void> {
    if (this.#isMigrated) return;
    this.#migration ??= this.#migrate().finally(() => {
      this.#migration = undefined;
    });
    const migration = this.#migration;
    await new Promise<void>((resolve, reject) => {
      const leave = () => reject(signal.reason);
      signal.addEventListener('abort', leave);
      migration.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  /** Other processes may do the same at the same time: see migrate.ts. */
  async #migrate(): Promise<void> {
    const { database, log, answerMsMax } = this.#options;
    const { tables, isEmbedded } = this.opening;
    const ending = openDeadline(answerMsMax);
    const work = async (clients: Clients, signal: AbortSignal): Promise<void> => {
      const abilities = isEmbedded ? undefined : await readAbilities(clients.bootstrap, signal);
      await migrate({ clients, database, tables, abilities, log, signal });
      if (!isEmbedded && !this.isCluster) await clients.client.command({ query: RUN_MARKS, abort_signal: signal });
      this.#abilities = abilities;
    };
    try {
      await this.#servers.ask(work, 'repeatable', ending.signal);
      this.#isMigrated = true;
    } finally {
      ending.close();
    }
  }
}
