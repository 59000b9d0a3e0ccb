/** `logboom logstore …` */
import type { CreateLogstore, LogstoreInfo, LogstoreList, UpdateLogstore } from '../src/api/catalog.js';
import { apiPath } from './client.js';
import type { Call, Command, Option } from './command.js';
import { confirm } from './confirm.js';
import { Failure } from './failure.js';
import { printTable } from './table.js';
import { escapeForTerminal } from './terminal.js';
import { formatTime, parseBytes } from './units.js';
import { WRITE_RULE_OPTIONS, writeRulesOf } from './write-rules.js';

const project: Option = { form: 'PROJECT', default: 'default', doc: 'The project it belongs to.' };

const SETTINGS: Readonly<Record<string, Option>> = {
  'web-tracking': { form: 'on|off', doc: 'Whether anyone may write to it without a key, as pages do.' },
  ttl: { form: 'DAYS', doc: 'Logs are deleted after so many days, 1 to 3650.' },
  'max-bytes': {
    form: 'SIZE',
    doc: 'What its logs may take in the store, such as 50GiB; beyond it the oldest are deleted. 0 for no limit.',
  },
  'append-meta': { form: 'on|off', doc: 'Adds the tags __client_ip__ and __receive_time__ to what is written.' },
  ...WRITE_RULE_OPTIONS,
  quarantine: {
    form: 'on|off',
    doc: 'Whether logs that cannot be taken as they are wait to be mended (logboom quarantine), instead of their requests being refused.',
  },
  'quarantine-ttl': { form: 'DAYS', doc: 'They wait so many days, 1 to 3650.' },
};

export const logstoreCommands: readonly Command[] = [
  {
    name: 'logstore create',
    arguments: ['LOGSTORE'],
    doc: 'Creates a logstore: without web tracking, for 30 days, unless told otherwise.',
    options: { project, ...SETTINGS },
    async run(call) {
      const [name = ''] = call.arguments;
      const body: CreateLogstore = { name, ...settingsOf(call) };
      const created = await call.client.json<LogstoreInfo>('POST', logstorePath(call), body);
      await call.machine.write(`Created logstore ${describe(created)}.\n`);
    },
  },
  {
    name: 'logstore list',
    arguments: [],
    doc: 'Lists the logstores of a project.',
    options: { project, json: { doc: 'As JSON, a logstore a line.' } },
    async run(call) {
      const { logstores } = await call.client.json<LogstoreList>('GET', logstorePath(call));
      if (call.isSet('json')) {
        for (const logstore of logstores) await call.machine.write(`${escapeForTerminal(JSON.stringify(logstore))}\n`);
        return;
      }
      const rows = logstores.map((logstore) => [
        logstore.name,
        onOff(logstore.webTracking),
        `${logstore.ttlDays}`,
        onOff(logstore.appendMeta),
        describeOrigins(logstore.origins),
        formatTime(logstore.createdAt),
        `${logstore.id}`,
      ]);
      const headings = ['LOGSTORE', 'WEB TRACKING', 'TTL DAYS', 'APPEND META', 'ORIGINS', 'CREATED (UTC)', 'ID'];
      await call.machine.write(printTable(headings, rows));
    },
  },
  {
    name: 'logstore update',
    arguments: ['LOGSTORE'],
    doc: 'Changes a logstore; what is not given stays as it is.',
    options: { project, ...SETTINGS },
    async run(call) {
      const changes: UpdateLogstore = settingsOf(call);
      if (Object.values(changes).every((value) => value === undefined)) {
        throw new Failure('usage', `nothing to change; give one of --${Object.keys(SETTINGS).join(', --')}`);
      }
      const updated = await call.client.json<LogstoreInfo>('PUT', logstorePath(call, call.arguments[0]), changes);
      await call.machine.write(`Updated logstore ${describe(updated)}.\n`);
    },
  },
  {
    name: 'logstore delete',
    arguments: ['LOGSTORE'],
    doc: 'Deletes a logstore with all its logs.',
    options: { project, yes: { doc: 'Do not ask.' } },
    async run(call) {
      const path = logstorePath(call, call.arguments[0]);
      const logstore = await call.client.json<LogstoreInfo>('GET', path);
      await confirm(call, `Delete logstore ${describe(logstore)}, and all its logs?`);
      await call.client.json('DELETE', path);
      await call.machine.write(`Deleted logstore ${escapeForTerminal(logstore.name)}.\n`);
    },
  },
];

/** Of all logstores of the project that the call names, or of one of them. */
function logstorePath(call: Call, logstore?: string): string {
  const segments = ['projects', call.option('project') ?? '', 'logstores'];
  return apiPath(...segments, ...(logstore === undefined ? [] : [logstore]));
}

function settingsOf(call: Call): UpdateLogstore {
  const quarantine = { isOn: switchOf(call, 'quarantine'), ttlDays: daysOf(call, 'quarantine-ttl') };
  return {
    webTracking: switchOf(call, 'web-tracking'),
    ttlDays: daysOf(call, 'ttl'),
    maxBytes: maxBytesOf(call),
    appendMeta: switchOf(call, 'append-meta'),
    ...writeRulesOf(call),
    quarantine: Object.values(quarantine).some((value) => value !== undefined) ? quarantine : undefined,
  };
}

function daysOf(call: Call, name: string): number | undefined {
  const text = call.option(name);
  if (text !== undefined && !/^\d{1,6}$/.test(text)) throw new Failure('usage', `--${name} must be a number of days`);
  return text === undefined ? undefined : Number(text);
}

function maxBytesOf(call: Call): number | undefined {
  const text = call.option('max-bytes');
  const bytes = text === undefined ? undefined : parseBytes(text);
  if (text !== undefined && bytes === undefined) {
    throw new Failure('usage', '--max-bytes must be a size, such as 50GiB, or 0 for no limit');
  }
  return bytes === undefined ? undefined : Math.round(bytes);
}

function switchOf(call: Call, name: string): boolean | undefined {
  const value = call.option(name);
  if (value === undefined) return undefined;
  if (value !== 'on' && value !== 'off') throw new Failure('usage', `--${name} must be on or off`);
  return value === 'on';
}

function describe({ project, name, webTracking, ttlDays }: LogstoreInfo): string {
  return escapeForTerminal(`${name} of project ${project}: web tracking ${onOff(webTracking)}, ${ttlDays} days`);
}

function describeOrigins({ mode, allowed }: LogstoreInfo['origins']): string {
  return mode === 'off' ? 'any' : `${mode} ${allowed.length}`;
}

function onOff(isOn: boolean): string {
  return isOn ? 'on' : 'off';
}
