/**
 * Every setting, once: name, kind, default and what it does. Its flag, its variable and its key in the file follow from the
 * name; help and docs/configuration.md are printed from here. Sizes are in bytes, lengths of time in milliseconds.
 *
 * Read by main.ts, at the start and when it is told to read them again; nothing else reads the environment. The values are
 * plain frozen data, fit to be sent to another process as they are.
 */
import { readFileSync, statSync } from 'node:fs';
import { printGiven, printHelp, type Section } from './config/print.js';
import { type Reloaded, takeLive } from './config/reload.js';
import { ConfigError, resolveSettings, type Sourced, type Sources, type Values } from './config/resolve.js';
import {
  address,
  bytes,
  domains,
  duration,
  fieldKeys,
  filePath,
  hosts,
  integer,
  networks,
  oneOf,
  text,
  url,
  urls,
} from './config/setting.js';
import { isAccessKeyId, isAccessKeySecret } from './model/access-key.js';
import { isProjectName } from './model/names.js';
import { readTimeZone } from './model/time-zone.js';

const PROJECT_NAME = 'a project name: 3 to 63 lower-case letters, digits and -, neither end a -';

/** Loopback, RFC 1918, RFC 6598 (behind a provider), link-local, RFC 4193. */
const PRIVATE_NETWORKS =
  '127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,169.254.0.0/16,::1,fe80::/10,fc00::/7';

const place = {
  config: filePath('FILE', { default: '', doc: 'A YAML file with settings. Cannot be set in that file itself.' }),
  data: filePath('DIR', {
    default: './logboom-data',
    doc: 'Everything that is kept: catalog, spool and, if embedded, the store. Created if it is missing, for its owner alone.',
  }),
  listen: address({
    default: '0.0.0.0:8080',
    doc: 'The public listener: tracking, for anyone to write to. Put a TLS proxy in front of it.',
  }),
  tlsCert: filePath('FILE', {
    default: '',
    doc:
      'A PEM file with a certificate and those that lead to its root: the public listener then speaks https, HTTP/2 and HTTP/1.1. It is read again ' +
      'when it changes.',
  }),
  tlsKey: filePath('FILE', { default: '', doc: 'A PEM file with the key of tlsCert, without a passphrase.' }),
  publicApi: oneOf(['on', 'off'], {
    default: 'on',
    doc:
      'Whether the public listener has the APIs for SDKs too, whose requests are signed with an access key. The other ' +
      'listener always has them.',
  }),
  adminListen: address({
    default: '127.0.0.1:8081',
    doc: 'The listener for operators: queries, projects and logstores, metrics, health. Keep it off the Internet.',
  }),
  workers: integer({
    min: '1',
    max: '64',
    default: '1',
    doc: 'Processes that receive logs, each with a spool of its own. More of them use more cores.',
  }),
  logLevel: oneOf(['debug', 'info', 'warn', 'error', 'silent'], {
    isLive: true,
    default: 'info',
    doc: 'The least important message of our own that is still written to standard error.',
  }),
};

const names = {
  endpoint: hosts({
    isLive: true,
    default: '',
    doc:
      'The host names under which projects are reached: with log.example.com, a request to shop.log.example.com is for ' +
      'the project shop. Without any, the first label of the Host is the project, unless the Host is an IP address or localhost.',
  }),
  domains: domains(isProjectName, {
    isLive: true,
    default: '',
    doc:
      'Hosts of your own, and the project each one stands for. In the file it may be a mapping of hosts to projects. Others are ' +
      'added without a restart by `logboom domain add`; those that are here count before them.',
  }),
  defaultProject: text('PROJECT', PROJECT_NAME, isProjectName, {
    default: 'default',
    doc: 'The project of requests whose Host names none.',
  }),
  trustedProxies: networks({
    isLive: true,
    default: '',
    doc:
      'Proxies whose X-Forwarded-For is believed. From anyone else the address of the connection is the address of the ' +
      'client.',
  }),
};

