/** Searches of logs on the real engine: what is compiled is run, over the table as the loader fills it. */
import type { IndexConfig } from '../../../src/model/index-config.js';
import { compileQuery } from '../../../src/query/compile/compile.js';
import type { Query } from '../../../src/query/search/ast.js';
import { parseQuery } from '../../../src/query/search/parse.js';
import { type LogTable, MAP_TABLE } from '../../../src/store/log-table.js';
import { writeStatement } from '../../../src/store/parameters.js';
import type { Statement } from '../../../src/store/store.js';
import { type Engine, LIMITS } from './engine.js';
import type { SampleLog } from './evaluate.js';

export class Searcher {
  readonly #engine: Engine;
  #logstores = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Puts logs into a logstore of their own and returns its id. Fields that are `hot` have columns, and go there. */
  async insert(logs: readonly SampleLog[], hot: readonly string[] = []): Promise<number> {
    this.#logstores += 1;
    const logstore = this.#logstores;
    const rows = logs.map((log, seq) => ({ ...log, logstore, timeMs: 1_795_046_385_000 + seq, seq }));
    await this.#engine.insert(rows, hot);
    return logstore;
  }

  /** Which of a logstore's logs are found, by their places among those inserted. Throws QueryRefused. */
  async find(
    logstore: number,
    query: Query,
    index: IndexConfig | null = null,
    table: LogTable = MAP_TABLE,
  ): Promise<number[]> {
    const statement = writeStatement((bind) => {
      const within = `logstore = ${bind(logstore, 'UInt64')}`;
      const condition = compileQuery(query, { table, index, bind, within });
      return `SELECT seq FROM logs WHERE ${within} AND ${condition} ORDER BY seq`;
    });
    const found: number[] = [];
    const rows = this.#engine.store.query<{ seq: string }>(statement, LIMITS, AbortSignal.timeout(20_000));
    for await (const { seq } of rows) found.push(Number(seq));
    return found;
  }
}

/** The condition of a search and its parameters. Throws QuerySyntaxError and QueryRefused. */
export function compiled(text: string, index: IndexConfig | null = null): Statement {
  return writeStatement((bind) => compileQuery(parseQuery(text), { table: MAP_TABLE, index, bind }));
}
