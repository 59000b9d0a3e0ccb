/** How many logs meet a search, as far as they can be counted in the time of the request. */
import { type Bucket, type BucketRow, bucketStart, fillBuckets, selectHistogram } from './histogram.js';
import type { Inquiry } from './inquiry.js';
import type { Selection } from './selection.js';
import { askWithinTime, type Reached } from './slices.js';

export interface FoundHistogram {
  /** The newest logs are counted first. */
  readonly buckets: readonly Bucket[];
  /** If it is not null: where the first bucket that was counted begins. Those before it were not. */
  readonly reachedNs: Reached;
}

/** Throws what the store throws. */
export async function findHistogram(
  inquiry: Inquiry,
  selection: Selection,
  widthSeconds: number,
): Promise<FoundHistogram> {
  const ask = async (asked: Selection, part?: number) =>
    (await inquiry.ask<BucketRow>((table) => selectHistogram(table, asked, widthSeconds, selection.fromNs), part)).rows;
  const rows: BucketRow[] = [];
  const reachedNs = await askWithinTime(inquiry, {
    selection,
    order: 'newestFirst',
    snap: (ns) => bucketStart(selection, widthSeconds, ns),
    async askWhole(part) {
      rows.push(...(await ask(selection, part)));
    },
    async askSlice(slice) {
      rows.push(...(await ask({ ...selection, ...slice })));
      return false;
    },
  });
  const isCounted = (fromNs: bigint) => reachedNs === null || fromNs >= reachedNs;
  return { buckets: fillBuckets(selection, widthSeconds, rows, isCounted), reachedNs };
}
