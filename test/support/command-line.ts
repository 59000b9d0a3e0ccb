/** A run of `logboom …args` in this process, whose output can be waited for. */

import type { Machine } from '../../cli/machine.js';
import { main } from '../../cli/main.js';

export interface CommandRun {
  readonly ended: Promise<{ readonly exitCode: number; readonly out: string; readonly err: string }>;
  /** Ctrl-C. */
  interrupt(): void;
  until(stream: 'out' | 'err', pattern: RegExp): Promise<void>;
}

export function runCommand(args: readonly string[], adminUrl: string, { showsProgress = false } = {}): CommandRun {
  const interrupt = new AbortController();
  const output = { out: '', err: '' };
  let changed = () => {};
  const machine: Machine = {
    env: { LOGBOOM_ADMIN: adminUrl, LOGBOOM_ACCESS_KEY_ID: 'LBtest', LOGBOOM_ACCESS_KEY_SECRET: 'a-secret' },
    signal: interrupt.signal,
    isInteractive: false,
    showsProgress,
    readFile: () => '',
    write: async (piece) => {
      output.out += Buffer.from(piece).toString();
      changed();
    },
    warn: (text) => {
      output.err += text;
      changed();
    },
    ask: async () => '',
  };
  const ended = main(args, machine).then((exitCode) => ({ exitCode, ...output }));
  return {
    ended,
    interrupt: () => interrupt.abort(),
    async until(stream, pattern) {
      while (!pattern.test(output[stream])) {
        await new Promise<void>((resolve) => {
          changed = resolve;
        });
      }
    },
  };
}
