/** `logboom refusals` */
import type { RefusalCounts, RefusalInfo, RefusalList } from '../src/api/refusals.js';
import { apiPath } from './client.js';
import type { Call, Command } from './command.js';
import { Failure } from './failure.js';
import { printTable } from './table.js';
import { escapeForTerminal } from './terminal.js';
import { formatTime } from './units.js';

const STEPS: readonly string[] = ['minute', 'hour'];

export const refusalsCommand: Command = {
  name: 'refusals',
  arguments: ['[REQUEST-ID]'],
  doc: 'Shows writes that were refused and how to mend them: the newest ones, one of them, or how many there were.',
  options: {
    project: { form: 'PROJECT', doc: 'Only of this project; of all, unknown ones included, if left out.' },
    logstore: { form: 'LOGSTORE', doc: 'Only of this logstore of the project.' },
    reason: { form: 'REASON', doc: 'Only of this reason, such as OriginDenied.' },
    limit: { form: 'N', default: '20', doc: 'At most so many, 1 to 1000.' },
    counts: { form: STEPS.join('|'), doc: 'How many there were, by minute of the last hour or by hour of two days.' },
    json: { doc: 'As JSON, a refusal or step a line.' },
  },
  async run(call) {
    const [requestId = ''] = call.arguments;
    if (requestId !== '') await showOne(call, requestId);
    else if (call.option('counts') !== undefined) await showCounts(call);
    else await showList(call);
  },
};

async function showOne(call: Call, requestId: string): Promise<void> {
  const refusal = await find(call, requestId);
  await call.machine.write(call.isSet('json') ? line(refusal) : printRefusal(refusal));
}

/** A key for one project may look there only. */
async function find(call: Call, requestId: string): Promise<RefusalInfo> {
  if (call.option('project') === undefined) return call.client.json('GET', apiPath('refusals', requestId));
  const { refusals } = await call.client.json<RefusalList>('GET', withQuery(pathOf(call, 'refusals'), { requestId }));
  const [refusal] = refusals;
  if (refusal === undefined) throw new Failure('refused', `no refusal ${escapeForTerminal(requestId)} is kept there`);
  return refusal;
}

/** What is shown is not all there is. */
function warnOf({ machine }: Call, missingNodes: readonly string[]): void {
  if (missingNodes.length > 0) {
    machine.warn(`logboom: without nodes that do not answer: ${escapeForTerminal(missingNodes.join(', '))}\n`);
  }
}

async function showList(call: Call): Promise<void> {
  const { option, client, machine, isSet } = call;
  const limit = option('limit') ?? '';
  if (!/^\d{1,4}$/.test(limit)) throw new Failure('usage', '--limit must be a number');
  const path = withQuery(pathOf(call, 'refusals'), { limit, reason: option('reason') });
  const { refusals, missingNodes } = await client.json<RefusalList>('GET', path);
  warnOf(call, missingNodes);
  if (isSet('json')) {
    for (const refusal of refusals) await machine.write(line(refusal));
    return;
  }
  const rows = refusals.map((one) => [
    formatTime(one.time),
    one.reason,
    `${one.project}/${one.logstore}`,
    one.origin ?? '-',
    one.client,
    one.requestId,
  ]);
  await machine.write(printTable(['TIME (UTC)', 'REASON', 'LOGSTORE', 'ORIGIN', 'CLIENT', 'REQUEST'], rows));
}

async function showCounts(call: Call): Promise<void> {
  const step = call.option('counts') ?? '';
  if (!STEPS.includes(step)) throw new Failure('usage', `--counts must be ${STEPS.join(' or ')}`);
  const { steps } = await call.client.json<RefusalCounts>('GET', withQuery(pathOf(call, 'refusal-counts'), { step }));
  if (call.isSet('json')) {
    for (const one of steps) await call.machine.write(line(one));
    return;
  }
  const rows = steps.map(({ time, count, byReason, byOrigin, otherOrigins }) => [
    formatTime(time),
    String(count),
    printCounts(byReason),
    printCounts({ ...byOrigin, ...(otherOrigins === 0 ? {} : { others: otherOrigins }) }),
  ]);
  await call.machine.write(printTable(['FROM (UTC)', 'REFUSED', 'REASONS', 'ORIGINS'], rows));
}

function printRefusal(refusal: RefusalInfo): string {
  const { status, errorCode, errorMessage, reason, detail, offset, field, advice, body, wasRefused } = refusal;
  const place = [detail, field === null ? null : `header ${field}`, offset === null ? null : `byte ${offset}`];
  const lines: [string, string | null][] = [
    ['Request', `${refusal.requestId}, ${formatTime(refusal.time)} UTC`],
    [wasRefused ? 'Refused' : 'Accepted, would be', `${status} ${errorCode}: ${errorMessage}`],
    ['Reason', `${reason}: ${place.filter((part) => part !== null).join(', ')}`],
    ['To do', advice],
    ['For', `${refusal.project}/${refusal.logstore}`],
    ['Sent', `${refusal.method} ${refusal.path}`],
    ['From', [refusal.origin, refusal.address, refusal.client].filter((part) => part !== null).join(', ')],
    ['Browser', refusal.userAgent],
    ['Body', body === null ? null : `${body.bytes} bytes${body.isText ? '' : ', in hexadecimal'}: ${body.start}`],
  ];
  return lines
    .filter(([, text]) => text !== null)
    .map(([name, text]) => `${name.padEnd(8)}  ${escapeForTerminal(text ?? '')}\n`)
    .join('');
}

function pathOf({ option }: Call, last: string): string {
  const [project, logstore] = [option('project'), option('logstore')];
  if (project === undefined && logstore !== undefined) throw new Failure('usage', '--logstore needs --project');
  const segments = project === undefined ? [] : ['projects', project];
  return apiPath(...segments, ...(logstore === undefined ? [] : ['logstores', logstore]), last);
}

function withQuery(path: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `${path}?${new URLSearchParams(given)}`;
}

/** The most frequent first. */
function printCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}

function line(value: unknown): string {
  return `${escapeForTerminal(JSON.stringify(value))}\n`;
}
