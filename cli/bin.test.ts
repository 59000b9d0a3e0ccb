// Goal: the installed command finds its parts, and its exit code, output and end by signal are those of a good citizen.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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
