/** The command `logboom dev`: the emulator, until a signal ends it; a line for each log on standard output. */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { openDev } from './dev.js';

const USAGE = `Usage: logboom dev [options]

Takes logs as logboom serve does, keeps them in memory, and prints each as a line of JSON. Every project and logstore exists.
For tests: docs/emulator.md.

  --host HOST  Listens there; 127.0.0.1 by default.
  --port PORT  Listens there; a free one by default.
  --strict     Refuses values that are not strings, as SLS does.
`;

/** `args` is what follows `dev`. Resolves to the exit code: 0 after SIGINT or SIGTERM, 2 for wrong usage, 1 if it cannot listen. */
export async function main(args: readonly string[]): Promise<number> {
  let port: number;
  let options: ReturnType<typeof parse>;
  try {
    options = parse(args);
    port = Number(options.port);
    if (!/^\d{1,5}$/.test(options.port) || port > 65_535) throw new Error('--port takes a number from 0 to 65535');
  } catch (error) {
    process.stderr.write(`logboom: dev: ${messageOf(error)}\n`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  try {
    const dev = await openDev({
      host: options.host,
      port,
      strict: options.strict,
      onLog: ({ project, logstore, log }) => {
        process.stdout.write(`${JSON.stringify({ __project__: project, __logstore__: logstore, ...log })}\n`);
      },
    });
    process.stdout.write(`logboom ready: tracking ${dev.url}\n`);
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    await dev.close();
    return 0;
  } catch (error) {
    process.stderr.write(`logboom: ${messageOf(error)}\n`);
    return 1;
  }
}

function parse(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '0' },
      strict: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return values;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
