/** `logboom query` */
import type { ErrorAnswer } from '../src/api/error.js';
import type { QueryRequest } from '../src/api/query.js';
import { apiPath } from './client.js';
import type { Call, Command } from './command.js';
import { Failure } from './failure.js';
import { readLines } from './lines.js';
import { escapeForTerminal } from './terminal.js';
import { parseTime } from './time.js';

export const queryCommand: Command = {
  name: 'query',
  arguments: ['[QUERY]'],
  doc: 'Prints the logs that match as JSON, a log a line, newest first. docs/query-language.md tells how to search.',
  options: {
    project: { form: 'PROJECT', default: 'default', doc: 'The project of the logstore.' },
    logstore: { form: 'LOGSTORE', default: 'web', doc: 'The logstore to search.' },
    from: {
      form: 'TIME',
      default: 'now-15m',
      doc: 'The earliest time: now-15m or 15m (s, m, h, d, w), 2026-11-22T10:00 (UTC), or Unix seconds or ms.',
    },
    to: { form: 'TIME', default: 'now', doc: 'The time before which to stop.' },
    limit: { form: 'N', default: '100', doc: 'At most so many logs.' },
    'oldest-first': { doc: 'Oldest first, and under the limit the oldest.' },
  },
  async run(call) {
    const { client, machine } = call;
    const request = readRequest(call);
    const response = await client.stream('POST', logstorePath(call, 'query'), { body: request });
    let logCount = 0;
    try {
      for await (const line of readLines(response.body)) {
        if (!line.startsWith('{"__time__":')) throw brokenOff(logCount, describeError(line));
        await machine.write(`${escapeForTerminal(line)}\n`);
        logCount += 1;
      }
    } catch (error) {
      if (error instanceof Failure) throw error;
      if (machine.signal.aborted) throw new Failure('interrupted', 'interrupted', { cause: error });
      throw brokenOff(logCount, 'the connection was lost', error);
    }
    if (logCount === request.limit) {
      machine.warn(`logboom: stopped at ${logCount} logs, there may be more: --limit N takes more\n`);
    }
  },
};

/** Path of what can be asked of a logstore, for the options `project` and `logstore`. */
export function logstorePath({ option }: Call, ask: 'query' | 'tail'): string {
  return apiPath('projects', option('project') ?? '', 'logstores', option('logstore') ?? '', ask);
}

/** The text of an error that came in the middle of an answer. */
export function describeError(json: string): string {
  const { errorCode, errorMessage } = JSON.parse(json) as ErrorAnswer; // server and command line are of one version
  return escapeForTerminal(`${errorCode}: ${errorMessage}`);
}

function readRequest({ arguments: [query = ''], option, isSet }: Call): QueryRequest & { limit: number } {
  const nowMs = Date.now();
  const limit = option('limit') ?? '';
  if (!/^[1-9]\d*$/.test(limit))
    throw new Failure('usage', `--limit "${escapeForTerminal(limit)}" is no number of logs`);
  return {
    query,
    from: parseTime(option('from') ?? '', 'from', nowMs) / 1000,
    to: parseTime(option('to') ?? '', 'to', nowMs) / 1000,
    limit: Number(limit),
    order: isSet('oldest-first') ? 'oldestFirst' : 'newestFirst',
  };
}

function brokenOff(logCount: number, reason: string, cause?: unknown): Failure {
  return new Failure('refused', `the answer is incomplete, it broke off after ${logCount} logs: ${reason}`, { cause });
}
