/** The command `logboom doctor`: whether the service can run here with these settings, and keep its promise. */
import { ConfigError } from './config/resolve.js';
import { type Config, readConfig, serverPlace } from './config.js';
import { checkDisk } from './doctor/check-disk.js';
import {
  checkLibrary,
  checkMemory,
  checkNode,
  checkOpenFiles,
  readMemoryBytes,
  readProcessReport,
} from './doctor/check-machine.js';
import { checkAddresses, checkCertificate, checkSecretsKey } from './doctor/check-service.js';
import { checkServers } from './doctor/check-store.js';
import { type Finding, problem } from './doctor/finding.js';
import { openLog } from './platform/diagnostics.js';

const USAGE = `Usage: logboom doctor [settings]

Looks at the settings, the machine, the disk, the addresses and the servers of the store, and says what would keep the service from running well, and how
to mend it. Changes nothing, but for a file that it writes to time the disk. Settings are those of logboom serve --help.

Exit status: 0 no problem was found, 1 one was, 2 the settings cannot be used.
`;

const SIGNS = { ok: 'ok      ', warning: 'warning ', problem: 'problem ' } as const;

/** `args` is what follows `doctor`. Resolves to the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(USAGE);
    return 0;
  }
  let hasProblem = false;
  const tell = ({ kind, what, advice }: Finding) => {
    hasProblem ||= kind === 'problem';
    process.stdout.write(`${SIGNS[kind]} ${what}\n${advice === undefined ? '' : `          → ${advice}\n`}`);
  };
  try {
    const read = readConfig(args);
    if (read.kind === 'config') for await (const finding of examine(read.config)) tell(finding);
    return hasProblem ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const text of error.problems) tell(problem(text, 'logboom config print shows where settings come from'));
    return 2;
  }
}

async function* examine(config: Config): AsyncGenerator<Finding> {
  const { glibc, openFiles } = readProcessReport();
  yield checkNode(process.versions.node);
  if (config.store === 'embedded') {
    yield checkLibrary(process.platform, glibc);
    yield checkMemory(readMemoryBytes(), { storeBytes: config.storeMemoryBytesMax, workers: config.workers });
  }
  if (config.store === 'cluster') yield* await checkServers(config.storeUrls, serverPlace(config));
  yield checkOpenFiles(openFiles, config.connectionsMax);
  yield* await checkDisk(config.data, config.spoolFreeBytesMin);
  if (config.tlsCert !== '') {
    const files = { certFile: config.tlsCert, keyFile: config.tlsKey };
    yield await checkCertificate(files, Date.now() / 1000, openLog('doctor', 'silent'));
  }
  if (config.secretsKey !== '') yield await checkSecretsKey(config.secretsKey);
  yield* await checkAddresses(config.listen, config.adminListen);
}
