/** How the commands of backups tell what they did, and what went wrong. */
import { ConfigError } from '../config/resolve.js';
import { sumLogs } from './count-logs.js';
import { type BackupAbout, BackupRefused } from './manifest.js';

/** Runs a command and resolves to its exit code, with a sentence on standard error for what an operator can mend. */
export async function reportingTrouble(work: () => Promise<void>): Promise<number> {
  try {
    await work();
    return 0;
  } catch (error) {
    if (error instanceof ConfigError) {
      process.stderr.write(error.problems.map((problem) => `logboom: ${problem}\n`).join(''));
      return 2;
    }
    process.stderr.write(`logboom: ${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof BackupRefused ? 2 : 1;
  }
}

export function describe({ beganAt, version, stored }: BackupAbout): string {
  return `It has all that was acknowledged before ${beganAt}, ${sumLogs(stored)} logs in the store; made by ${version}.\n`;
}
