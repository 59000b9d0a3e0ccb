// Goal: a true short write of the kernel, which Node reports as success, costs what was not acknowledged and nothing else.
// A limit on the size of files makes one: the write that crosses it is cut, as on a disk that fills up.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { realDisk } from '../../src/platform/disk.js';
import { append, openTestSpool, readGroups, texts } from '../support/spool-fixtures.js';

const built = (module: string) => JSON.stringify(new URL(`../../dist/${module}.js`, import.meta.url).href);

/** Appends a thousand groups, one after the other; prints which were acknowledged and why others were not. */
const WRITER = `
  const { realDisk } = await import(${built('src/platform/disk')});
  const { append, openTestSpool } = await import(${built('test/support/spool-fixtures')});
  const spool = await openTestSpool(realDisk, { directory: process.env.DIRECTORY, segmentBytesMax: 1e9, segmentAgeMs: 1e9 });
  const [acknowledged, refusals] = [[], []];
  for (let n = 0; n < 1000; n++) {
    const text = n + ' ' + 'x'.repeat(n % 1000);
    await append(spool, text).then(() => acknowledged.push(text), (error) => refusals.push(error.message));
    while (spool.refusal() !== null) await new Promise(setImmediate);
  }
  await spool.close();
  console.log(JSON.stringify({ acknowledged, refusals }));
`;

let directory: string;

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-short-write-'));
});

afterEach(() => {
  fs.rmSync(directory, { recursive: true });
});

test.skipIf(process.platform !== 'linux')(
  'a write that the kernel cuts short is not acknowledged, and what was is whole',
  async () => {
    // 256 blocks of 512 bytes.
    const child = spawnSync(
      'sh',
      ['-c', 'ulimit -f 256; exec "$0" --input-type=module -e "$1"', process.execPath, WRITER],
      {
        env: { ...process.env, DIRECTORY: directory },
        encoding: 'utf8',
      },
    );
    expect(child.stderr).toBe('');
    const { acknowledged, refusals }: { acknowledged: string[]; refusals: string[] } = JSON.parse(child.stdout);
    expect(refusals.length).toBeGreaterThan(2);
    for (const refusal of refusals) expect(refusal).toMatch(/^a commit failed: (wrote \d+ of \d+ bytes|EFBIG)/);
    expect(refusals.join()).toContain('wrote');

    const spool = await openTestSpool(realDisk, { directory });
    const found: string[] = [];
    while (spool.segments.unloadedCount > 0) {
      const { segment } = await spool.segments.inspect(await spool.segments.next(new AbortController().signal));
      found.push(...texts(readGroups(fs.readFileSync(segment.path))));
      await spool.segments.markLoaded(segment);
    }
    await append(spool, 'later');
    await spool.close();
    expect(found).toEqual(acknowledged);
    expect(spool.status().quarantinedPlaces).toBe(0);
  },
);
