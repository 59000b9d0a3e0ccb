/** The settings as a person reads them: the help of the command, and the page of the documentation. */
import { flagName, type Given, quote, type Settings, variableName } from './layers.js';
import type { Setting } from './setting.js';

export interface Section {
  readonly title: string;
  readonly settings: Settings;
}

const HELP_WIDTH = 100;

/** What `logboom serve --help` prints. */
export function printHelp(sections: readonly Section[]): string {
  const lines = [
    'Usage: logboom serve [--name VALUE …]',
    '',
    'Starts the service and runs it until SIGTERM or SIGINT. Each setting can be given as a flag, as a variable of the',
    'environment (--spool-bytes-max is LOGBOOM_SPOOL_BYTES_MAX) or in a YAML file (there it is spoolBytesMax); a flag',
    'goes before the environment, the environment before the file.',
  ];
  for (const { title, settings } of sections) {
    lines.push('', `${title}:`);
    for (const [name, setting] of Object.entries(settings)) {
      const spelling = setting.secret ? variableName(name) : `${flagName(name)} ${setting.form}`;
      lines.push(`  ${spelling}${setting.default === '' ? '' : `  (${setting.default})`}`);
      lines.push(...wrap(setting.doc, HELP_WIDTH - 6).map((line) => `      ${line}`));
    }
  }
  return `${lines.join('\n')}\n`;
}

/** docs/configuration.md, whole. */
export function printPage(sections: readonly Section[]): string {
  const lines = [
    '# Configuration',
    '',
    '<!-- Printed from src/config.ts; `npx vitest run src/config -u` prints it again. -->',
    '',
    'Every setting has a default; a first start needs none of them. A setting can be given, nearest first,',
    '',
    '1. as a flag of `logboom serve`: `--spool-bytes-max 8GiB`,',
    '2. as a variable of the environment: `LOGBOOM_SPOOL_BYTES_MAX=8GiB` (an empty one counts as not set),',
    '3. in the YAML file that `--config` or `LOGBOOM_CONFIG` names: `spoolBytesMax: 8GiB`.',
    '',
    'The start stops at anything it does not understand: an unknown flag, variable or key, a value that cannot be, or two',
    'settings that contradict each other. It prints all of them at once, each with what would do.',
    '',
    'On SIGHUP the service reads the file and the variables again. Settings marked with ↻ take effect then, for all requests from',
    'that moment on, and no connection is closed for it; of the others the log names those that changed and wait for a restart.',
    'If anything is wrong, all stays as it was, and the log says why.',
    '',
    'Sizes carry a unit: `B`, `KiB`, `MiB`, `GiB`, `TiB`, or in powers of ten `KB`, `MB`, `GB`, `TB`. So do lengths of time: `ms`,',
    '`s`, `min`, `h`, `d`. Paths are absolute or relative to the working directory. In the file a list may be a YAML sequence.',
  ];
  for (const { title, settings } of sections) {
    lines.push('', `## ${title}`);
    for (const [name, setting] of Object.entries(settings)) lines.push('', ...printSetting(name, setting));
  }
  return `${lines.join('\n')}\n`;
}

/** YAML that gives the same settings again, a line each: `workers: "2" # --workers`. */
export function printGiven(sections: readonly Section[], given: Readonly<Record<string, Given>>): string {
  const lines: string[] = [];
  for (const { title, settings } of sections) {
    lines.push(...(lines.length === 0 ? [] : ['']), `# ${title}`);
    for (const [name, setting] of Object.entries(settings)) {
      const { text = setting.default, origin } = given[name] ?? {};
      const where = origin?.name ?? 'default';
      // The file cannot name itself, and holds no secrets that were not in it.
      const isComment = name === 'config' || setting.secret || text === '';
      const value = setting.secret && text !== '' ? '(not shown)' : quote(text);
      lines.push(`${isComment ? '# ' : ''}${name}: ${value} # ${where}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function printSetting(name: string, setting: Setting<unknown>): string[] {
  const variable = variableName(name);
  const spellings = setting.secret ? [variable, `${variable}_FILE`] : [flagName(name), variable];
  const fallback = setting.default === '' ? 'none' : `\`${setting.default}\``;
  const mark = setting.isLive ? ' ↻' : '';
  return [
    `### ${name}`,
    '',
    `${spellings.map((spelling) => `\`${spelling}\``).join(', ')}. Default: ${fallback}.${mark}`,
    '',
    setting.doc,
    `Must be ${setting.expects}.`,
  ];
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
