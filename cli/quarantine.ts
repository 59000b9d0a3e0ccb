/** `logboom quarantine …` */
import type {
  PreviewAnswer,
  QuarantinedLogList,
  QuarantineSelection,
  QuarantineStatus,
  ReplayInfo,
  ReplayList,
  ReplayRequest,
  RuleStep,
} from '../src/api/quarantine.js';
import { apiPath } from './client.js';
import type { Call, Command, Option } from './command.js';
import { confirm } from './confirm.js';
import { Failure } from './failure.js';
import { LOGSTORE_OPTIONS, readCount, readSelection, SELECTION_OPTIONS } from './selection.js';
import { printTable } from './table.js';
import { escapeForTerminal } from './terminal.js';
import { formatTime } from './units.js';

const PLACE: Readonly<Record<string, Option>> = { project: LOGSTORE_OPTIONS.project };
const WHICH: Readonly<Record<string, Option>> = {
  query: { form: 'SEARCH', default: '', doc: 'Only logs that match, such as reason:KeyEmpty; all if left out.' },
  from: { ...SELECTION_OPTIONS.from, default: 'now-7d' },
  to: SELECTION_OPTIONS.to,
};
const RULE: Readonly<Record<string, Option>> = {
  rule: {
    form: 'JSON|@FILE',
    default: '[]',
    doc: 'What to change, step by step, such as [{"do":"cast","field":"price"}]; docs/quarantine.md has all of them.',
  },
};
const JSON_OPTION: Readonly<Record<string, Option>> = { json: { doc: 'As JSON.' } };

const POLL_MS = 500;

export const quarantineCommands: readonly Command[] = [
  {
    name: 'quarantine status',
    arguments: ['LOGSTORE'],
    doc: 'How many logs wait in the quarantine of a logstore, and why.',
    options: { ...PLACE, ...JSON_OPTION },
    async run(call) {
      const status = await call.client.json<QuarantineStatus>('GET', pathOf(call));
      if (call.isSet('json')) return call.machine.write(line(status));
      const { isOn, ttlDays, waiting, oldestTime, settledLogs, replay } = status;
      const oldest = oldestTime === null ? '' : `, the oldest since ${formatTime(oldestTime)} UTC`;
      const count = waiting.reduce((sum, { logs }) => sum + logs, 0);
      await call.machine.write(
        `Quarantine ${isOn ? 'on' : 'off'}, ${ttlDays} days. ${count} logs wait${oldest}; ${settledLogs} are settled.\n`,
      );
      if (waiting.length > 0) {
        const rows = waiting.map(({ reason, logs }) => [reason, String(logs)]);
        await call.machine.write(printTable(['REASON', 'LOGS'], rows));
      }
      if (replay !== null) await call.machine.write(describe(replay));
    },
  },
  {
    name: 'quarantine list',
    arguments: ['LOGSTORE'],
    doc: 'Lists logs that wait, the newest first.',
    options: {
      ...PLACE,
      ...WHICH,
      state: { form: 'waiting|settled|all', default: 'waiting', doc: 'Which of them.' },
      limit: { form: 'N', default: '20', doc: 'At most so many, 1 to 1000.' },
      json: { doc: 'As JSON, a log a line.' },
    },
    async run(call) {
      const { query = '', from, to } = selectionOf(call);
      const state = call.option('state') ?? '';
      const asked = { query, from: `${from}`, to: `${to}`, state, limit: `${readCount(call, 'limit')}` };
      const path = `${pathOf(call, 'logs')}?${new URLSearchParams(asked)}`;
      const { logs } = await call.client.json<QuarantinedLogList>('GET', path);
      if (call.isSet('json')) {
        for (const log of logs) await call.machine.write(line(log));
        return;
      }
      const rows = logs.map((log) => [
        formatTime(log.time),
        log.reason,
        log.field ?? '-',
        log.origin ?? '-',
        short(log.text),
      ]);
      await call.machine.write(printTable(['TIME (UTC)', 'REASON', 'FIELD', 'ORIGIN', 'TEXT'], rows));
    },
  },
  {
    name: 'quarantine preview',
    arguments: ['LOGSTORE'],
    doc: 'Shows what a rule would make of the newest logs that wait. Nothing is changed.',
    options: {
      ...PLACE,
      ...WHICH,
      ...RULE,
      limit: { form: 'N', default: '10', doc: 'Of so many, 1 to 100.' },
      ...JSON_OPTION,
    },
    async run(call) {
      const body = { ...requestOf(call), limit: readCount(call, 'limit') };
      const answer = await call.client.json<PreviewAnswer>('POST', pathOf(call, 'preview'), body);
      if (call.isSet('json')) return call.machine.write(line(answer));
      for (const { before, after, outcome, fault } of answer.logs) {
        const behind =
          after === null ? (fault === null ? outcome : `${fault.reason}: ${fault.detail}`) : JSON.stringify(after);
        await call.machine.write(`- ${short(before.text)}\n+ ${short(behind)}\n`);
      }
      const { good, dropped, stillBad } = answer;
      await call.machine.write(`${good} good, ${dropped} dropped, ${stillBad} still bad.\n`);
    },
  },
  {
    name: 'quarantine replay',
    arguments: ['LOGSTORE'],
    doc: 'Changes the logs that wait by a rule and stores those that are good then, each once.',
    options: { ...PLACE, ...WHICH, ...RULE, detach: { doc: 'Do not wait for its end.' }, ...JSON_OPTION },
    async run(call) {
      let replay = await call.client.json<ReplayInfo>('POST', pathOf(call, 'replays'), requestOf(call));
      while (replay.state === 'running' && !call.isSet('detach')) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        replay = await call.client.json<ReplayInfo>('GET', pathOf(call, 'replays', replay.id));
      }
      await call.machine.write(call.isSet('json') ? line(replay) : describe(replay));
      if (replay.state === 'failed')
        throw new Failure('refused', escapeForTerminal(replay.trouble ?? 'the replay failed'));
    },
  },
  {
    name: 'quarantine replays',
    arguments: ['LOGSTORE'],
    doc: 'Lists the replays of a logstore, the newest first.',
    options: { ...PLACE, json: { doc: 'As JSON, a replay a line.' } },
    async run(call) {
      const { replays } = await call.client.json<ReplayList>('GET', pathOf(call, 'replays'));
      for (const replay of replays) await call.machine.write(call.isSet('json') ? line(replay) : describe(replay));
    },
  },
  {
    name: 'quarantine cancel',
    arguments: ['LOGSTORE', 'REPLAY'],
    doc: 'Ends a replay; what it has stored stays.',
    options: PLACE,
    async run(call) {
      const [, id = ''] = call.arguments;
      await call.machine.write(describe(await call.client.json<ReplayInfo>('DELETE', pathOf(call, 'replays', id))));
    },
  },
  {
    name: 'quarantine discard',
    arguments: ['LOGSTORE'],
    doc: 'Deletes all logs of a quarantine, and what is known of those that were replayed.',
    options: { ...PLACE, yes: { doc: 'Do not ask.' } },
    async run(call) {
      const [name = ''] = call.arguments;
      await confirm(call, `Delete all logs in the quarantine of ${escapeForTerminal(name)}?`);
      await call.client.json('DELETE', pathOf(call, 'logs'));
      await call.machine.write('Discarded.\n');
    },
  },
];

