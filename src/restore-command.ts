/** The command `logboom restore`: makes a data directory of a backup. */
import * as path from 'node:path';
import { describe, reportingTrouble } from './backup/report.js';
import { restoreBackup } from './backup/restore-backup.js';
import { readConfig } from './config.js';

const USAGE = `Usage: logboom restore DIRECTORY [settings]

Makes a data directory (--data) of the backup in DIRECTORY: checks each file against its SHA-256 as it is copied, opens the store
and counts its logs. The data directory must be empty or missing. Run it as the user that the service runs as.

The restored service numbers log groups anew, from where no copy of it can have come: it and the one that the backup was taken from
may run at the same time.

Exit status: 0 done, 1 it failed, 2 the backup or what was asked for cannot be used.
`;

/** `args` is what follows `restore`. Resolves to the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const [backup, ...settings] = args;
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (backup === undefined || backup.startsWith('-')) {
    process.stderr.write(USAGE);
    return 2;
  }
  return reportingTrouble(async () => {
    const read = readConfig(settings);
    if (read.kind === 'help') return;
    const { data } = read.config;
    const about = await restoreBackup({ backup: path.resolve(backup), data });
    process.stdout.write(`${data} is restored; logboom serve --data ${data} starts it. ${describe(about)}`);
  });
}
