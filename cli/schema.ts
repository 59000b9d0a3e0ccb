/** `logboom schema …` */
import type { AcknowledgeNotices, NameShare, NoticeList, SchemaInfo, SchemaNotice } from '../src/api/schema.js';
import { apiPath } from './client.js';
import type { Call, Command, Option } from './command.js';
import { confirm } from './confirm.js';
import { Failure } from './failure.js';
import { printTable } from './table.js';
import { escapeForTerminal } from './terminal.js';
import { formatTime } from './units.js';

const project: Option = { form: 'PROJECT', default: 'default', doc: 'The project it belongs to.' };

/** Senders shown of a field. */
const SHOWN_MAX = 3;

export const schemaCommands: readonly Command[] = [
  {
    name: 'schema show',
    arguments: ['LOGSTORE'],
    doc: 'Shows the fields that logs of a logstore have: their types, how many logs have them, and who sends them.',
    options: { project, json: { doc: 'As JSON, a field a line.' } },
    async run(call) {
      const schema = await call.client.json<SchemaInfo>('GET', schemaPath(call));
      if (call.isSet('json')) {
        for (const field of schema.fields) await call.machine.write(`${escapeForTerminal(JSON.stringify(field))}\n`);
        return;
      }
      const rows = schema.fields.map((field) => [
        field.name,
        field.type,
        formatShare(field.share),
        formatTime(field.firstSeen),
        formatTime(field.lastSeen),
        formatNames(field.versions),
        formatNames(field.origins),
      ]);
      const headings = ['FIELD', 'TYPE', 'SHARE', 'FIRST SEEN (UTC)', 'LAST SEEN (UTC)', 'VERSIONS', 'ORIGINS'];
      await call.machine.write(printTable(headings, rows));
      if (schema.isCut) call.machine.warn('There are more fields than are listed.\n');
      if (schema.since === null) call.machine.warn('No log was looked at yet.\n');
    },
  },
  {
    name: 'schema notices',
    arguments: ['[LOGSTORE]'],
    doc: 'Shows what has changed about fields: types, fields that come no more, floods of new keys. Of all logstores, unless one is named.',
    options: {
      project: { form: 'PROJECT', doc: 'Only of this project; a named logstore is looked for in default if left out.' },
      all: { doc: 'Also what was acknowledged or is over.' },
      json: { doc: 'As JSON, a notice a line.' },
    },
    async run(call) {
      const { notices } = await call.client.json<NoticeList>('GET', noticesPath(call));
      const shown = notices.filter(
        ({ isAcknowledged, endedAt }) => call.isSet('all') || (!isAcknowledged && endedAt === null),
      );
      if (call.isSet('json')) {
        for (const notice of shown) await call.machine.write(`${escapeForTerminal(JSON.stringify(notice))}\n`);
        return;
      }
      for (const notice of shown) await call.machine.write(printNotice(notice));
      if (shown.length === 0) await call.machine.write('No notices.\n');
    },
  },
  {
    name: 'schema acknowledge',
    arguments: ['LOGSTORE', '[NOTICE]'],
    doc: 'Acknowledges a notice of a logstore, by its number, or all of them.',
    options: { project },
    async run(call) {
      const id = call.arguments[1] ?? '';
      if (!/^\d{0,9}$/.test(id)) throw new Failure('usage', 'a notice is named by its number');
      const body: AcknowledgeNotices = { isAcknowledged: true, ids: id === '' ? undefined : [Number(id)] };
      const { notices } = await call.client.json<NoticeList>('PUT', `${schemaPath(call)}/notices`, body);
      if (id !== '' && !notices.some((notice) => notice.id === Number(id))) {
        throw new Failure('refused', `there is no notice ${id}`);
      }
      await call.machine.write('Acknowledged.\n');
    },
  },
  {
    name: 'schema forget',
    arguments: ['LOGSTORE'],
    doc: 'Forgets the fields, keys and notices of a logstore: they are learnt anew from what comes. No log is deleted.',
    options: { project, yes: { doc: 'Do not ask.' } },
    async run(call) {
      await confirm(call, `Forget what is known of the fields of logstore ${call.arguments[0]}?`);
      await call.client.json('DELETE', schemaPath(call));
      await call.machine.write('Forgotten.\n');
    },
  },
];

function schemaPath({ arguments: [logstore = ''], option }: Call): string {
  return apiPath('projects', option('project') ?? '', 'logstores', logstore, 'schema');
}

function noticesPath({ arguments: [logstore = ''], option }: Call): string {
  const name = option('project') ?? (logstore === '' ? undefined : 'default');
  const place = name === undefined ? [] : ['projects', name];
  return apiPath(...place, ...(logstore === '' ? [] : ['logstores', logstore]), 'schema', 'notices');
}

function printNotice({ id, project: of, logstore, time, times, text, isAcknowledged, endedAt }: SchemaNotice): string {
  const state = [
    `since ${formatTime(time)} UTC`,
    times > 1 ? `${times} times` : '',
    endedAt === null ? '' : `over since ${formatTime(endedAt)}`,
    isAcknowledged ? 'acknowledged' : '',
  ];
  const head = `${of}/${logstore} ${id}: ${state.filter((part) => part !== '').join(', ')}`;
  return escapeForTerminal(head).concat('\n  ', escapeForTerminal(text), '\n');
}

function formatShare(share: number): string {
  const percent = share * 100;
  return percent === 0 || percent >= 1 ? `${Math.round(percent)}%` : '<1%';
}

function formatNames(names: readonly NameShare[]): string {
  const shown = names
    .slice(0, SHOWN_MAX)
    .map(({ name, share }) => (share === 1 ? (name ?? '-') : `${name ?? '-'} ${formatShare(share)}`));
  return [...shown, ...(names.length > SHOWN_MAX ? [`and ${names.length - SHOWN_MAX}`] : [])].join(', ');
}
