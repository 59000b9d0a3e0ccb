/** `logboom tail` */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorAnswer } from '../src/api/error.js';
import type { TailEvents } from '../src/api/query.js';
import type { Command } from './command.js';
import { readEvents } from './events.js';
import { EXIT, Failure } from './failure.js';
import { describeError, logstorePath } from './query.js';
import { escapeForTerminal } from './terminal.js';

/** Between two attempts to go on. */
const RETRY_MS = 1000;

export const tailCommand: Command = {
  name: 'tail',
  arguments: ['[QUERY]'],
  doc: 'Prints logs that match as they arrive, until Ctrl-C; goes on where it was when the server was away.',
  options: {
    project: { form: 'PROJECT', default: 'default', doc: 'The project of the logstore.' },
    logstore: { form: 'LOGSTORE', default: 'web', doc: 'The logstore to follow.' },
  },
  async run(call) {
    const { client, machine } = call;
    const [query = ''] = call.arguments;
    const path = `${logstorePath(call, 'tail')}?query=${encodeURIComponent(query)}`;
    let lastId = '';
    let isAway = false;

    const follow = async (): Promise<string> => {
      const response = await client.stream('GET', path, lastId === '' ? {} : { headers: { 'last-event-id': lastId } });
      if (response.body === null) return 'the server sent nothing';
      for await (const { name, id, data } of readEvents(response.body)) {
        if (name === 'error') return whyAgain(data);
        if (id !== '' && isAway) machine.warn('logboom: going on\n');
        if (id !== '') isAway = false;
        if (name === 'log') await machine.write(`${escapeForTerminal(data)}\n`);
        if (name === 'behind') machine.warn(`logboom: ${describeBehind(data)}\n`);
        lastId = id || lastId;
      }
      return 'the connection was closed';
    };

    for (;;) {
      const reason = await follow().catch((error: unknown) => whyReconnect(error, machine.signal, lastId));
      if (!isAway) machine.warn(`logboom: ${reason}; trying again\n`);
      isAway = true;
      await sleep(RETRY_MS, undefined, { signal: machine.signal }).catch(() => undefined);
      if (machine.signal.aborted) throw interrupted();
    }
  },
};

/** Why it is worth another attempt. Throws Failure where it is not. */
function whyAgain(errorText: string): string {
  const { errorCode } = JSON.parse(errorText) as ErrorAnswer; // server and command line are of one version
  const text = describeError(errorText);
  if (errorCode !== 'ServerBusy') throw new Failure('refused', text);
  return text;
}

/** The same for what was thrown: a server that was there once may come back. */
function whyReconnect(error: unknown, signal: AbortSignal, lastId: string): string {
  if (signal.aborted) throw interrupted(error);
  if (!(error instanceof Failure)) return 'the connection was lost';
  if (error.exitCode !== EXIT.unreachable || lastId === '') throw error;
  return 'the server cannot be reached';
}

function describeBehind(data: string): string {
  const { logGroups } = JSON.parse(data) as TailEvents['behind']; // server and command line are of one version
  return `behind by ${logGroups} log groups; none is left out`;
}

function interrupted(cause?: unknown): Failure {
  return new Failure('interrupted', 'interrupted', { cause });
}
