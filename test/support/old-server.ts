/**
 * ClickHouse 18.16.1 as Debian has it, started for a test on loopback ports and in a directory of its own. It is a real server,
 * with users, processes and files of its own, and lacks what Logboom's schema is made of: it can show what becomes of
 * connections, passwords and outages, and nothing of tables.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PROGRAM = ['/usr/bin/clickhouse-server', '/usr/sbin/clickhouse-server'].find((file) => fs.existsSync(file));
const START_MS_MAX = 20_000;

const MISSING = 'clickhouse-server is not installed (Debian: apt-get install clickhouse-server): its tests are skipped';

/** Null, with a word to whoever runs the tests, if there is none. Where nobody would read that (CI=true) it throws. */
export function requireOldServer(): typeof OldServer | null {
  if (PROGRAM !== undefined) return OldServer;
  if (process.env['CI'] === 'true') throw new Error(MISSING);
  console.warn(MISSING);
  return null;
}

class OldServer {
  readonly user = 'logboom';
  readonly password = 'right';
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-old-server-'));
  #child: ChildProcess | undefined;
  #port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  /** Resolves when it answers; on the same port as before. */
  async start(): Promise<void> {
    if (PROGRAM === undefined) throw new Error('clickhouse-server is not installed');
    if (this.#port === 0) {
      const [http, native] = await freePorts();
      this.#port = http;
      this.#writeFiles(http, native);
    }
    this.#child = spawn(PROGRAM, [`--config-file=${path.join(this.directory, 'config.xml')}`], { stdio: 'ignore' });
    const untilMs = performance.now() + START_MS_MAX;
    while (!(await this.#answers())) {
      if (this.#child.exitCode !== null || performance.now() > untilMs)
        throw new Error('clickhouse-server does not start');
      await sleep(50);
    }
  }

  /** Resolves to the answer's text. */
  async run(sql: string): Promise<string> {
    const place = `${this.url}/?user=${this.user}&password=${this.password}`;
    const response = await fetch(place, { method: 'POST', body: sql });
    const text = await response.text();
    if (response.status !== 200) throw new Error(text);
    return text;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  async remove(): Promise<void> {
    await this.end('SIGKILL');
    fs.rmSync(this.directory, { recursive: true, force: true });
  }

  async #answers(): Promise<boolean> {
    const response = await fetch(`${this.url}/ping`).catch(() => undefined);
    return response?.status === 200;
  }

  #writeFiles(http: number, native: number): void {
    const file = (name: string) => path.join(this.directory, name);
    fs.writeFileSync(
      file('config.xml'),
      `<yandex>
  <logger><level>warning</level><log>${file('log')}</log><errorlog>${file('error-log')}</errorlog></logger>
  <listen_host>127.0.0.1</listen_host><http_port>${http}</http_port><tcp_port>${native}</tcp_port>
  <path>${file('data')}/</path><tmp_path>${file('tmp')}/</tmp_path><user_files_path>${file('files')}/</user_files_path>
  <mark_cache_size>67108864</mark_cache_size><users_config>${file('users.xml')}</users_config>
  <default_profile>default</default_profile><default_database>default</default_database>
</yandex>`,
    );
    fs.writeFileSync(
      file('users.xml'),
      `<yandex><profiles><default><max_threads>1</max_threads></default></profiles><quotas><default/></quotas>
<users><${this.user}><password>${this.password}</password><networks><ip>127.0.0.1</ip></networks>
<profile>default</profile><quota>default</quota></${this.user}></users></yandex>`,
    );
  }
}

async function freePorts(): Promise<[number, number]> {
  const servers = [net.createServer(), net.createServer()] as const;
  const ports = await Promise.all(
    servers.map(async (server) => {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return (server.address() as net.AddressInfo).port;
    }),
  );
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return [ports[0] ?? 0, ports[1] ?? 0];
}
