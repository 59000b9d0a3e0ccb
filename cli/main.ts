/** The command line: finds the command, reads its arguments, runs it, and says in an exit code how it went. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { createClient, findServer } from './client.js';
import type { Call, Command } from './command.js';
import { COMMANDS } from './commands.js';
import { EXIT, Failure } from './failure.js';
import { COMMON, printCommand, printCommands, printFamily } from './help.js';
import { type Machine, thisMachine } from './machine.js';
import { escapeForTerminal } from './terminal.js';

const HELP: readonly string[] = ['--help', '-h', 'help'];

/** `args` is what follows `logboom`. Resolves to the exit code; what went wrong is on standard error. */
export async function main(args: readonly string[], machine: Machine = thisMachine()): Promise<number> {
  try {
    const command = COMMANDS.find(({ name }) => startsWith(args, name.split(' ')));
    if (command === undefined) return await answerWithoutCommand(args, machine);
    await run(command, args.slice(command.name.split(' ').length), machine);
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    machine.warn(`logboom: ${error.message}\n`);
    return error.exitCode;
  }
}

async function run(command: Command, args: readonly string[], machine: Machine): Promise<void> {
  const { values, positionals } = parse(command, args);
  if (values['help'] === true) return machine.write(printCommand(command));
  const needed = command.arguments.filter((name) => !name.startsWith('['));
  if (positionals.length < needed.length || positionals.length > command.arguments.length) {
    const given = positionals.length === 0 ? 'none' : positionals.map((text) => JSON.stringify(text)).join(' ');
    const wanted = command.arguments.join(' ') || 'no arguments';
    throw usageFailure(command, `it takes ${wanted}, and was given ${given}`);
  }
  const option = (name: string) => {
    const value = values[name] ?? command.options[name]?.default;
    return typeof value === 'string' ? value : undefined;
  };
  const server = findServer({ admin: option('admin'), data: option('data') }, machine);
  const call: Call = {
    arguments: command.arguments.map((_, index) => positionals[index] ?? ''),
    option,
    isSet: (name) => values[name] === true,
    client: createClient(server, machine.signal),
    machine,
  };
  await command.run(call);
}

function parse(command: Command, args: readonly string[]) {
  const options: NonNullable<ParseArgsConfig['options']> = {};
  for (const [name, { form }] of Object.entries({ ...command.options, ...COMMON })) {
    options[name] = { type: form === undefined ? 'boolean' : 'string' };
  }
  options['help'] = { type: 'boolean', short: 'h' };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const [problem = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw usageFailure(command, problem);
  }
}

/** Help where it was asked for: for all commands, or for those that begin with the word given. */
async function answerWithoutCommand(args: readonly string[], machine: Machine): Promise<number> {
  const [first = '--help', ...more] = args;
  const family = COMMANDS.filter(({ name }) => name.startsWith(`${first} `));
  if (HELP.includes(first)) {
    await machine.write(printCommands(COMMANDS));
  } else if (family.length > 0 && more.every((word) => HELP.includes(word))) {
    await machine.write(printFamily(first, family));
  } else {
    throw new Failure('usage', `unknown command ${escapeForTerminal(args.join(' '))}; logboom --help lists them`);
  }
  return EXIT.done;
}

function usageFailure({ name }: Command, problem: string): Failure {
  return new Failure('usage', `${name}: ${escapeForTerminal(problem)}\nlogboom ${name} --help tells how it is used.`);
}

function startsWith(args: readonly string[], words: readonly string[]): boolean {
  return words.every((word, index) => args[index] === word);
}
