/** CPU time and memory of a process and all its descendants, from /proc. Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Usage {
  /** User and system time in seconds. */
  readonly cpuSeconds: number;
  /** Resident now, all of them together, in MiB. Pages they share are counted for each. */
  readonly residentMib: number;
  /** Largest resident size so far of any one of them, in MiB. */
  readonly peakMib: number;
}

/** Ticks a second; what Linux has told user space on every machine of the last twenty years. */
const TICKS = 100;

/** `matching` picks processes by their command line; all if absent. */
export function readUsage(root: number, matching?: RegExp): Usage {
  let cpuSeconds = 0;
  let residentMib = 0;
  let peakMib = 0;
  for (const pid of descendants(root)) {
    try {
      if (matching && !matching.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))) continue;
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      cpuSeconds += (Number(fields[11]) + Number(fields[12])) / TICKS;
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      residentMib += Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
      peakMib = Math.max(peakMib, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    } catch {
      // It has ended meanwhile.
    }
  }
  return { cpuSeconds, residentMib, peakMib };
}

function descendants(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const found = [root];
  for (const pid of found) for (const [child, parent] of parents) if (parent === pid) found.push(child);
  return found;
}
