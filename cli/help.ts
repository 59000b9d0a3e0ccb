/** What `--help` prints. */
import type { Command, Option } from './command.js';

/** Options of every command. */
export const COMMON: Readonly<Record<string, Option>> = {
  admin: { form: 'URL', doc: 'The admin listener of the server; else LOGBOOM_ADMIN, else http://127.0.0.1:8081.' },
  data: {
    form: 'DIR',
    doc: 'Where the server keeps its data and the access key; else LOGBOOM_DATA, else ./logboom-data.',
  },
  help: { doc: 'Prints this.' },
};

const ENDING = `Exit status: 0 done, 1 the server refused or failed, 2 wrong usage, 3 no server, 130 interrupted.
The access key is LOGBOOM_ACCESS_KEY_ID and LOGBOOM_ACCESS_KEY_SECRET, else that of the data directory.
`;

export function printCommands(commands: readonly Command[]): string {
  const serve = ['serve', 'Starts the service; logboom serve --help lists its settings.'] as const;
  const dev = ['dev', 'Starts an emulator for tests: in memory, everything exists, each log is printed.'] as const;
  const config = ['config check|print', 'Checks or shows the settings that serve would take.'] as const;
  const doctor = ['doctor', 'Says what would keep the service from running well here, and how to mend it.'] as const;
  const backup = [
    'backup DIRECTORY',
    'Copies everything while the service goes on; backup verify checks a copy.',
  ] as const;
  const restore = ['restore DIRECTORY', 'Makes a data directory of a backup.'] as const;
  const own = [serve, dev, config, doctor, backup, restore];
  const rows = align([...own, ...commands.map(row), ['--version', 'Prints the version.']]);
  return `Usage: logboom COMMAND\n\n${rows}\nlogboom COMMAND --help tells more of one.\n\n${ENDING}`;
}

/** The commands that begin with the same word. */
export function printFamily(word: string, commands: readonly Command[]): string {
  return `Usage: logboom ${word} …\n\n${align(commands.map(row))}\n${ENDING}`;
}

export function printCommand(command: Command): string {
  const options = Object.entries({ ...command.options, ...COMMON }).map(([name, option]) => {
    const isShown = option.default !== undefined && option.default !== '';
    return [optionUsage(name, option), option.doc + (isShown ? ` Default: ${option.default}.` : '')] as const;
  });
  return `Usage: logboom ${usage(command)} [options]\n\n${command.doc}\n\n${align(options)}\n${ENDING}`;
}

function row(command: Command): readonly [string, string] {
  return [usage(command), command.doc];
}

function usage(command: Command): string {
  return [command.name, ...command.arguments].join(' ');
}

function optionUsage(name: string, { form }: Option): string {
  return form === undefined ? `--${name}` : `--${name} ${form}`;
}

function align(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('');
}
