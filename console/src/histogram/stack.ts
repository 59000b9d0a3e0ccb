/** The parts of a histogram's bars, one on the other. */
import type { HistogramAnswer } from '../../../src/api/query.js';

export interface BarPart {
  readonly bucket: number;
  /** From 0; for the others, `others`; without series 0. */
  readonly series: number | 'others';
  /** In logs, from the ground. */
  readonly from: number;
  readonly to: number;
}

export function stack({ buckets, series }: Pick<HistogramAnswer, 'buckets' | 'series'>): BarPart[] {
  const layers = series ?? [{ value: '', counts: buckets.map(({ count }) => count) }];
  const ground = buckets.map(() => 0);
  return layers.flatMap(({ value, counts }, index) =>
    counts.flatMap((count, bucket): BarPart[] => {
      const from = ground[bucket] ?? 0;
      ground[bucket] = from + count;
      return count === 0 ? [] : [{ bucket, series: value === null ? 'others' : index, from, to: from + count }];
    }),
  );
}
