// Goal: a backup that is not as it was made is refused by the name of the file, before a service can begin on it.
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RESTORE_MARK } from '../model/data-directory.js';
import { CopiedTree, listFiles } from './copied-tree.js';
import { findMissing } from './count-logs.js';
import { makeBackup } from './make-backup.js';
import { restoreBackup } from './restore-backup.js';
import { verifyBackup } from './verify-backup.js';

const SEGMENT = '000000000017.ndjson';
let place: string;
let [data, target] = ['', ''];

beforeEach(async () => {
  place = fs.mkdtempSync(path.join(tmpdir(), 'logboom-backup-test-'));
  data = path.join(place, 'data');
  target = path.join(place, 'backup');
  fs.mkdirSync(path.join(data, 'spool', '1'), { recursive: true });
  fs.mkdirSync(path.join(data, 'run'));
  fs.writeFileSync(path.join(data, 'catalog.ndjson'), 'what is said of logstores\n', { mode: 0o644 });
  fs.writeFileSync(path.join(data, 'access-key'), '{"id":"a"}\n');
  fs.writeFileSync(path.join(data, 'run', 'left'), '');
  fs.writeFileSync(path.join(data, 'spool', '1', SEGMENT), 'lines of a segment\n');
  fs.writeFileSync(path.join(data, 'spool', '1', '000000000016.aside.ndjson'), 'a segment that was refused\n');
  await makeBackup({ data, target, hasStore: false });
});

afterEach(() => {
  fs.rmSync(place, { recursive: true });
});

const inTarget = (file: string) => path.join(target, file);

test('has everything but what is of use to nobody, for its owner alone', async () => {
  expect(await listFiles(target)).toEqual([
    'SHA256SUMS',
    'access-key',
    'backup.json',
    'catalog.ndjson',
    'spool/1/000000000016.aside.ndjson',
    `spool/1/${SEGMENT}`,
  ]);
  for (const file of await listFiles(target)) expect(fs.statSync(inTarget(file)).mode & 0o777).toBe(0o600);
  expect(fs.statSync(target).mode & 0o777).toBe(0o700);
  expect((await verifyBackup(target)).about).toMatchObject({ v: 1, schema: null, stored: [] });
});

test('becomes a data directory again, with a spool of its own', async () => {
  const restored = path.join(place, 'restored');
  await restoreBackup({ backup: target, data: restored });
  expect(await listFiles(restored)).toEqual([
    'access-key',
    'catalog.ndjson',
    'spool/1/000000000016.aside.ndjson',
    `spool/1/${SEGMENT}`,
    'spool/1/000000000018.ndjson',
  ]);
  expect(fs.readFileSync(path.join(restored, 'spool/1/000000000018.ndjson'), 'utf8')).toContain('"segment":18');
});

test('does not lie in the data directory, whatever link leads there', async () => {
  const link = path.join(place, 'link');
  fs.symlinkSync(data, link);
  for (const [from, to] of [
    [data, path.join(data, 'inside')],
    [link, path.join(data, 'inside')],
    [data, path.join(link, 'inside')],
  ] as const) {
    await expect(makeBackup({ data: from, target: to, hasStore: false })).rejects.toThrow('must not lie');
  }
  expect(fs.existsSync(path.join(data, 'inside'))).toBe(false);
});

const edit = (file: string, change: (text: string) => string) => {
  fs.writeFileSync(inTarget(file), change(fs.readFileSync(inTarget(file), 'utf8')));
};

