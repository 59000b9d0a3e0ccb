/**
 * The ClickHouse that tests of `store: cluster` ask: our own store process on a port, which is an engine of today behind
 * ClickHouse's HTTP interface; or yours, where the environment names it (test/cluster/README.md).
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { StoreProcess } from './store-process.js';

export interface TestServer {
  /** Of plain http, so that a proxy can be put in between. */
  readonly host: string;
  readonly port: number;
  /** Settings of a service that asks it at these addresses, with a database that nobody else has. */
  flags(urls: readonly string[]): readonly string[];
  /** A statement in that database; the answer's text. */
  run(sql: string): Promise<string>;
  /** The process, if it is ours to kill. */
  readonly process: StoreProcess | undefined;
  close(): Promise<void>;
}

export async function openTestServer(environment: NodeJS.ProcessEnv = process.env): Promise<TestServer> {
  const database = `logboom_test_${randomBytes(6).toString('hex')}`;
  const { STORE_URL: url, STORE_PASSWORD_FILE: passwordFile, STORE_CLUSTER: cluster } = environment;
  return url === undefined ? openOurs(database) : openYours(database, { url, passwordFile, cluster });
}

async function openOurs(database: string): Promise<TestServer> {
  const ours = new StoreProcess({ isOnPort: true });
  await ours.start();
  return {
    host: '127.0.0.1',
    port: ours.port,
    flags: (urls) => ['--store', 'cluster', '--store-urls', urls.join(','), '--store-database', database],
    run: (sql) => ask(ours.url, { database }, sql),
    process: ours,
    close: () => ours.remove(),
  };
}

interface Yours {
  readonly url: string;
  readonly passwordFile: string | undefined;
  readonly cluster: string | undefined;
}

async function openYours(database: string, { url, passwordFile, cluster }: Yours): Promise<TestServer> {
  const { hostname, port, protocol } = new URL(url);
  if (protocol !== 'http:') throw new Error('STORE_URL must be of plain http: a proxy is put in front of it');
  const password = passwordFile === undefined ? '' : fs.readFileSync(passwordFile, 'utf8').trimEnd();
  const access = { user: 'default', password };
  const everywhere = cluster === undefined ? '' : ` ON CLUSTER \`${cluster}\``;
  return {
    host: hostname,
    port: Number(port || 80),
    flags: (urls) => [
      ...['--store', 'cluster', '--store-urls', urls.join(','), '--store-database', database],
      ...(passwordFile === undefined ? [] : ['--store-password-file', passwordFile]),
      ...(cluster === undefined ? [] : ['--store-cluster', cluster]),
    ],
    run: (sql) => ask(url, { ...access, database }, sql),
    process: undefined,
    close: async () => void (await ask(url, access, `DROP DATABASE IF EXISTS ${database}${everywhere} SYNC`)),
  };
}

async function ask(url: string, parameters: Record<string, string>, sql: string): Promise<string> {
  const response = await fetch(`${url}/?${new URLSearchParams(parameters)}`, { method: 'POST', body: sql });
  const text = await response.text();
  if (response.status !== 200) throw new Error(text);
  return text;
}