const requests = {
  nonStringValues: oneOf(['store', 'refuse'], {
    default: 'store',
    doc:
      'What to do with a log whose value is a number, a boolean, null or nested: store it as the text it was sent as, or ' +
      'refuse the request.',
  }),
  bodyBytesMax: bytes({
    min: '1KiB',
    max: '64MiB',
    default: '3MiB',
    doc: 'The largest request body, after decompression. Larger ones are refused whole.',
  }),
  logsPerRequestMax: integer({
    min: '1',
    max: '65535',
    default: '4096',
    doc: 'The most logs in one request. A request with more is refused whole.',
  }),
  putBodyBytesMax: bytes({
    min: '1KiB',
    max: '16MiB',
    default: '10MiB',
    doc: 'The largest body of PutLogs, the signed way to write, after decompression; never more than inFlightBytesMax and spoolSegmentBytesMax.',
  }),
  putLogsMax: integer({
    min: '1',
    max: '512000',
    default: '512000',
    doc: 'The most logs in one PutLogs. The documents of SLS say 4096; SDKs send more.',
  }),
  schemaVersionKeys: fieldKeys({
    default:
      'version,app_version,appVersion,release,app.version,__tag__:version,__tag__:app_version,__tag__:appVersion,__tag__:release',
    doc:
      'The fields and tags that hold the version of the app that sends a log; the first of them that a log has counts. For the ' +
      'schema watch, which tells by it which release has changed a field.',
  }),
  inFlightBytesMax: bytes({
    min: '1MiB',
    max: '64GiB',
    default: '64MiB',
    doc: 'Bodies in memory, per worker, from their headers to their answer; a request counts as 2 KiB at least. Above it new ones get 503 before they are read.',
  }),
  batchIdsMax: integer({
    min: '1',
    max: '10000000',
    default: '500000',
    doc: 'Identities of batches (x-logboom-batch-id) that are remembered, for a day at most; the oldest go for new ones. A million takes some 150 MB of memory and 100 MB of disk.',
  }),
  connectionsMax: integer({
    min: '1',
    max: '1000000',
    default: '4096',
    doc: 'Open connections, per worker and listener. Further ones are closed at once; mind the limit on open files.',
  }),
  headersTimeout: duration({
    min: '100ms',
    max: '1h',
    default: '10s',
    doc: 'How long a client may take to send the headers of a request.',
  }),
  requestTimeout: duration({
    min: '100ms',
    max: '1h',
    default: '30s',
    doc: 'How long a client may take to send a whole request.',
  }),
  keepAliveTimeout: duration({
    min: '100ms',
    max: '1h',
    default: '65s',
    doc: 'How long an idle connection is kept. Longer than the proxy in front keeps it, or the proxy meets closed connections.',
  }),
  shutdownDelay: duration({
    min: '0',
    max: '10min',
    default: '0s',
    doc: 'How long a stopping service says that it is not ready and still accepts, so that a load balancer can turn away.',
  }),
  shutdownTimeout: duration({
    min: '100ms',
    max: '10min',
    default: '10s',
    doc: 'How long requests may take to finish after that. What is left is cut off.',
  }),
};

