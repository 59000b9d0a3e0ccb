/** The command `logboom migrate`: brings the logs of an embedded store to ClickHouse servers while the service goes on, or back. */
import { parseArgs } from 'node:util';
import { ConfigError } from './config/resolve.js';
import { type Config, readConfig } from './config.js';
import type { Difference } from './migrate/copy-piece.js';
import { withEmbedded, withEngineOf, withServers } from './migrate/places.js';
import { MigrationRefused, runMigration, runVerification, type Stores } from './migrate/run-migration.js';
import { count, showProgress } from './migrate/show-progress.js';
import { openLog } from './platform/diagnostics.js';
import { DirectoryInUse } from './platform/lock.js';

const USAGE = `Usage: logboom migrate --to URL[,URL] [--verify] [settings]
       logboom migrate --from URL[,URL] [--verify] [settings]

--to copies all logs of the embedded store of the data directory to a ClickHouse server or cluster, while the service goes on or while
it does not run; --from copies them from there to the embedded store. Each hour of each logstore is counted and added up on both sides.
It may be ended and begun again at any time, and goes on where it was. Whatever comes while it runs is copied as well, until only what
the spool holds is left: then restart the service with its new store. docs/operating.md has the whole way.

--verify copies nothing: it reads everything on both sides and names the hours that differ, before or after the switch-over.

To be run as the user whose data directory it is, with the settings of logboom serve; storeUser, storePasswordFile, storeDatabase,
storeCa and storeCluster say how to get at the servers.

Exit status: 0 done, 1 it failed or the stores differ, 2 it was asked for in a way that cannot be.
`;

/** Hours that are named; the others are counted. */
const NAMED_MAX = 50;

/** `args` is what follows `migrate`. Resolves to the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(USAGE);
    return 0;
  }
  try {
    const order = readOrder(args);
    if (order === null) {
      process.stderr.write(USAGE);
      return 2;
    }
    return await run(order);
  } catch (error) {
    const problems =
      error instanceof ConfigError ? error.problems : [error instanceof Error ? error.message : String(error)];
    process.stderr.write(problems.map((problem) => `logboom: ${problem}\n`).join(''));
    const isUsage =
      error instanceof ConfigError || error instanceof MigrationRefused || error instanceof DirectoryInUse;
    return isUsage ? 2 : 1;
  }
}

interface Order {
  readonly direction: 'to' | 'from';
  readonly isVerification: boolean;
  readonly config: Config;
}

/** Null if it is none. Throws ConfigError. */
function readOrder(args: readonly string[]): Order | null {
  const ours: string[] = [];
  const settings: string[] = [];
  for (const [i, word] of args.entries()) {
    const isOurs = /^--(to|from)(=|$)|^--verify$/.test(word) || /^--(to|from)$/.test(args[i - 1] ?? '');
    (isOurs ? ours : settings).push(word);
  }
  const { values } = parseArgs({
    args: ours,
    options: { to: { type: 'string' }, from: { type: 'string' }, verify: { type: 'boolean' } },
  });
  const { to, from, verify: isVerification = false } = values;
  const urls = to ?? from;
  if (urls === undefined || (to !== undefined && from !== undefined)) return null;
  // The settings of a node with that store: what they say of another one is another service's.
  const read = readConfig([...settings, '--store', 'cluster', '--store-urls', urls]);
  if (read.kind === 'help') return null;
  return { direction: to === undefined ? 'from' : 'to', isVerification, config: read.config };
}

async function run({ direction, isVerification, config }: Order): Promise<number> {
  const log = openLog('migrate', config.logLevel === 'info' ? 'warn' : config.logLevel);
  const shown = showProgress(
    (text) => process.stderr.write(text),
    () => Date.now(),
  );
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interrupt.abort(new Error('ended before it was done; begin it again and it goes on')));
  }
  const embedded = config.data;
  const servers = `${config.storeUrls.join(',')} ${config.storeDatabase}`;
  const route = direction === 'to' ? { from: embedded, to: servers } : { from: servers, to: embedded };
  const work = (stores: Stores) => (isVerification ? verify(stores) : migrate({ ...stores, data: config.data }));
  const verify = async (stores: Stores) => {
    const { logs, hours, different } = await runVerification(stores, shown, interrupt.signal);
    process.stdout.write(`${count(logs)} logs in ${count(hours)} hours are the same on both sides.\n`);
    if (different.length === 0) return 0;
    process.stderr.write(describe(different));
    return 1;
  };
  const migrate = async (options: Stores & { readonly data: string }) => {
    const migrated = await runMigration({ ...options, route, shown }, interrupt.signal);
    const { logs, copiedLogs, rounds, wholeAtMs } = migrated;
    const at = new Date(wholeAtMs).toISOString();
    process.stdout.write(`${route.to} has all ${count(logs)} logs that were in the store at ${at}, each hour compared;
${count(copiedLogs)} were copied now, in ${rounds} rounds. docs/operating.md, "To servers and back", says how to switch over.\n`);
    return 0;
  };
  // Logs are brought to an embedded store that no service has open.
  const withHere = direction === 'from' && !isVerification ? withEngineOf : withEmbedded;
  return withServers(config, log, (there) =>
    withHere(config, log, (here) => work(direction === 'to' ? { from: here, to: there } : { from: there, to: here })),
  );
}

function describe(different: readonly Difference[]): string {
  const lines = different.slice(0, NAMED_MAX).map(({ logstoreId, hour, fromLogs, toLogs }) => {
    const at = new Date(hour * 1000).toISOString().slice(0, 13);
    const what =
      fromLogs === toLogs
        ? `as many logs, ${count(toLogs)}, but others`
        : `${count(toLogs)} logs instead of ${count(fromLogs)}`;
    return `logboom: logstore ${logstoreId}, the hour from ${at}:00 UTC: there are ${what}\n`;
  });
  const more = different.length - lines.length;
  return `${lines.join('')}${more > 0 ? `logboom: and ${count(more)} hours more\n` : ''}`;
}
