/** `logboom tail` */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorAnswer } from '../src/api/error.js';
import type { TailEvents } from '../src/api/query.js';
import type { Call, Command } from './command.js';
import { describeError } from './error-text.js';
import { readEvents } from './events.js';
import { EXIT, Failure } from './failure.js';
import { LOGSTORE_OPTIONS, logstorePath } from './selection.js';
import { escapeForTerminal } from './terminal.js';

/** Between two attempts to go on. */
const RETRY_MS = 1000;

export const tailCommand: Command = {
  name: 'tail',
  arguments: ['[QUERY]'],
  doc: 'Prints logs that match as they arrive, until Ctrl-C; goes on where it was when the server was away.',
  options: {
    ...LOGSTORE_OPTIONS,
    sample: { doc: 'Leaves logs out, and says how many, when more arrive than anyone could read.' },
  },
  run: (call) => follow(call, { mayLeaveOut: call.isSet('sample') }),
};

/** Never ends but by a Failure. */
export async function follow(call: Call, { mayLeaveOut }: { readonly mayLeaveOut: boolean }): Promise<void> {
  const { client, machine } = call;
  const [query = ''] = call.arguments;
  const parameters = new URLSearchParams({ query, sample: mayLeaveOut ? 'on' : 'off' });
  const path = `${logstorePath(call, 'tail')}?${parameters}`;
  let lastId = '';
  let isAway = false;

  const listen = async (): Promise<string> => {
    const response = await client.stream('GET', path, lastId === '' ? {} : { headers: { 'last-event-id': lastId } });
    if (response.body === null) return 'the server sent nothing';
    for await (const { name, id, data } of readEvents(response.body)) {
      if (name === 'error') return whyAgain(data);
      if (id !== '' && isAway) machine.warn('logboom: going on\n');
      if (id !== '') isAway = false;
      if (name === 'log') await machine.write(`${escapeForTerminal(data)}\n`);
      if (name === 'leftOut') machine.warn(`logboom: ${describeLeftOut(data)}\n`);
      if (name === 'behind') machine.warn(`logboom: ${describeBehind(data)}\n`);
      if (name === 'missing') machine.warn(`logboom: ${describeMissing(data)}\n`);
      lastId = id || lastId;
    }
    return 'the connection was closed';
  };

  for (;;) {
    const reason = await listen().catch((error: unknown) => whyReconnect(error, machine.signal, lastId));
    if (!isAway) machine.warn(`logboom: ${reason}; trying again\n`);
    isAway = true;
    await sleep(RETRY_MS, undefined, { signal: machine.signal }).catch(() => undefined);
    if (machine.signal.aborted) throw interrupted();
  }
}

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

function describeMissing(data: string): string {
  const { shards } = JSON.parse(data) as TailEvents['missing']; // server and command line are of one version
  if (shards.length === 0) return 'no shard is missing any more';
  return `without shards ${shards.join(', ')} for now: their node is out of reach`;
}

function describeLeftOut(data: string): string {
  const { logs } = JSON.parse(data) as TailEvents['leftOut']; // server and command line are of one version
  return `${logs} logs were left out`;
}

function interrupted(cause?: unknown): Failure {
  return new Failure('interrupted', 'interrupted', { cause });
}
