/** The commands `logboom backup` and `logboom backup verify`: a copy of everything while the service goes on. */
import * as path from 'node:path';
import { makeBackup } from './backup/make-backup.js';
import { describe, reportingTrouble } from './backup/report.js';
import { verifyBackup } from './backup/verify-backup.js';
import { readConfig } from './config.js';

const USAGE = `Usage: logboom backup DIRECTORY [settings]
       logboom backup verify DIRECTORY

Copies catalog, keys, spool and store of the data directory to an empty DIRECTORY, while the service goes on or while it does not
run. Everything acknowledged before it began is in it. To be run as the user whose directory it is, with the settings of
logboom serve. verify reads a backup again and says whether it is as it was made. logboom restore makes a data directory of it.

The copy holds secrets of access keys, unless secretsKey seals them: it is for its owner alone, and so should be what you make
of it. It does not hold the configuration, nor the file of secretsKey.

Exit status: 0 done, 1 it failed, 2 it was asked for in a way that cannot be.
`;

/** `args` is what follows `backup`. Resolves to the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const [first, ...rest] = args;
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (first === undefined || first.startsWith('-') || (first === 'verify' && rest.length !== 1)) {
    process.stderr.write(USAGE);
    return 2;
  }
  return reportingTrouble(async () => {
    if (first === 'verify') {
      const { about, sums } = await verifyBackup(path.resolve(rest[0] ?? ''));
      process.stdout.write(`${sums.size} files are as they were made. ${describe(about)}`);
      return;
    }
    const read = readConfig(rest);
    if (read.kind === 'help') return;
    const { data, store } = read.config;
    const target = path.resolve(first);
    const about = await makeBackup({ data, target, hasStore: store === 'embedded' });
    process.stdout.write(`${target} is a backup. ${describe(about)}`);
    if (store === 'cluster')
      process.stdout.write('Logs and catalog are on the servers: back them up there, and do so now.\n');
  });
}
