/** What the file system itself takes for the work behind an acknowledgement: the yardstick of latencies. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface SyncProbe {
  readonly directory: string;
  /** Of one append. */
  readonly bytes: number;
  /** Appends a second, if the disk is quick enough: a disk that rests in between is slower to answer. */
  readonly rate: number;
  readonly durationMs: number;
}

/** Milliseconds that appends with fdatasync took, one after the other, without anything of Node's around them. */
export async function probeSyncs({ directory, bytes, rate, durationMs }: SyncProbe): Promise<number[]> {
  const file = path.join(directory, `sync-probe-${process.pid}`);
  const fd = fs.openSync(file, 'w');
  const piece = Buffer.alloc(bytes, 'x');
  const times: number[] = [];
  try {
    const startedMs = performance.now();
    for (let dueMs = startedMs; performance.now() < startedMs + durationMs; dueMs += 1000 / rate) {
      const earlyMs = dueMs - performance.now();
      if (earlyMs > 0) await sleep(earlyMs);
      const beforeMs = performance.now();
      fs.writeSync(fd, piece);
      fs.fdatasyncSync(fd);
      times.push(performance.now() - beforeMs);
    }
  } finally {
    fs.closeSync(fd);
    fs.rmSync(file);
  }
  return times;
}
