// Goal: the console comes over a slow line in a moment, and asks nobody else for anything.
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const directory = path.resolve(import.meta.dirname, '../../../dist/console');

const GZIPPED_BYTES_MAX = 350 * 1024;

const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });

test('its scripts are small', () => {
  const scripts = files.filter((file) => file.endsWith('.js'));
  const bytes = scripts.map((file) => gzipSync(readFileSync(path.join(directory, file))).length);
  expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(GZIPPED_BYTES_MAX);
});

test('what the page loads is its own, and named relatively', () => {
  const page = readFileSync(path.join(directory, 'index.html'), 'utf8');
  const names = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(2);
  for (const name of names) expect(name).toMatch(/^\.\//);
});
