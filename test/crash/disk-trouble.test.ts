// Goal: a spool whose disk fills up or stalls refuses politely, loses nothing it has acknowledged, and recovers by itself.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Clients } from '../support/crash/clients.js';
import { CRASH_FLAGS } from '../support/crash/crash-run.js';
import { LoopDisk, missingForLoopDisk } from '../support/crash/loop-disk.js';
import { MemoryDisk } from '../support/crash/memory-disk.js';
import { Trial } from '../support/crash/trial.js';
import { Random } from '../support/random.js';

const missing = missingForLoopDisk();
const skipped = missing === null ? '' : ` (skipped, needs ${missing})`;
if (missing !== null) console.warn(`disks in trouble are not tested: that needs ${missing}`);

let directory: string;
let data: string;
let disk: LoopDisk | MemoryDisk;
let trial: Trial;

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-disk-'));
  data = path.join(directory, 'data');
});

afterEach(async () => {
  await trial.end();
  disk.remove();
  fs.rmSync(directory, { recursive: true });
});

const DISK_BYTES = 64 * 1024 * 1024;

function makeDisk(kind: 'memory' | 'ext4'): LoopDisk | MemoryDisk {
  const spool = path.join(data, 'spool');
  if (kind === 'memory') return new MemoryDisk({ directory: spool, bytes: DISK_BYTES });
  const image = path.join(directory, 'disk.img');
  return new LoopDisk({ directory: spool, image, fileSystem: 'ext4', bytes: DISK_BYTES });
}

/** What the admin listener answers at `target`. */
async function ask(target: string): Promise<{ status: number; body: { reasons?: string[] } }> {
  const response = await fetch(trial.service.service.adminUrl + target);
  // All of these answers are objects.
  return { status: response.status, body: (await response.json()) as { reasons?: string[] } };
}

const PATIENTLY = { timeout: 20_000, interval: 50 };

describe.skipIf(missing !== null)(`a disk that fills up${skipped}`, () => {
  test.each([
    { kind: 'memory', floor: '0', reason: /disk is full|ENOSPC/ },
    { kind: 'ext4', floor: '16MiB', reason: /floor/ },
  ] as const)('$kind, floor $floor: 503 until there is room again', { timeout: 180_000 }, async (case_) => {
    disk = makeDisk(case_.kind);
    // What is loaded must not keep the disk full.
    const flags = [...CRASH_FLAGS, '--spool-free-bytes-min', case_.floor, '--spool-hold-age', '0'];
    trial = new Trial({ data, workers: 1, seed: 1, flags });
    await trial.begin();
    await trial.nextAcknowledged();
    for (let cycle = 1; cycle <= 2; cycle++) {
      const ballast = path.join(data, 'spool', 'ballast');
      const refusedBefore = trial.ledger.refused;
      await expect
        .poll(async () => {
          fill(ballast);
          return ask('/readyz');
        }, PATIENTLY)
        .toMatchObject({ status: 503, body: { reasons: [expect.stringMatching(case_.reason)] } });
      await expect.poll(() => trial.ledger.refused, PATIENTLY).toBeGreaterThan(refusedBefore);
      expect(await ask('/healthz')).toMatchObject({ status: 200 });
      expect(await trial.service.service.logs('web', { query: 'part:1', count: 1 })).not.toEqual([]);
      fs.rmSync(ballast);
      await trial.nextAcknowledged();
      await expect.poll(() => ask('/readyz'), PATIENTLY).toMatchObject({ status: 200 });
    }
    expect(await trial.account({ since: 'begin' })).toEqual([]);
  });
});

/** Takes whatever space is left. */
function fill(file: string): void {
  const handle = fs.openSync(file, 'a');
  try {
    for (;;) fs.writeSync(handle, Buffer.alloc(64 * 1024));
  } catch {
    // Full.
  } finally {
    fs.closeSync(handle);
  }
}

const STALL_MS = 5000;
/** Their requests together are more than may be in flight. */
const CROWD = 800;
const WORKER_BYTES_MAX = 300 * 1024 * 1024;

describe.skipIf(missing !== null)(`a disk that stalls${skipped}`, () => {
  test('for 5 s: everyone is answered, in bounded memory, and it goes on afterwards', {
    timeout: 180_000,
  }, async () => {
    const loop = makeDisk('ext4') as LoopDisk;
    disk = loop;
    const limits = ['--in-flight-bytes-max', '1MiB', '--commit-stall-unready', '2s', '--spool-free-bytes-min', '8MiB'];
    trial = new Trial({ data, workers: 1, seed: 1, flags: [...CRASH_FLAGS, ...limits] });
    const { ledger, service } = trial;
    await trial.begin();
    await trial.nextAcknowledged();
    const crowd = new Clients({ count: CROWD, ledger, random: new Random(2), url: () => service.service.publicUrl });
    const worker = service.processes().find(({ role }) => role === 'worker')?.pid ?? 0;
    const acknowledgedBefore = ledger.acknowledged.batches;
    const seen = { slowestMs: 0, bytes: 0, reasons: new Set<string>() };

    loop.freeze();
    try {
      crowd.start();
      const untilMs = performance.now() + STALL_MS;
      while (performance.now() < untilMs) {
        const askedAt = performance.now();
        const { body } = await ask('/readyz');
        seen.slowestMs = Math.max(seen.slowestMs, performance.now() - askedAt);
        seen.bytes = Math.max(seen.bytes, residentBytes(worker));
        for (const reason of body.reasons ?? []) seen.reasons.add(reason);
        await sleep(50);
      }
      // What was synced just before may be answered just after.
      expect(ledger.acknowledged.batches - acknowledgedBefore).toBeLessThan(20);
      expect(ledger.refused).toBeGreaterThan(0);
    } finally {
      loop.thaw();
    }
    expect([...seen.reasons]).toEqual([expect.stringContaining('stalled')]);
    // Far less than the stall, and room for a machine that is busy itself.
    expect(seen.slowestMs).toBeLessThan(3000);
    expect(seen.bytes).toBeLessThan(WORKER_BYTES_MAX);
    await trial.nextAcknowledged();
    await crowd.pause();
    expect(await trial.account({ since: 'begin' })).toEqual([]);
    expect(service.service.output()).not.toContain('is killed');
  });
});

function residentBytes(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
  return Number(kilobytes) * 1024;
}
