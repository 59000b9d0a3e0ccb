// Goal: no version begins on data that it would damage, and one may go back a minor version.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { realDisk } from '../platform/disk.js';
import { claimFormat, type DataFormat } from './data-format.js';

let dir: string;
let lines: string[];
const log = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) });

beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'logboom-format-'));
  lines = [];
});

afterEach(() => rmSync(dir, { recursive: true }));

const format = (version: string, number: number, readableBy: number): DataFormat => ({
  v: 1,
  format: number,
  readableBy,
  version,
});
const OLD = format('1.1.0', 3, 2);
const NEXT = format('1.2.0', 4, 3);
const LATER = format('1.3.0', 5, 4);

const claim = (own: DataFormat) => claimFormat({ dir, disk: realDisk, log, own });
const written = () => JSON.parse(readFileSync(path.join(dir, 'format.json'), 'utf8'));

test('what has no version is of the first, and gets ours', async () => {
  await claim(OLD);
  expect(written()).toEqual(OLD);
  expect(lines).toEqual([]);
});

test('an upgrade goes on from any version', async () => {
  await claim(OLD);
  await claim(LATER);
  expect(written()).toEqual(LATER);
});

test('the minor version before may begin, and says so; what was written stays', async () => {
  await claim(NEXT);
  await claim(OLD);
  expect(lines.join('')).toContain('a newer version has written here');
  expect(written()).toEqual(NEXT);
});

test('an older one is refused with what to do, and changes nothing', async () => {
  await claim(LATER);
  await expect(claim(OLD)).rejects.toThrow(
    'was written by version 1.3.0, and its format 5 is none that 1.1.0 can read',
  );
  expect(written()).toEqual(LATER);
});

test('a file that cannot be read does not keep the service from starting', async () => {
  writeFileSync(path.join(dir, 'format.json'), '{"v":1');
  await claim(OLD);
  expect(lines.join('')).toContain('cannot be read');
  expect(written()).toEqual(OLD);
});
