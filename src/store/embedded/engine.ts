/**
 * chDB, which is ClickHouse as a library: opened with explicit limits, asked one statement at a time per session.
 *
 * Every statement gets a session of its own. Opening one costs half a millisecond, and nothing that a statement sets (settings,
 * parameters, a database, readonly) can reach the next. `queryBindAsync` is not used: it serialises the whole process.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { drainPending, type Session } from 'chdb';
import { quote } from '../quote.js';
import { engineArguments } from './memory.js';
import { preamble } from './preamble.js';
import { closeSession, openSession } from './session.js';

export interface EngineStatement {
  /** Names the statement while it runs; also what `KILL QUERY` finds it by. Unique. */
  readonly id: string;
  readonly sql: string;
  readonly database: string | undefined;
  /** ClickHouse's settings and query parameters, both as the text ClickHouse's HTTP interface takes. */
  readonly settings: ReadonlyMap<string, string>;
  readonly parameters: ReadonlyMap<string, string>;
  /** Output format, unless the statement itself names one. */
  readonly format: string;
}

export interface EngineOptions {
  readonly directory: string;
  /** What the process may take, not only what the engine counts. */
  readonly memoryBytesMax: number;
}

/** A killed statement that has not begun yet knows nothing of it: ask again until it has ended. */
const KILL_EVERY_MS = 100;

/** Formats whose pieces can be joined. Of any other the engine would make a whole document of every piece. */
const STREAMED_FORMATS =
  /^(?:JSONEachRow|JSONStringsEachRow|JSONCompactEachRow|TabSeparated|TSV|CSV|RowBinary|LineAsString)$/i;
const FORMAT_CLAUSE = /\bFORMAT\s+(\w+)[\s;]*$/i;
/** The engine streams no other kind. */
const READING = /^[\s(]*(?:SELECT|WITH)\b/i;

export class Engine {
  readonly #directory: string;
  readonly #arguments: readonly string[];
  readonly #control: Session;

  /** Fails if another process has the directory open. */
  constructor(options: EngineOptions) {
    this.#directory = options.directory;
    this.#arguments = engineArguments(options.memoryBytesMax);
    this.#control = this.#openSession();
  }

  /** The answer in pieces. Aborting ends the statement in the engine as well; only then does the iteration end. */
  async *run(statement: EngineStatement, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const session = this.#openSession();
    const done = new AbortController();
    const killWhenAborted = (): void => void this.#kill(statement.id, done.signal);
    signal.addEventListener('abort', killWhenAborted, { once: true });
    try {
      await session.queryAsync(preamble(statement));
      signal.throwIfAborted();
      if (isStreamed(statement)) {
        for await (const chunk of session.queryStream(statement.sql, { format: statement.format })) yield chunk.raw();
      } else {
        yield (await session.queryAsync(statement.sql, { format: statement.format })).bytes();
      }
    } finally {
      done.abort();
      signal.removeEventListener('abort', killWhenAborted);
      closeSession(session);
    }
  }

  /** Resolves when the engine has answered. */
  async ping(): Promise<void> {
    await this.#control.queryAsync('SELECT 1');
  }

  /** Waits for what runs. Exiting without it crashes inside the engine. */
  async close(): Promise<void> {
    await drainPending();
    closeSession(this.#control);
    await drainPending();
  }

  async #kill(id: string, done: AbortSignal): Promise<void> {
    while (!done.aborted) {
      const session = this.#openSession();
      // Never SYNC: it kills, but does not return, and hangs the process at its end.
      await session.queryAsync(`KILL QUERY WHERE Settings['log_comment'] = ${quote(id)} ASYNC`).catch(() => undefined);
      closeSession(session);
      await sleep(KILL_EVERY_MS, undefined, { signal: done }).catch(() => undefined);
    }
  }

  #openSession(): Session {
    return openSession(this.#directory, this.#arguments);
  }
}

function isStreamed({ sql, format }: EngineStatement): boolean {
  return READING.test(sql) && STREAMED_FORMATS.test(FORMAT_CLAUSE.exec(sql)?.[1] ?? format);
}
