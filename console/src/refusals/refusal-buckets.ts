/** Counts of refusals as a histogram without a gap. */
import type { HistogramAnswer } from '../../../src/api/query.js';
import type { RefusalCounts } from '../../../src/api/refusals.js';
import type { Span } from '../time/range.js';

/** The service keeps an hour by minutes, and two days by hours. */
const STEPS = { minute: 60, hour: 48 } as const;

export function bucketsOf(
  { steps, stepSeconds }: RefusalCounts,
  step: keyof typeof STEPS,
  reason: string | null,
  nowMs: number,
): { readonly span: Span; readonly answer: Pick<HistogramAnswer, 'buckets'> } {
  const counts = new Map(
    steps.map(({ time, count, byReason }) => [time, reason === null ? count : (byReason[reason] ?? 0)]),
  );
  const end = (Math.floor(nowMs / 1000 / stepSeconds) + 1) * stepSeconds;
  const start = end - STEPS[step] * stepSeconds;
  const buckets = Array.from({ length: STEPS[step] }, (_, at) => {
    const from = start + at * stepSeconds;
    return { from, to: from + stepSeconds, count: counts.get(from) ?? 0 };
  });
  return { span: { fromMs: start * 1000, toMs: end * 1000 }, answer: { buckets } };
}

/** The most frequent first. */
export function sumByName(parts: readonly Readonly<Record<string, number>>[]): [name: string, count: number][] {
  const sums = new Map<string, number>();
  for (const part of parts) {
    for (const [name, count] of Object.entries(part)) sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return [...sums].sort((a, b) => b[1] - a[1]);
}
