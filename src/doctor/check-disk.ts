/** What the service needs of the file system of its data: its own, private, with room, and honest and quick at syncing. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { realDisk } from '../platform/disk.js';
import { gib } from './check-machine.js';
import { type Finding, ok, problem, warning } from './finding.js';

/** statfs(2) */
const TMPFS = 0x01021994;
const NETWORK: Readonly<Record<number, string>> = { 26985: 'NFS', 4283649346: 'CIFS', 4266872130: 'SMB' };

const APPENDS = 100;
const APPEND_BYTES = 16 * 1024;
/** Slower than this and pages that are being closed lose beacons. */
const SLOW_MS = 100;
/** No disk is that quick: something answers without having done it. */
const TOO_QUICK_MS = 0.02;

/** `freeBytesMin` is the floor under which the service refuses logs. Makes the directory if it is missing. */
export async function checkDisk(directory: string, freeBytesMin: number): Promise<Finding[]> {
  try {
    await realDisk.makeDirectory(directory);
    return [
      await checkPrivacy(directory),
      await checkKind(directory),
      await checkRoom(directory, freeBytesMin),
      await checkSyncs(directory),
    ];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [problem(`${directory} cannot be written: ${reason}`, 'make it and give it to the user of the service')];
  }
}

async function checkPrivacy(directory: string): Promise<Finding> {
  const { mode, uid } = await fs.stat(directory);
  const digits = (mode & 0o777).toString(8);
  if (process.getuid?.() !== undefined && process.getuid() !== 0 && uid !== process.getuid()) {
    return warning(`${directory} belongs to another user`, `chown it to the user of the service`);
  }
  if ((mode & 0o077) === 0) return ok(`${directory} is readable by its owner alone`);
  return warning(`${directory} has mode ${digits}: others may read logs and access keys`, `chmod 700 ${directory}`);
}

async function checkKind(directory: string): Promise<Finding> {
  const { type } = await fs.statfs(directory);
  const network = NETWORK[type >>> 0];
  if (network !== undefined) {
    return problem(`${directory} is on ${network}: locks and fsync are not what they must be`, 'use a local disk');
  }
  if (type === TMPFS) return warning(`${directory} is in memory: a restart of the machine loses it`, 'use a disk');
  return ok('a local file system');
}

async function checkRoom(directory: string, freeBytesMin: number): Promise<Finding> {
  const { freeBytes, totalBytes } = await realDisk.space(directory);
  const figures = `${gib(freeBytes)} of ${gib(totalBytes)} free; logs are refused below ${gib(freeBytesMin)}`;
  if (freeBytes < freeBytesMin) return problem(figures, 'make room, or lower spoolFreeBytesMin');
  if (freeBytes < 3 * freeBytesMin) return warning(figures, 'make room before it is needed');
  return ok(figures);
}

async function checkSyncs(directory: string): Promise<Finding> {
  const times = await timeSyncs(path.join(directory, `doctor-${process.pid}.tmp`));
  const at = (part: number) => times[Math.floor(times.length * part)] ?? 0;
  const figures = `fdatasync takes ${at(0.5).toFixed(2)} ms, one in a hundred ${at(0.99).toFixed(2)} ms`;
  if (at(0.99) > SLOW_MS) return warning(figures, 'every acknowledgement waits for one: use a quicker or quieter disk');
  if (at(0.5) < TOO_QUICK_MS) {
    return warning(`${figures}: quicker than disks are`, 'make sure that nothing (eatmydata, a mount option) skips it');
  }
  return ok(figures);
}

/** Milliseconds of appends with fdatasync, in order of length. */
async function timeSyncs(file: string): Promise<number[]> {
  const handle = await realDisk.open(file, 'create');
  const piece = Buffer.alloc(APPEND_BYTES, 'x');
  const times: number[] = [];
  try {
    for (let i = 0; i < APPENDS; i += 1) {
      const startedMs = performance.now();
      await handle.write([piece], i * APPEND_BYTES);
      await handle.sync();
      times.push(performance.now() - startedMs);
    }
  } finally {
    await handle.close();
    await realDisk.remove(file);
  }
  return times.sort((a, b) => a - b);
}
