/** The page docs/cli.md, printed from the table of commands. */
import type { Command, Option } from './command.js';
import { COMMON } from './help.js';

const BEGINNING = `# The command line

\`logboom serve\` is the service; its settings are in [configuration.md](configuration.md). \`logboom doctor\`,
\`config\`, \`backup\`, \`restore\` and \`migrate\` work on this machine, as [operating.md](operating.md) says. Everything else talks to the admin
listener of one that runs, here or elsewhere. This page is printed from the table in \`cli/commands.ts\` (\`npx vitest run cli -u\`).

    logboom query 'event:error release:shop-2.*' --from 1h --limit 20
    logboom query 'status:5* | SELECT path, count(*) AS n FROM log GROUP BY path ORDER BY n DESC' --csv
    logboom tail 'status:4*'
    logboom export '*' --from 2026-11-01 --to 2026-11-02 --format parquet --output november-1.parquet

## Common to all

`;

const RULES = `
The access key is \`LOGBOOM_ACCESS_KEY_ID\` with \`LOGBOOM_ACCESS_KEY_SECRET\` or \`LOGBOOM_ACCESS_KEY_SECRET_FILE\`, else that of the data
directory.

A time is \`now\`, \`now-15m\` or just \`15m\` (units s, m, h, d, w), \`2026-11-22\`, \`2026-11-22T10:00\`, the same with seconds and with a zone
(without one it is UTC), or Unix seconds or milliseconds.

What was asked for goes to standard output, all else to standard error: warnings, and on a terminal how far long work has come.
Characters in logs that a terminal would act on are shown as JSON escapes, which changes nothing for a program that reads JSON;
\`logboom export\` writes logs as they are. Ctrl-C ends what was asked in the engine as well.

| exit code | means |
|---|---|
| 0 | done |
| 1 | the server refused what was asked or failed at it, or the answer is incomplete |
| 2 | wrong usage, or what is needed from this machine is not there; nothing was asked |
| 3 | there is no server, or no Logboom, where one was looked for |
| 130 | interrupted by Ctrl-C |
`;

export function printPage(commands: readonly Command[]): string {
  return `${BEGINNING}${printOptions(COMMON)}${RULES}${commands.map(printCommand).join('')}`;
}

function printCommand(command: Command): string {
  const usage = ['logboom', command.name, ...command.arguments].join(' ');
  return `\n## ${usage}\n\n${escapeCell(command.doc)}\n\n${printOptions(command.options)}`;
}

function printOptions(options: Readonly<Record<string, Option>>): string {
  const rows = Object.entries(options).map(([name, option]) => {
    const form = option.form === undefined ? '' : ` ${option.form}`;
    return `| \`--${name}${form.replaceAll('|', '\\|')}\` | ${escapeCell(option.doc)} | ${option.default ?? ''} |\n`;
  });
  return rows.length === 0 ? '' : `| option | | default |\n|---|---|---|\n${rows.join('')}`;
}

function escapeCell(text: string): string {
  return text.replace(/[|*<]/g, '\\$&');
}