describe('is refused, and nothing that a service would start on is left, when', () => {
  test.each<[string, () => void, string]>([
    [
      'a byte was changed',
      () => edit('catalog.ndjson', (text) => text.replace('what', 'whaT')),
      'catalog.ndjson is damaged',
    ],
    ['a file was cut', () => edit(`spool/1/${SEGMENT}`, (text) => text.slice(0, -3)), `${SEGMENT} is damaged`],
    ['a file is gone', () => fs.rmSync(inTarget('access-key')), 'access-key is missing'],
    ['there is one more', () => fs.writeFileSync(inTarget('spool/1/x'), ''), 'spool/1/x does not belong to the backup'],
    [
      'its description was changed',
      () => edit('backup.json', (text) => text.replace('2', '3')),
      'backup.json is damaged',
    ],
    ['its description is no JSON', () => edit('backup.json', () => '{'), 'backup.json cannot be read'],
    ['a sum was changed', () => edit('SHA256SUMS', (text) => text.replace(/^./, 'g')), 'SHA256SUMS has a damaged line'],
    [
      'a sum leads elsewhere',
      () => edit('SHA256SUMS', (text) => text.replace('access-key', '../access-key')),
      'damaged line',
    ],
    [
      'a line is gone',
      () => edit('SHA256SUMS', (text) => text.replace(/.*catalog.*\n/, '')),
      'catalog.ndjson does not belong',
    ],
    ['it was not finished', () => fs.rmSync(inTarget('SHA256SUMS')), 'no backup, or one that was not finished'],
    [
      'a newer version made it',
      () => edit('backup.json', (text) => text.replace('"v": 1', '"v": 2')),
      'made by a newer version',
    ],
  ])('%s', async (_what, spoil, problem) => {
    spoil();
    await expect(verifyBackup(target)).rejects.toThrow(problem);
    const restored = path.join(place, 'restored');
    await expect(restoreBackup({ backup: target, data: restored })).rejects.toThrow(problem);
    const left = fs.existsSync(restored) ? fs.readdirSync(restored) : [];
    expect(left.length === 0 || left.includes(RESTORE_MARK)).toBe(true);
  });
});

test('is not made or restored over anything', async () => {
  await expect(makeBackup({ data, target, hasStore: false })).rejects.toThrow('is not empty');
  await expect(restoreBackup({ backup: target, data })).rejects.toThrow('is not empty');
  await expect(makeBackup({ data, target: path.join(data, 'b'), hasStore: false })).rejects.toThrow('must not lie in');
  const nothing = path.join(place, 'nothing');
  await expect(makeBackup({ data: nothing, target: path.join(place, 'b'), hasStore: false })).rejects.toThrow(
    'is no data directory',
  );
});

test('a file that grows is copied as far as it goes', async () => {
  const [file, copy] = [path.join(place, 'growing'), path.join(place, 'copy')];
  const before = Buffer.alloc(3 * 1024 * 1024, 'a');
  fs.writeFileSync(file, before);
  const tree = new CopiedTree(copy);
  const growing = setInterval(() => fs.appendFileSync(file, 'b'), 0);
  expect(await tree.copy(file, 'growing')).toBe(true);
  clearInterval(growing);
  const copied = fs.readFileSync(path.join(copy, 'growing'));
  expect(copied.length).toBeGreaterThanOrEqual(before.length);
  expect(copied.equals(fs.readFileSync(file).subarray(0, copied.length))).toBe(true);
  expect(tree.files.get('growing')?.bytes).toBe(copied.length);
});

test('a file that is gone is not copied', async () => {
  const tree = new CopiedTree(path.join(place, 'copy'));
  expect(await tree.copy(path.join(place, 'none'), 'none')).toBe(false);
  expect(tree.files.size).toBe(0);
});

describe('a restored store', () => {
  const NOW = Date.parse('2026-03-10T00:00:00Z');
  const count = (day: string, logs: number, logstoreId = 1) => ({ logstoreId, day, ttlDays: 7, logs });
  test.each([
    ['with all logs is whole', [count('2026-03-09', 5)], null],
    ['that lacks one is not', [count('2026-03-09', 4)], 'of logstore 1, 2026-03-09, there are 4 logs'],
    ['with more is not', [count('2026-03-09', 6)], 'there are 6 logs'],
    ['with those of another logstore is not', [count('2026-03-09', 5, 2)], 'there are 0 logs'],
  ])('%s', (_what, found, problem) => {
    const missing = findMissing([count('2026-03-09', 5)], found, NOW);
    if (problem === null) expect(missing).toBeNull();
    else expect(missing).toContain(problem);
  });

  test('may lack logs whose retention has ended', () => {
    expect(findMissing([count('2026-03-02', 5)], [], NOW)).toBeNull();
    expect(findMissing([count('2026-03-03', 5)], [], NOW)).not.toBeNull();
  });
});
