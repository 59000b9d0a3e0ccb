/** The command `logboom serve`: reads the settings, runs the service until a signal ends it, and says how it went. */
import { fileURLToPath } from 'node:url';
import { ConfigError } from './config/resolve.js';
import { type Config, readConfig, reloadConfig } from './config.js';
import { openLog } from './platform/diagnostics.js';
import { launchStore } from './store/embedded/launch.js';
import { serve } from './supervisor/serve.js';
import { TIMING } from './supervisor/timing.js';

/**
 * `args` is what follows `serve`. Resolves to the exit code: 2 for settings that are wrong, 1 for a service that cannot
 * start or could not end in order; standard error then has the reason.
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const read = readConfig(args);
    if (read.kind === 'help') {
      process.stdout.write(read.text);
      return 0;
    }
    const { config } = read;
    const workerFile = fileURLToPath(new URL('./worker.js', import.meta.url));
    const log = openLog('supervisor', config.logLevel);
    const reread = (running: Config) => reloadConfig(running, args);
    const code = await serve({ config, reread, workerFile, launchStore, timing: TIMING, log }, (text) =>
      process.stdout.write(text),
    );
    // A child that not even SIGKILL ends, for its disk has stalled, would keep this process as well.
    return process.exit(code);
  } catch (error) {
    process.stderr.write(`logboom: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof ConfigError ? 2 : 1;
  }
}