/** A second, for requests without a key. */
const quotas = {
  quotaAddressRequests: integer({
    isLive: true,
    min: '0',
    max: '1000000000',
    default: '1000',
    doc:
      'Requests a second of one client address, IPv6 by /64; ten times as many at once. Above it 403 until there is room. ' +
      '0 for no limit. All quotas are for requests without an access key, and each worker applies them by itself.',
  }),
  quotaAddressBytes: bytes({
    isLive: true,
    min: '0',
    max: '1TiB',
    default: '32MiB',
    doc: 'The same in bytes a second, as they come over the wire.',
  }),
  quotaExemptAddresses: networks({
    isLive: true,
    default: PRIVATE_NETWORKS,
    doc:
      'Networks whose addresses have no limit of their own: private ones, as a proxy that is missing in trustedProxies ' +
      'would be one client with the traffic of all.',
  }),
  quotaOriginRequests: integer({
    isLive: true,
    min: '0',
    max: '1000000000',
    default: '0',
    doc: 'Requests a second of one page, by its Origin, to all logstores together. 0 for no limit.',
  }),
  quotaOriginBytes: bytes({ isLive: true, min: '0', max: '1TiB', default: '0', doc: 'The same in bytes a second.' }),
  quotaLogstoreRequests: integer({
    isLive: true,
    min: '0',
    max: '1000000000',
    default: '0',
    doc: 'Requests a second to one logstore that has no quota of its own. 0 for no limit.',
  }),
  quotaLogstoreBytes: bytes({ isLive: true, min: '0', max: '1TiB', default: '0', doc: 'The same in bytes a second.' }),
  quotaProjectRequests: integer({
    isLive: true,
    min: '0',
    max: '1000000000',
    default: '0',
    doc: 'Requests a second to all logstores of one project that has no quota of its own. 0 for no limit.',
  }),
  quotaProjectBytes: bytes({ isLive: true, min: '0', max: '1TiB', default: '0', doc: 'The same in bytes a second.' }),
  quarantineLogs: integer({
    min: '0',
    max: '1000000000',
    default: '100',
    doc:
      'Logs a second that may go into the quarantine of one logstore; beyond that requests with such logs are refused as ' +
      'without a quarantine. 0 for no limit.',
  }),
  quarantineBytes: bytes({ min: '0', max: '1TiB', default: '1MiB', doc: 'The same in bytes a second.' }),
  blockedAddresses: networks({
    isLive: true,
    default: '',
    doc: 'Client addresses that may not write without an access key: 401 Unauthorized.',
  }),
};

const spool = {
  spoolSegmentBytesMax: bytes({
    min: '4KiB',
    max: '1GiB',
    default: '64MiB',
    doc: 'A segment is closed and a new one opened at this size. Smaller frees disk sooner; larger opens fewer files.',
  }),
  spoolSegmentLogsMax: integer({
    min: '1',
    max: '10000000',
    default: '200000',
    doc: 'A segment is closed when it holds this many logs. One segment is one insert, so this bounds the memory that loading takes.',
  }),
  spoolSegmentAgeMax: duration({
    min: '10ms',
    max: '1h',
    default: '1s',
    doc: 'A segment with logs is closed at this age. It is how long a log waits before it can be searched, at most.',
  }),
  spoolCommitBytesMax: bytes({
    min: '4KiB',
    max: '1GiB',
    default: '8MiB',
    doc: 'The most that is written and synced at once. Requests that arrive during a sync share the next one.',
  }),
  spoolBytesMax: bytes({
    min: '16KiB',
    max: '1024TiB',
    default: '16GiB',
    doc: 'The spool of each worker. Above it new logs get 503 until the store has caught up: it is how long the store may be away.',
  }),
  spoolFreeBytesMin: bytes({
    min: '0',
    max: '1024TiB',
    default: '1GiB',
    doc: 'New logs get 503 while the disk has less than this free, so that what was accepted can be handled. 0 for no floor.',
  }),
  spoolHoldAge: duration({
    min: '0',
    max: '30d',
    default: '10min',
    doc:
      'How long a segment is kept after the store has confirmed it, to load it again should the store lose its last writes. ' +
      'With store: cluster it is 24h unless it is set.',
  }),
  spoolHoldBytesMax: bytes({
    min: '0',
    max: '1024TiB',
    default: '1GiB',
    doc: 'The most that each worker keeps that way; the oldest goes first.',
  }),
  commitStallShed: duration({
    min: '10ms',
    max: '1h',
    default: '1s',
    doc: 'New logs get 503 while a write to the disk takes longer than this.',
  }),
  commitStallUnready: duration({
    min: '10ms',
    max: '1h',
    default: '10s',
    doc: 'The service says that it is not ready while a write to the disk takes longer than this.',
  }),
};

