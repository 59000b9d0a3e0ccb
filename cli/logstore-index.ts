/** `logboom index …` */
import type { LogstoreIndexInfo } from '../src/api/logstore-index.js';
import { apiPath } from './client.js';
import type { Call, Command, Option } from './command.js';
import { confirm } from './confirm.js';
import { Failure } from './failure.js';
import { escapeForTerminal } from './terminal.js';

const project: Option = { form: 'PROJECT', default: 'default', doc: 'The project of the logstore.' };

export const indexCommands: readonly Command[] = [
  {
    name: 'index show',
    arguments: ['LOGSTORE'],
    doc: 'Shows the index of a logstore as JSON, as `index set` takes it.',
    options: { project },
    async run(call) {
      const { config } = await call.client.json<LogstoreIndexInfo>('GET', indexPath(call));
      if (config === null) throw new Failure('refused', 'the logstore has no index: all of it can be searched');
      await call.machine.write(`${escapeForTerminal(JSON.stringify(config))}\n`);
    },
  },
  {
    name: 'index set',
    arguments: ['LOGSTORE', 'FILE'],
    doc: 'Gives a logstore the index of a JSON file, in place of the one it has. Searches follow it from the next one on.',
    options: { project },
    async run(call) {
      const [logstore = '', file = ''] = call.arguments;
      await call.client.json<LogstoreIndexInfo>('PUT', indexPath(call), readIndex(call, file));
      await call.machine.write(`Searches of ${escapeForTerminal(logstore)} follow the new index.\n`);
    },
  },
  {
    name: 'index delete',
    arguments: ['LOGSTORE'],
    doc: 'Takes the index of a logstore away. Its logs stay, and all of them can be searched, by the default rules.',
    options: { project, yes: { doc: 'Do not ask.' } },
    async run(call) {
      const [logstore = ''] = call.arguments;
      await confirm(call, `Delete the index of ${logstore}?`);
      await call.client.json('DELETE', indexPath(call));
      await call.machine.write(`Deleted the index of ${escapeForTerminal(logstore)}.\n`);
    },
  },
];

function indexPath({ arguments: [logstore = ''], option }: Call): string {
  return apiPath('projects', option('project') ?? '', 'logstores', logstore, 'index');
}

function readIndex({ machine }: Call, file: string): unknown {
  try {
    return JSON.parse(machine.readFile(file));
  } catch (cause) {
    throw new Failure('usage', escapeForTerminal(`${file}: ${cause instanceof Error ? cause.message : cause}`), {
      cause,
    });
  }
}
