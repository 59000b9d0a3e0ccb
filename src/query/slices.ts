/**
 * What to do when a question about a range of time takes too long: ask about a part of it first, beginning at the end that
 * matters, and then about the next. What was found is then right as far as it goes, which nothing could be said of a statement
 * that was ended somewhere.
 */
import { writeStatement } from '../store/parameters.js';
import { type Inquiry, isTimeOver } from './inquiry.js';
import type { Order } from './search.js';
import { isInRange, type Selection, type TimeRange } from './selection.js';

/** Of the time of a request, what the question as a whole may take before it is cut into slices. */
const WHOLE_PART = 0.5;
/** The first slice, of the range in which there are logs. */
const SLICES_MAX = 64n;
/** A slice that took less than this part of the time that was left makes the next one twice as wide. */
const QUICK_PART = 0.2;

/** How far the answer goes; null if it is about the whole range. Unix nanoseconds. */
export type Reached = bigint | null;

export interface SlicedQuestion {
  readonly selection: Selection;
  readonly order: Order;
  /** Where a slice may end near a moment: at that moment or, in the order, behind it. */
  readonly snap: (ns: bigint) => bigint;
  /** Asks about the whole. Its statement may take the given part of the time. */
  readonly askWhole: (part: number) => Promise<void>;
  /** Asks about one slice, in the order of slices. Whether that is enough. */
  readonly askSlice: (slice: TimeRange) => Promise<boolean>;
}

/** Throws what the store throws, but for the end of the time. */
export async function askWithinTime(inquiry: Inquiry, question: SlicedQuestion): Promise<Reached> {
  try {
    await question.askWhole(WHOLE_PART);
    return null;
  } catch (error) {
    if (!isTimeOver(error)) throw error;
  }
  const { selection, order } = question;
  let left: TimeRange = selection;
  try {
    const extent = await findExtent(inquiry, selection);
    if (extent === null) return null;
    left = extent;
    let width = (left.toNs - left.fromNs) / SLICES_MAX + 1n;
    while (left.fromNs < left.toNs) {
      const before = inquiry.timeLeftMs;
      const slice = cutSlice(left, order, width, question.snap);
      if (await question.askSlice(slice)) return null;
      left = order === 'newestFirst' ? { ...left, toNs: slice.fromNs } : { ...left, fromNs: slice.toNs };
      if (before - inquiry.timeLeftMs < before * QUICK_PART) width *= 2n;
    }
    return null;
  } catch (error) {
    if (!isTimeOver(error)) throw error;
    return order === 'newestFirst' ? left.toNs : left.fromNs;
  }
}

/** The next slice; all that is left if that is no wider. */
function cutSlice(left: TimeRange, order: Order, width: bigint, snap: SlicedQuestion['snap']): TimeRange {
  if (order === 'newestFirst') {
    const fromNs = snap(left.toNs - width);
    return fromNs <= left.fromNs ? left : { fromNs, toNs: left.toNs };
  }
  const toNs = snap(left.fromNs + width);
  return toNs >= left.toNs ? left : { fromNs: left.fromNs, toNs };
}

/** The part of the range in which the logstore has logs at all; null if it has none there. */
async function findExtent(inquiry: Inquiry, { logstoreId, fromNs, toNs }: Selection): Promise<TimeRange | null> {
  const { rows } = await inquiry.ask<{ count: string; first: string; last: string }>(() =>
    writeStatement(
      (bind) => `SELECT count() AS count,
  toUnixTimestamp64Nano(min(time)) AS first,
  toUnixTimestamp64Nano(max(time)) AS last
FROM logs
WHERE logstore = ${bind(logstoreId, 'UInt64')} AND ${isInRange({ fromNs, toNs }, bind)}`,
    ),
  );
  const [row] = rows;
  return row === undefined || row.count === '0' ? null : { fromNs: BigInt(row.first), toNs: BigInt(row.last) + 1n };
}
