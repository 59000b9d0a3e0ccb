/** The commands `logboom config check` and `logboom config print`: what `serve` would make of the same flags, environment and file. */
import { ConfigError } from './config/resolve.js';
import { printSettings, readConfig } from './config.js';

const USAGE = `Usage: logboom config check [settings]
       logboom config print [settings]

check says everything that is wrong with the settings, as logboom serve would, and starts nothing.
print shows the settings in force, as YAML, each with where it comes from.
Settings are those of logboom serve --help.

Exit status: 0 the settings can be used, 2 they cannot.
`;

/** `args` is what follows `config`. Returns the exit code. */
export function main([what = '--help', ...args]: readonly string[]): number {
  if (what === '--help' || what === '-h' || args.includes('--help') || args.includes('-h')) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (what !== 'check' && what !== 'print') {
    process.stderr.write(`logboom: config takes check or print, and was given ${JSON.stringify(what)}\n`);
    return 2;
  }
  try {
    const read = readConfig(args);
    if (read.kind === 'config') {
      process.stdout.write(what === 'print' ? printSettings(read.given) : 'The settings can be used.\n');
    }
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(error.problems.map((problem) => `logboom: ${problem}\n`).join(''));
    return 2;
  }
}
