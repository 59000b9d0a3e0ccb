/** `logboom project …` */
import type { LogstoreList, ProjectInfo, ProjectList, UpdateProject } from '../src/api/catalog.js';
import { apiPath } from './client.js';
import type { Command } from './command.js';
import { confirm } from './confirm.js';
import { Failure } from './failure.js';
import { printTable } from './table.js';
import { escapeForTerminal } from './terminal.js';
import { formatTime } from './units.js';
import { QUOTA_OPTIONS, quotaOf } from './write-rules.js';

export const projectCommands: readonly Command[] = [
  {
    name: 'project create',
    arguments: ['PROJECT'],
    doc: 'Creates a project.',
    options: { description: { form: 'TEXT', default: '', doc: 'What it is for.' } },
    async run({ arguments: [name], option, client, machine }) {
      const body = { name, description: option('description') };
      const created = await client.json<ProjectInfo>('POST', apiPath('projects'), body);
      await machine.write(`Created project ${escapeForTerminal(created.name)}.\n`);
    },
  },
  {
    name: 'project list',
    arguments: [],
    doc: 'Lists all projects.',
    options: { json: { doc: 'As JSON, a project a line.' } },
    async run({ isSet, client, machine }) {
      const { projects } = await client.json<ProjectList>('GET', apiPath('projects'));
      if (isSet('json')) {
        for (const project of projects) await machine.write(`${escapeForTerminal(JSON.stringify(project))}\n`);
        return;
      }
      const rows = projects.map(({ name, createdAt, description }) => [name, formatTime(createdAt), description]);
      await machine.write(printTable(['PROJECT', 'CREATED (UTC)', 'DESCRIPTION'], rows));
    },
  },
  {
    name: 'project update',
    arguments: ['PROJECT'],
    doc: 'Changes a project; what is not given stays as it is.',
    options: { description: { form: 'TEXT', doc: 'What it is for.' }, ...QUOTA_OPTIONS },
    async run(call) {
      const [name = ''] = call.arguments;
      const changes: UpdateProject = { description: call.option('description'), quota: quotaOf(call) };
      if (changes.description === undefined && changes.quota === undefined) {
        throw new Failure('usage', 'nothing to change; give --description, --quota-requests or --quota-bytes');
      }
      const updated = await call.client.json<ProjectInfo>('PUT', apiPath('projects', name), changes);
      await call.machine.write(`Updated project ${escapeForTerminal(updated.name)}.\n`);
    },
  },
  {
    name: 'project delete',
    arguments: ['PROJECT'],
    doc: 'Deletes a project with all its logstores and their logs.',
    options: { yes: { doc: 'Do not ask.' } },
    async run(call) {
      const [name = ''] = call.arguments;
      const { logstores } = await call.client.json<LogstoreList>('GET', apiPath('projects', name, 'logstores'));
      await confirm(call, `Delete project ${name} with its ${logstores.length} logstores and all their logs?`);
      await call.client.json('DELETE', apiPath('projects', name));
      await call.machine.write(`Deleted project ${escapeForTerminal(name)}.\n`);
    },
  },
];
