/** `logboom key …` */
import type { CreatedKey, CreateKey, KeyInfo, KeyList, KeyRole, UpdateKey } from '../src/api/keys.js';
import { apiPath } from './client.js';
import type { Call, Command } from './command.js';
import { confirm } from './confirm.js';
import { Failure } from './failure.js';
import { printTable } from './table.js';
import { escapeForTerminal } from './terminal.js';
import { formatTime } from './units.js';

const ROLES: readonly KeyRole[] = ['read', 'write', 'manage'];

export const keyCommands: readonly Command[] = [
  {
    name: 'key create',
    arguments: [],
    doc: 'Creates an access key and shows its secret, this once.',
    options: {
      roles: {
        form: 'ROLES',
        doc: 'What it is for: read, write or both with a comma between, or manage, which includes them.',
      },
      projects: { form: 'PROJECTS', doc: 'The projects it is good for, with commas between; all if left out.' },
      json: { doc: 'As JSON.' },
    },
    async run(call) {
      const body: CreateKey = { roles: rolesOf(call), projects: listOf(call.option('projects')) ?? null };
      const key = await call.client.json<CreatedKey>('POST', apiPath('keys'), body);
      if (call.isSet('json')) {
        await call.machine.write(`${escapeForTerminal(JSON.stringify(key))}\n`);
        return;
      }
      await call.machine.write(
        `Created an access key for ${describe(key)}.\n` +
          `  id      ${escapeForTerminal(key.id)}\n` +
          `  secret  ${escapeForTerminal(key.secret)}\n` +
          'The secret is not shown again.\n',
      );
    },
  },
  {
    name: 'key list',
    arguments: [],
    doc: 'Lists all access keys, without their secrets.',
    options: { json: { doc: 'As JSON, a key a line.' } },
    async run({ isSet, client, machine }) {
      const { keys } = await client.json<KeyList>('GET', apiPath('keys'));
      if (isSet('json')) {
        for (const key of keys) await machine.write(`${escapeForTerminal(JSON.stringify(key))}\n`);
        return;
      }
      const rows = keys.map(({ id, roles, projects, isEnabled, createdAt }) => [
        id,
        roles.join(','),
        projects === null ? 'all' : projects.join(','),
        isEnabled ? 'yes' : 'no',
        formatTime(createdAt),
      ]);
      await machine.write(printTable(['KEY', 'ROLES', 'PROJECTS', 'ENABLED', 'CREATED (UTC)'], rows));
    },
  },
  {
    name: 'key disable',
    arguments: ['KEY'],
    doc: 'Refuses an access key from now on, until it is enabled again.',
    options: {},
    run: (call) => switchKey(call, false),
  },
  {
    name: 'key enable',
    arguments: ['KEY'],
    doc: 'Accepts an access key again.',
    options: {},
    run: (call) => switchKey(call, true),
  },
  {
    name: 'key delete',
    arguments: ['KEY'],
    doc: 'Deletes an access key for good.',
    options: { yes: { doc: 'Do not ask.' } },
    async run(call) {
      const [id = ''] = call.arguments;
      await confirm(call, `Delete access key ${id}? Whoever uses it is refused from then on.`);
      await call.client.json('DELETE', apiPath('keys', id));
      await call.machine.write(`Deleted access key ${escapeForTerminal(id)}.\n`);
    },
  },
];

async function switchKey({ arguments: [id = ''], client, machine }: Call, isEnabled: boolean): Promise<void> {
  const body: UpdateKey = { isEnabled };
  const key = await client.json<KeyInfo>('PUT', apiPath('keys', id), body);
  await machine.write(`Access key ${escapeForTerminal(key.id)} is ${key.isEnabled ? 'enabled' : 'disabled'}.\n`);
}

function rolesOf({ option }: Call): readonly KeyRole[] {
  const roles = listOf(option('roles'));
  if (roles === undefined)
    throw new Failure('usage', 'say what the key is for: --roles read, write, read,write or manage');
  return roles.map((text) => {
    const role = ROLES.find((known) => known === text);
    if (role === undefined)
      throw new Failure('usage', `--roles: "${escapeForTerminal(text)}" is none of ${ROLES.join(', ')}`);
    return role;
  });
}

function listOf(text: string | undefined): string[] | undefined {
  return text?.split(',').map((item) => item.trim());
}

function describe({ roles, projects }: KeyInfo): string {
  return escapeForTerminal(`${roles.join(' and ')} in ${projects === null ? 'all projects' : projects.join(', ')}`);
}
