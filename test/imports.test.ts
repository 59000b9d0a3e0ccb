// Goal: imports follow the arrows of docs/architecture.md and never point back; type-only imports count.
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');

/** A part may import from parts with a larger number, and from itself. */
const ORDER: Record<string, number> = {
  main: 0,
  worker: 0,
  'config-command': 0,
  'doctor-command': 0,
  'backup-command': 0,
  'restore-command': 0,
  'migrate-command': 0,
  'dev-command': 0,
  testing: 0,
  app: 1,
  dev: 1,
  doctor: 1,
  backup: 1,
  migrate: 1,
  supervisor: 2,
  // Reads logs by searches, and writes them as tracking does.
  quarantine: 2.5,
  tracking: 3,
  manage: 3,
  loader: 3,
  query: 3,
  consume: 3,
  'schema-watch': 3,
  nodes: 3,
  admin: 3,
  http: 4,
  spool: 4,
  store: 4,
  catalog: 4,
  guard: 4,
  batches: 4,
  config: 5,
  model: 6,
  platform: 6,
  errors: 6,
  api: 6,
};
/** Parts without features of their own, which may use one another. */
const GROUND = new Set(['model', 'platform', 'errors', 'api', 'config']);

const files = ['src', 'cli'].flatMap((directory) =>
  readdirSync(path.join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => path.join(directory, file)),
);

function importsOf(file: string): string[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g)].map(([, target]) =>
    path.join(path.dirname(file), target as string),
  );
}

function partOf(file: string): string {
  const [, part = ''] = file.split(path.sep);
  return part.replace(/\.(ts|js)$/, '');
}

test.each(files)('%s imports along the arrows', (file) => {
  for (const target of importsOf(file)) {
    if (file.startsWith('cli')) {
      expect(target, 'the command line knows the shapes of the API and nothing else').toMatch(/^(cli|src\/api)\//);
      continue;
    }
    const [from, to] = [partOf(file), partOf(target)];
    if (from === to || (GROUND.has(from) && GROUND.has(to))) continue;
    expect(ORDER[from], `${from} has no place in the order`).toBeDefined();
    expect(ORDER[to], `${from} imports ${to}`).toBeGreaterThan(ORDER[from] as number);
  }
});

const consoleFiles = readdirSync(path.join(root, 'console/src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.test.ts'))
  .map((file) => path.join('console/src', file));

test.each(consoleFiles)('%s knows the shapes of the API and nothing else of the server', (file) => {
  const text = readFileSync(path.join(root, file), 'utf8');
  for (const [, what, target] of text.matchAll(/(import(?: type)?)[^'"]*? from '(\.[^']+)'/g)) {
    const imported = path.join(path.dirname(file), target as string);
    if (imported.startsWith('console/src/')) continue;
    expect(imported).toMatch(/^src\/api\//);
    expect(what, `${imported} is there for its types`).toBe('import type');
  }
});
