/** `logboom domain …` */
import type { DomainInfo, DomainList, SetDomain } from '../src/api/domains.js';
import { apiPath } from './client.js';
import type { Command } from './command.js';
import { confirm } from './confirm.js';
import { printTable } from './table.js';
import { escapeForTerminal } from './terminal.js';
import { formatTime } from './units.js';

export const domainCommands: readonly Command[] = [
  {
    name: 'domain list',
    arguments: [],
    doc: 'Lists the custom domains, those of the configuration among them.',
    options: { json: { doc: 'As JSON, a domain a line.' } },
    async run({ isSet, client, machine }) {
      const { domains } = await client.json<DomainList>('GET', apiPath('domains'));
      if (isSet('json')) {
        for (const domain of domains) await machine.write(`${escapeForTerminal(JSON.stringify(domain))}\n`);
        return;
      }
      const rows = domains.map(({ host, project, from, createdAt }) => [
        host,
        project,
        from,
        createdAt === null ? '' : formatTime(createdAt),
      ]);
      await machine.write(printTable(['DOMAIN', 'PROJECT', 'FROM', 'CREATED (UTC)'], rows));
    },
  },
  {
    name: 'domain add',
    arguments: ['HOST', 'PROJECT'],
    doc: 'Makes a host of your own stand for a project, as pages name it.',
    options: {},
    async run({ arguments: [host = '', project = ''], client, machine }) {
      const body: SetDomain = { project };
      const domain = await client.json<DomainInfo>('PUT', apiPath('domains', host), body);
      await machine.write(
        `${escapeForTerminal(domain.host)} stands for project ${escapeForTerminal(domain.project)}.\n` +
          'Its name has to lead here (DNS), and for https a certificate has to name it.\n',
      );
    },
  },
  {
    name: 'domain delete',
    arguments: ['HOST'],
    doc: 'Deletes a custom domain.',
    options: { yes: { doc: 'Do not ask.' } },
    async run(call) {
      const [host = ''] = call.arguments;
      await confirm(call, `Delete domain ${host}? Pages that send to it do not reach its project any more.`);
      await call.client.json('DELETE', apiPath('domains', host));
      await call.machine.write(`Deleted domain ${escapeForTerminal(host)}.\n`);
    },
  },
];
