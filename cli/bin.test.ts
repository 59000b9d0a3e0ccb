// Goal: the installed command finds its parts, and its exit code, output and end by signal are those of a good citizen.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../bin/logboom', import.meta.url));
const key = { LOGBOOM_ACCESS_KEY_ID: 'LBtest', LOGBOOM_ACCESS_KEY_SECRET: 'a-secret' };

function start(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [bin, ...args], { env: { ...key, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.err += text;
  });
  return { child, ended: once(child, 'close').then(([exitCode]) => ({ exitCode, ...output })) };
}

test('--version prints the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(await start(['--version']).ended).toEqual({ exitCode: 0, out: `${version}\n`, err: '' });
});

test('serve --help lists the settings of the service', async () => {
  const { exitCode, out } = await start(['serve', '--help']).ended;
  expect(exitCode).toBe(0);
  expect(out).toContain('--admin-listen HOST:PORT  (127.0.0.1:8081)');
});

test('config print shows where settings come from, and what it prints is a file that gives the same', async () => {
  const environment = { LOGBOOM_LOG_LEVEL: 'warn', LOGBOOM_ACCESS_KEY_SECRET: 'a-very-secret-one' };
  const first = await start(['config', 'print', '--workers', '3'], environment).ended;
  expect(first).toMatchObject({ exitCode: 0, err: '' });
  expect(first.out).toContain('workers: "3" # --workers\n');
  expect(first.out).toContain('logLevel: "warn" # LOGBOOM_LOG_LEVEL\n');
  expect(first.out).toContain('listen: "0.0.0.0:8080" # default\n');
  expect(first.out).not.toContain('a-very-secret-one');
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-config-'));
  const file = path.join(directory, 'logboom.yaml');
  writeFileSync(file, first.out);
  const again = await start(['config', 'print', '--config', file], environment).ended;
  const values = (out: string) =>
    out
      .split('\n')
      .filter((line) => !line.includes('config: '))
      .map((line) => line.split(' # ')[0]);
  expect(values(again.out)).toEqual(values(first.out));
  expect(again.out).toContain(`workers: "3" # ${file}\n`);
  rmSync(directory, { recursive: true });
});

test('config check says everything that is wrong, and starts nothing', async () => {
  const { exitCode, out, err } = await start(['config', 'check', '--workers', '0', '--listenn', 'x']).ended;
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
  expect(err.split('\n').filter((line) => line.startsWith('logboom: '))).toHaveLength(2);
  expect(await start(['config', 'check']).ended).toMatchObject({ exitCode: 0, out: 'The settings can be used.\n' });
});

test('doctor says what it found, and by its exit code whether that is a problem', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-doctor-'));
  const args = ['doctor', '--data', directory, '--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0'];
  const well = await start([...args, '--spool-free-bytes-min', '100MiB']).ended;
  expect(well).toMatchObject({ exitCode: 0, err: '' });
  expect(well.out).toMatch(/^ok +Node /);
  const full = await start([...args, '--spool-free-bytes-min', '900TiB']).ended;
  expect(full.exitCode).toBe(1);
  expect(full.out).toMatch(/^problem +.* free; logs are refused below 921600.0 GiB\n +→ make room/m);
  expect((await start(['doctor', '--workers', '0']).ended).exitCode).toBe(2);
  rmSync(directory, { recursive: true });
});

test('a server that is not there is exit code 3', async () => {
  const result = await start(['status', '--admin', 'http://127.0.0.1:1']).ended;
  expect(result).toMatchObject({ exitCode: 3, out: '' });
});

test('a reader that has had enough ends it quietly', async () => {
  const server = createServer((_request, response) => {
    const projects = Array.from({ length: 20_000 }, (_, n) => ({
      name: `p${n}`,
      description: 'x'.repeat(100),
      createdAt: n,
    }));
    response.end(JSON.stringify({ projects }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { child, ended } = start(['project', 'list', '--json', '--admin', urlOf(server)]);
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await ended).toMatchObject({ exitCode: 0, err: '' });
  } finally {
    server.close();
  }
});

test('an interrupt ends a wait for the server', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { child, ended } = start(['status', '--admin', urlOf(server)]);
    await once(server, 'request');
    child.kill('SIGINT');
    expect(await ended).toEqual({ exitCode: 130, out: '', err: 'logboom: interrupted\n' });
  } finally {
    server.close();
  }
});

function urlOf(server: ReturnType<typeof createServer>): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
