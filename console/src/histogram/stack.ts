/** The parts of a histogram's bars, one on the other. */
import type { HistogramAnswer } from '../../../src/api/query.js';
import { type Tone, toneOfValue } from '../rows/tone.js';

export interface BarPart {
  readonly bucket: number;
  readonly series: SeriesColour;
  /** In logs, from the ground. */
  readonly from: number;
  readonly to: number;
}

/** By number from 0, but for what has a colour of its own. */
export type SeriesColour = number | Tone | 'others';

export function colourOf(value: string | null, index: number): SeriesColour {
  return value === null ? 'others' : (toneOfValue(value) ?? index);
}

export function stack({ buckets, series }: Pick<HistogramAnswer, 'buckets' | 'series'>): BarPart[] {
  const layers = series ?? [{ value: '', counts: buckets.map(({ count }) => count) }];
  const ground = buckets.map(() => 0);
  return layers.flatMap(({ value, counts }, index) =>
    counts.flatMap((count, bucket): BarPart[] => {
      const from = ground[bucket] ?? 0;
      ground[bucket] = from + count;
      return count === 0 ? [] : [{ bucket, series: colourOf(value, index), from, to: from + count }];
    }),
  );
}
