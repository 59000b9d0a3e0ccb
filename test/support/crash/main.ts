/**
 * npm run proof:crash -- [--rounds 100] [--seed N] [--workers 1] [--account-every 10] [--planted BUG]
 *                        [--cut-power ext4|xfs [--lying-disk]] [--batches]
 *
 * Kills processes at random, or cuts the power of their disk; exit code 0 if every log is accounted for. With `--batches`
 * clients send under identities, until they are answered 200, and each has to be stored exactly once.
 */
import * as fs from 'node:fs';
import { parseArgs } from 'node:util';
import { runBatches } from './batch-run.js';
import { runCrashes } from './crash-run.js';
import { type BugName, PLANTED_BUGS } from './planted-bugs.js';
import { runPowerCuts } from './power-cut-run.js';
import { printReport } from './report.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    workers: { type: 'string', default: '1' },
    'account-every': { type: 'string', default: '10' },
    planted: { type: 'string' },
    'cut-power': { type: 'string' },
    'lying-disk': { type: 'boolean', default: false },
    batches: { type: 'boolean', default: false },
  },
});
const { planted, 'cut-power': fileSystem } = values;
if (planted !== undefined && !isBug(planted)) refuse('planted', Object.keys(PLANTED_BUGS));
if (fileSystem !== undefined && fileSystem !== 'ext4' && fileSystem !== 'xfs') refuse('cut-power', ['ext4', 'xfs']);

// So that what was started is ended with us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const options = {
  rounds: Number(values.rounds),
  seed: Number(values.seed),
  workers: Number(values.workers),
  accountEvery: Number(values['account-every']),
  planted,
  tell: (line: string) => console.log(line),
};
console.log(`seed ${options.seed}, workers ${options.workers}, planted: ${planted ?? 'nothing'}`);
if (values.batches) {
  const { faults, directory, ...figures } = await runBatches(options);
  console.log(JSON.stringify(figures), ...faults);
  if (faults.length === 0) fs.rmSync(directory, { recursive: true });
  process.exit(faults.length === 0 ? 0 : 1);
}
const report =
  fileSystem === undefined
    ? await runCrashes(options)
    : await runPowerCuts({ ...options, fileSystem, lyingDisk: values['lying-disk'] });
console.log(printReport(report));
process.exit(report.faults.length === 0 ? 0 : 1);

function isBug(name: string): name is BugName {
  return Object.hasOwn(PLANTED_BUGS, name);
}

function refuse(flag: string, choices: readonly string[]): never {
  console.error(`--${flag} is one of ${choices.join(', ')}`);
  process.exit(2);
}
