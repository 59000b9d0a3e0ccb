/** Which logs go where they take more of the disk than they may: the oldest, by whole hours. */

export interface SizedHour {
  /** When it begins, in Unix seconds. */
  readonly hour: number;
  readonly bytes: number;
}

export interface Cut {
  /** Unix seconds: logs of before go. Null if none of them may. */
  readonly before: number | null;
  /** Whether what is left is not more than it may be. */
  readonly isEnough: boolean;
}

const HOUR_SECONDS = 3600;

/** It is cut down to this part of the limit, so that days need not be written anew for every hour that comes. */
const KEPT_PART = 0.9;

/** Null if nothing is too much. `hours` are the oldest first; those that end after `floor`, in Unix seconds, stay. */
export function chooseCut(hours: readonly SizedHour[], bytesMax: number, floor: number): Cut | null {
  let left = sumBytes(hours);
  if (left <= bytesMax) return null;
  let before: number | null = null;
  for (const { hour, bytes } of hours) {
    const end = hour + HOUR_SECONDS;
    // The same hour may come again, of another logstore.
    const isCutAlready = end === before;
    if (!isCutAlready && (left <= bytesMax * KEPT_PART || end > floor)) break;
    left -= bytes;
    before = end;
  }
  return { before, isEnough: left <= bytesMax };
}

export function sumBytes(hours: readonly SizedHour[]): number {
  return hours.reduce((sum, { bytes }) => sum + bytes, 0);
}
