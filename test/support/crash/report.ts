/** The outcome of a crash run, for people. */
import type { CrashReport } from './crash-run.js';

const FAULTS_SHOWN = 20;

export function printReport(report: CrashReport): string {
  const { faults, rounds, strikes, acknowledged, unacknowledged, recoveriesMs, directory } = report;
  const kinds = new Map<string, number>();
  for (const { kind } of faults) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return [
    `${rounds} rounds: ${[...strikes].map(([name, count]) => `${count} × ${name}`).join('; ')}`,
    `acknowledged: ${acknowledged.batches} requests with ${acknowledged.logs} logs`,
    `not acknowledged: ${unacknowledged.batches} requests, ${unacknowledged.stored} of them stored all the same`,
    `200 again after: median ${quantile(recoveriesMs, 0.5)} ms, p90 ${quantile(recoveriesMs, 0.9)} ms, max ${recoveriesMs.at(-1) ?? 0} ms`,
    ...(faults.length === 0
      ? ['every log is accounted for']
      : [
          `FAULTS: ${[...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ')}; see ${directory}`,
          ...faults.slice(0, FAULTS_SHOWN).map(({ kind, text }) => `  ${kind}: ${text}`),
        ]),
  ].join('\n');
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.floor(sorted.length * part)] ?? 0;
}
