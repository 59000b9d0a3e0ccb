// Goal: what `npm pack` makes installs into an empty folder and runs there, with everything it needs and nothing else.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeData, startService } from './support/service.js';

const ROOT = path.resolve(import.meta.dirname, '..');
const isComplete = process.env['CI'] === 'true';
if (!isComplete)
  console.warn('The package was not installed from its tarball, which takes a registry: CI=true does it.');

let directory: string;
let packed: { filename: string; files: { path: string }[] };

beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'logboom-package-'));
  // Built already, by whatever started the tests.
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', directory];
  const output = execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8' });
  packed = JSON.parse(output)[0];
});

afterAll(() => rmSync(directory, { recursive: true }));

test('it holds what was built, the documents and the licence, and no tests', () => {
  const files = packed.files.map((file) => file.path);
  for (const needed of ['bin/logboom', 'dist/src/main.js', 'dist/cli/main.js', 'dist/console/index.html', 'LICENSE']) {
    expect(files).toContain(needed);
  }
  expect(files.some((file) => file.endsWith('.sql'))).toBe(true);
  expect(files.filter((file) => /(^|\/)(test|bench|examples)\/|\.test\./.test(file))).toEqual([]);
});

describe.skipIf(!isComplete)('installed in an empty folder', () => {
  test('it starts, takes a log and finds it', { timeout: 180_000 }, async () => {
    const project = mkdtempSync(path.join(directory, 'project-'));
    const tarball = path.join(directory, packed.filename);
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball], { cwd: project });
    const version = execFileSync('npx', ['--no-install', 'logboom', '--version'], { cwd: project, encoding: 'utf8' });
    expect(version).toMatch(/^\d+\.\d+\.\d+\n$/);

    const service = await startService({ command: path.join(project, 'node_modules/logboom/bin/logboom') });
    const answer = await fetch(`${service.publicUrl}/logstores/web/track?APIVersion=0.6.0&event=packed`);
    expect(answer.status).toBe(200);
    expect(await service.logs('web', { query: 'event:packed', count: 1 })).toHaveLength(1);
    expect((await fetch(`${service.adminUrl}/console/`)).status).toBe(200);
    expect(await service.stop()).toBe(0);
    await removeData(service.data);
  });
});