const store = {
  store: oneOf(['embedded', 'cluster', 'none'], {
    default: 'embedded',
    doc:
      'Where logs are searched: an engine in a process of its own, a ClickHouse server or cluster of yours, or nowhere (logs ' +
      'are only received and kept in the spool).',
  }),
  storeUrls: urls({
    default: '',
    doc:
      'The HTTP interfaces of the servers for store: cluster. The first is asked as long as it answers, then the next one. ' +
      'Without storeCluster they must all lead to the same server.',
  }),
  storeUser: text('USER', 'a name of 1 to 64 visible characters', (name) => /^[!-9;-~]{1,64}$/.test(name), {
    default: 'default',
    doc: 'Who asks the servers. What it must be allowed to do: docs/operating.md.',
  }),
  storePasswordFile: filePath('FILE', {
    default: '',
    doc: "A file that holds the user's password. It is read again when a server refuses it.",
  }),
  storeDatabase: text('NAME', 'letters, digits and _, the first no digit', (name) => /^[A-Za-z_]\w{0,62}$/.test(name), {
    default: 'logboom',
    doc: 'The database on the servers; made if it is missing.',
  }),
  storeCluster: text('NAME', 'letters, digits, _, - and .', (name) => /^[\w.-]{1,64}$/.test(name), {
    default: '',
    doc:
      'The name of the cluster in the configuration of the servers: tables are replicated and distributed over it. None for a ' +
      'single server. It cannot be changed later.',
  }),
  storeQuorum: integer({
    min: '0',
    max: '16',
    default: '0',
    doc: 'How many replicas must have logs before they count as stored; 0 for more than half of them. For storeCluster alone.',
  }),
  storeCa: filePath('FILE', {
    default: '',
    doc: 'A PEM file with the certificates that sign those of the servers, if public ones do not.',
  }),
  storeConnectTimeMax: duration({
    min: '100ms',
    max: '5min',
    default: '5s',
    doc: 'How long a server may take to accept a connection, before another one is asked.',
  }),
  storeAnswerTimeMax: duration({
    min: '1s',
    max: '1h',
    default: '5min',
    doc: 'How long a server may take to load a segment, or for anything else that is not a query.',
  }),
  nodeName: text('NAME', 'letters, digits, _, - and ., at most 64', (name) => /^[\w.-]{1,64}$/.test(name), {
    default: '',
    doc: 'What this node is called among those in front of the same servers. Without one it is named after its machine.',
  }),
  nodeUrl: url({
    default: '',
    doc:
      'Where the other nodes in front of the same servers reach the admin listener of this one. Without one it is made of ' +
      "adminListen, with the machine's name where that listens everywhere.",
  }),
  storeBytesMax: bytes({
    isLive: true,
    min: '0',
    max: '1024TiB',
    default: '0',
    doc:
      'What the logs of all logstores may take in the store, compressed, one copy of them. Beyond it the oldest are deleted, ' +
      'never those of the last hour. 0 for no limit. Logstores may have limits of their own: maxBytes.',
  }),
  storeMemoryBytesMax: bytes({
    min: '512MiB',
    max: '64TiB',
    default: '1GiB',
    doc: 'What the embedded engine may use, inserts, merges and queries together.',
  }),
  storeSessions: integer({
    min: '2',
    max: '64',
    default: '6',
    doc: 'Statements the embedded engine works on at the same time; one of them is kept for loading.',
  }),
  queryTimeMax: duration({
    isLive: true,
    min: '100ms',
    max: '1d',
    default: '60s',
    doc: 'A query that takes longer is ended.',
  }),
  queryMemoryBytesMax: bytes({
    isLive: true,
    min: '16MiB',
    max: '64TiB',
    default: '400MiB',
    doc: 'A query that needs more memory is ended.',
  }),
  queryRowsMax: integer({
    isLive: true,
    min: '1',
    max: '1000000000',
    default: '1000000',
    doc: 'The most logs one query answers with.',
  }),
  queryTimeZone: text('ZONE', 'a time zone such as UTC or Asia/Shanghai', (name) => readTimeZone(name) === name, {
    default: 'UTC',
    doc: 'Where days begin in SQL, and how it prints times.',
  }),
};

