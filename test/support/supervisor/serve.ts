/** `serve` with the small worker and store beside this file: node serve.js TIMING [FLAGS …], TIMING as JSON. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readConfig, reloadConfig } from '../../../src/config.js';
import { openLog } from '../../../src/platform/diagnostics.js';
import { serve } from '../../../src/supervisor/serve.js';
import { TIMING, type Timing } from '../../../src/supervisor/timing.js';

const [timingText = '{}', ...flags] = process.argv.slice(2);
// Written by our own test.
const timing: Timing = { ...TIMING, ...(JSON.parse(timingText) as Partial<Timing>) };
const read = readConfig(flags, {});
if (read.kind === 'help') throw new Error('flags expected');

const besides = (file: string) => fileURLToPath(new URL(file, import.meta.url));
try {
  process.exitCode = await serve(
    {
      config: read.config,
      reread: (running) => reloadConfig(running, flags, {}),
      workerFile: besides('worker.js'),
      launchStore: ({ socket }) => fork(besides('store.js'), [socket]),
      timing,
      log: openLog('supervisor', read.config.logLevel),
    },
    (text) => process.stdout.write(text),
  );
} catch (error) {
  process.stderr.write(`logboom: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
process.exit();