function pathOf(call: Call, ...rest: string[]): string {
  const [logstore = ''] = call.arguments;
  return apiPath('projects', call.option('project') ?? '', 'logstores', logstore, 'quarantine', ...rest);
}

function selectionOf(call: Call): QuarantineSelection {
  return readSelection(call, call.option('query'));
}

function requestOf(call: Call): ReplayRequest {
  const option = call.option('rule') ?? '[]';
  const text = option.startsWith('@') ? readRule(call, option.slice(1)) : option;
  return { ...selectionOf(call), rule: parseRule(text) };
}

function readRule({ machine }: Call, file: string): string {
  try {
    return machine.readFile(file);
  } catch (cause) {
    throw new Failure('usage', `--rule: ${escapeForTerminal(file)} cannot be read`, { cause });
  }
}

/** What it says is checked by the service. */
function parseRule(text: string): readonly RuleStep[] {
  try {
    return JSON.parse(text) as readonly RuleStep[];
  } catch {
    throw new Failure('usage', '--rule must be JSON: a list of steps');
  }
}

function describe({ id, state, trouble, total, counts }: ReplayInfo): string {
  const { stored, dropped, stillBad, settledBefore } = counts;
  const done = `${stored} stored, ${dropped} dropped, ${stillBad} still bad, ${settledBefore} settled before`;
  const of = total === null ? '' : ` of ${total}`;
  return `Replay ${id} ${state}: ${done}${of}${trouble === null ? '' : `; ${escapeForTerminal(trouble)}`}.\n`;
}

const TEXT_LENGTH_MAX = 200;

function short(text: string): string {
  return escapeForTerminal(text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX)}…` : text);
}

function line(value: unknown): string {
  return `${escapeForTerminal(JSON.stringify(value))}\n`;
}