const access = {
  accessKeyId: text('ID', '4 to 128 letters, digits, ., _ and -, the first a letter or digit', isAccessKeyId, {
    default: '',
    doc: 'An access key that the service accepts, added at the start. Without one the first start makes one up.',
  }),
  secretsKey: filePath('FILE', {
    default: '',
    doc:
      'A file with 32 random bytes or more, kept where the data is not: the secrets of access keys in the catalog are sealed ' +
      'with it. From then on the service does not start without it.',
  }),
  accessKeySecret: text('SECRET', '8 to 256 visible ASCII characters without spaces', isAccessKeySecret, {
    default: '',
    secret: true,
    doc: 'Its secret, or in the variable with _FILE the name of a file that holds it. No flag: others can see those.',
  }),
};

export const SECTIONS: readonly Section[] = [
  { title: 'Place', settings: place },
  { title: 'Names', settings: names },
  { title: 'Requests', settings: requests },
  { title: 'Quotas', settings: quotas },
  { title: 'Spool', settings: spool },
  { title: 'Store and queries', settings: store },
  { title: 'Access', settings: access },
];

export const SETTINGS = { ...place, ...names, ...requests, ...quotas, ...spool, ...store, ...access };

export type Config = Values<typeof SETTINGS>;

export type ReadConfig =
  | { readonly kind: 'config'; readonly config: Config; readonly given: Sourced<typeof SETTINGS> }
  | { readonly kind: 'help'; readonly text: string };

/**
 * Reads all settings, or the help if the flags ask for it. Throws ConfigError with everything that is wrong.
 *
 * `args` is what follows the command; `env` and `readFile` are the process's own unless a test brings others.
 */
export function readConfig(
  args: readonly string[],
  env: Sources['env'] = process.env,
  readFile: Sources['readFile'] = (file) => readFileSync(file, 'utf8'),
): ReadConfig {
  if (args.includes('--help') || args.includes('-h')) return { kind: 'help', text: printHelp(SECTIONS) };
  const { values: config, given } = holdLonger(resolveSettings(SETTINGS, { args, env, readFile }));
  refuseContradictions(config);
  return { kind: 'config', config, given };
}

/** A server may be set back to last night's backup. */
const SERVER_HOLD_AGE = '24h';

interface Resolved {
  readonly values: Config;
  readonly given: Sourced<typeof SETTINGS>;
}

function holdLonger(resolved: Resolved): Resolved {
  const { values, given } = resolved;
  const spoolHoldAge = SETTINGS.spoolHoldAge.read(SERVER_HOLD_AGE);
  const isSet = given.spoolHoldAge.origin.from !== 'default';
  if (values.store !== 'cluster' || isSet || spoolHoldAge === undefined) return resolved;
  return {
    values: Object.freeze({ ...values, spoolHoldAge }),
    given: { ...given, spoolHoldAge: { ...given.spoolHoldAge, text: SERVER_HOLD_AGE } },
  };
}

/**
 * Reads all settings again for a service that runs with `running`. Throws ConfigError with everything that is wrong, settings
 * among it that take effect now and contradict others that wait for a restart.
 */
