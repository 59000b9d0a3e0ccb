/** The command `logboom serve`: a supervisor, from its start to the signal that ends it. */
import * as fs from 'node:fs';
import { printNextSteps } from './next-steps.js';
import { type Started, Supervisor, type SupervisorOptions } from './supervisor.js';

/**
 * Resolves to the exit code: 0 if everything ended in order, 1 if something had to be cut off, or another process goes on as this node. Throws what kept the
 * service from starting, with everything ended that had started. `print` is called once, when the service accepts: with
 * the line that scripts wait for, and after a first start what to do next.
 */
export function serve(options: SupervisorOptions, print: (text: string) => void): Promise<number> {
  const { config, log } = options;
  const supervisor = new Supervisor(options);
  return new Promise((resolve, reject) => {
    let isStopping = false;

    const stop = (signal: NodeJS.Signals) => {
      if (isStopping) {
        log.warn({ signal }, 'stopping at once');
        supervisor.kill();
        resolve(1);
        return;
      }
      isStopping = true;
      log.info({ signal }, 'stopping');
      supervisor.stop().then((isClean) => resolve(isClean ? 0 : 1), reject);
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    supervisor.replaced.addEventListener('abort', () => {
      log.fatal({ err: supervisor.replaced.reason }, 'stopping at once');
      supervisor.kill();
      resolve(1);
    });
    const hadTerminal = hasTerminal();
    process.on('SIGHUP', (signal) => {
      // It is also how a terminal says that it is closed.
      if (hadTerminal && !hasTerminal()) stop(signal);
      else if (!isStopping) void supervisor.reload();
    });

    const announce = ({ listening, newKey }: Started) => {
      const nextSteps = newKey === undefined ? '' : printNextSteps({ listening, newKey, config });
      // In one piece: whoever reads may be content with the first line and go.
      print(`logboom ready: tracking ${listening.publicUrl} admin ${listening.adminUrl}\n${nextSteps}`);
    };
    supervisor.start().then(announce, (error) => {
      if (isStopping) return;
      supervisor.kill();
      reject(error);
    });
  });
}

/** Whether there is a terminal that this process belongs to. */
function hasTerminal(): boolean {
  try {
    fs.closeSync(fs.openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
