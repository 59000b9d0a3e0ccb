/** How many logs meet a search, bucket by bucket of a range of time. */
import type { LogTable } from '../store/log-table.js';
import { type Bind, writeStatement } from '../store/parameters.js';
import type { Statement } from '../store/store.js';
import { isSelected, type Selection, type TimeRange } from './selection.js';

const SECOND = 1_000_000_000n;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** In seconds. Beyond the last one, multiples of it. */
const WIDTHS = [
  ...[1, 2, 5, 10, 15, 20, 30],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 4, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7].map((n) => n * DAY),
];
const WIDEST = 7 * DAY;

/** The narrowest of the usual widths, in seconds, that divides the range into at most so many buckets. */
export function chooseWidth(range: TimeRange, bucketsMax: number): number {
  const usual = WIDTHS.find((width) => countBuckets(range, width) <= bucketsMax);
  return usual ?? WIDEST * Math.ceil(countBuckets(range, WIDEST) / bucketsMax);
}

export function countBuckets({ fromNs, toNs }: TimeRange, widthSeconds: number): number {
  const width = BigInt(widthSeconds) * SECOND;
  return Number((toNs - fromNs + width - 1n) / width);
}

/** A bucket with logs in it. 64-bit numbers come as text. */
export interface BucketRow {
  /** From 0. */
  readonly bucket: string;
  readonly count: string;
}

/**
 * Selects `BucketRow`s. The first bucket begins at `originNs`, where the range of the question does, so that the same question
 * has the same buckets.
 */
export function selectHistogram(
  table: LogTable,
  selection: Selection,
  widthSeconds: number,
  originNs: bigint,
): Statement {
  return writeStatement(
    (bind) => `SELECT ${bucketOf(originNs, widthSeconds, bind)} AS bucket, count() AS count
FROM logs
WHERE ${isSelected(selection, table, bind)}
GROUP BY bucket
ORDER BY bucket`,
  );
}

/** The number of a row's bucket. */
export function bucketOf(originNs: bigint, widthSeconds: number, bind: Bind): string {
  const width = BigInt(widthSeconds) * SECOND;
  return `intDiv(toUnixTimestamp64Nano(time) - ${bind(originNs, 'Int64')}, ${bind(width, 'Int64')})`;
}

/** Where the bucket begins that a moment is in. */
export function bucketStart({ fromNs }: TimeRange, widthSeconds: number, ns: bigint): bigint {
  const width = BigInt(widthSeconds) * SECOND;
  return ns < fromNs ? fromNs : ns - ((ns - fromNs) % width);
}

/** One bucket; `toNs` is where the next one begins, or the range ends. */
export interface Bucket extends TimeRange {
  /** 0 where it is not counted. */
  readonly count: number;
  readonly isCounted: boolean;
}

/** All buckets of the range, without a gap. */
export function fillBuckets(
  range: TimeRange,
  widthSeconds: number,
  rows: readonly BucketRow[],
  isCounted: (fromNs: bigint) => boolean,
): Bucket[] {
  const counts = new Map(rows.map(({ bucket, count }) => [Number(bucket), Number(count)]));
  const width = BigInt(widthSeconds) * SECOND;
  return Array.from({ length: countBuckets(range, widthSeconds) }, (_, i) => {
    const fromNs = range.fromNs + BigInt(i) * width;
    const end = fromNs + width;
    const toNs = end < range.toNs ? end : range.toNs;
    return { fromNs, toNs, count: counts.get(i) ?? 0, isCounted: isCounted(fromNs) };
  });
}