export function reloadConfig(
  running: Config,
  args: readonly string[],
  env: Sources['env'] = process.env,
  readFile: Sources['readFile'] = readPlainFile,
): Reloaded<Config> {
  const fresh = readConfig(args, env, readFile);
  if (fresh.kind === 'help') throw new ConfigError(['the service was not started with --help']);
  const reloaded = takeLive(SETTINGS, running, fresh.config);
  refuseContradictions(reloaded.values);
  return reloaded;
}

/** Reading a pipe would hold up the whole process until somebody writes to it. */
function readPlainFile(file: string): string {
  if (!statSync(file).isFile()) throw new Error('it is not a plain file');
  return readFileSync(file, 'utf8');
}

/** The servers for `store: cluster`. */
export function serverPlace(config: Config) {
  return {
    urls: config.storeUrls,
    user: config.storeUser,
    passwordFile: config.storePasswordFile,
    caFile: config.storeCa,
    connectMsMax: config.storeConnectTimeMax,
    cluster: config.storeCluster,
    quorum: config.storeQuorum,
  };
}

/** The settings in force, as the file would have them, each with where it comes from. Secrets are not shown. */
export function printSettings(given: Sourced<typeof SETTINGS>): string {
  return printGiven(SECTIONS, given);
}

function refuseContradictions(config: Config): void {
  const problems = contradictions(config);
  if (problems.length > 0) throw new ConfigError(problems);
}

/** What is wrong between settings that are right one by one. */
function contradictions(config: Config): string[] {
  const problems: string[] = [];
  const need = (isMet: boolean, problem: string) => {
    if (!isMet) problems.push(problem);
  };
  need(
    config.listen.port === 0 ||
      config.listen.port !== config.adminListen.port ||
      config.listen.host !== config.adminListen.host,
    'listen and adminListen are the same address; give one of them another port.',
  );
  need(
    (config.accessKeyId === '') === (config.accessKeySecret === ''),
    'accessKeyId and accessKeySecret belong together; set both or neither.',
  );
  need((config.tlsCert === '') === (config.tlsKey === ''), 'tlsCert and tlsKey belong together; set both or neither.');
  // Node refuses to listen otherwise.
  need(config.headersTimeout <= config.requestTimeout, 'headersTimeout must not be longer than requestTimeout.');
  need(
    config.bodyBytesMax <= config.inFlightBytesMax,
    'bodyBytesMax must not exceed inFlightBytesMax, or the largest body could never be accepted.',
  );
  need(
    config.bodyBytesMax <= config.spoolSegmentBytesMax,
    'bodyBytesMax must not exceed spoolSegmentBytesMax: a log group is never split over two segments.',
  );
  need(
    config.spoolBytesMax >= 2 * config.spoolSegmentBytesMax,
    'spoolBytesMax must hold two segments (spoolSegmentBytesMax): one filling, one loading.',
  );
  need(
    config.spoolHoldBytesMax < config.spoolBytesMax,
    'spoolHoldBytesMax must be smaller than spoolBytesMax, or segments that are already loaded could fill the spool.',
  );
  need(
    config.spoolFreeBytesMin === 0 || config.spoolFreeBytesMin >= config.spoolCommitBytesMax * config.workers,
    'spoolFreeBytesMin must be 0 or leave room for one commit (spoolCommitBytesMax) of each of the workers.',
  );
  need(
    config.commitStallShed <= config.commitStallUnready,
    'commitStallShed must not be longer than commitStallUnready: shedding comes first.',
  );
  need(
    (config.store === 'cluster') === config.storeUrls.length > 0,
    'store: cluster and storeUrls belong together; set both or neither.',
  );
  need(
    config.store !== 'embedded' || !/[*?{}]/.test(config.data),
    'data must have none of * ? { } in its path: the store would take it for a pattern.',
  );
  need(
    config.store !== 'embedded' || config.queryMemoryBytesMax < config.storeMemoryBytesMax,
    'queryMemoryBytesMax must be smaller than storeMemoryBytesMax: inserts and merges need some too.',
  );
  return problems;
}
