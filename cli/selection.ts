/** Which logs a command is about: the options that the commands for asking share. */
import type { QuerySelection } from '../src/api/query.js';
import { apiPath } from './client.js';
import type { Call, Option } from './command.js';
import { Failure } from './failure.js';
import { escapeForTerminal } from './terminal.js';
import { parseTime } from './time.js';

export const LOGSTORE_OPTIONS = {
  project: { form: 'PROJECT', default: 'default', doc: 'The project of the logstore.' },
  logstore: { form: 'LOGSTORE', default: 'web', doc: 'The logstore.' },
} satisfies Record<string, Option>;

export const SELECTION_OPTIONS = {
  ...LOGSTORE_OPTIONS,
  from: {
    form: 'TIME',
    default: 'now-15m',
    doc: 'The earliest time: now-15m or 15m (s, m, h, d, w), 2026-11-22T10:00 (UTC), or Unix seconds or ms.',
  },
  to: { form: 'TIME', default: 'now', doc: 'The time before which to stop.' },
} satisfies Record<string, Option>;

/** Path of what can be asked of a logstore, for the options `project` and `logstore`. */
export function logstorePath({ option }: Call, ...ask: readonly string[]): string {
  return apiPath('projects', option('project') ?? '', 'logstores', option('logstore') ?? '', ...ask);
}

/** `query` is the command's own argument. */
export function readSelection({ option }: Call, query = ''): QuerySelection {
  const nowMs = Date.now();
  const time = (name: string) => parseTime(option(name) ?? '', name, nowMs) / 1000;
  return { query, from: time('from'), to: time('to') };
}

/** The value of an option that takes a number from 1 on. */
export function readCount({ option }: Call, name: string): number {
  const text = option(name) ?? '';
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new Failure('usage', `--${name} "${escapeForTerminal(text)}" is no number from 1 on`);
}
