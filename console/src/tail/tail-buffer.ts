/**
 * The newest logs of a tail, so many and no more. While it is paused, what is shown stands still and what arrives waits, within
 * the same bound.
 */
import type { Row } from '../rows/row.js';

export interface TailBuffer {
  /** Newest first. */
  readonly shown: readonly Row[];
  /** Newest first; empty unless paused. */
  readonly waiting: readonly Row[];
  /** Arrived while paused, those that had to go included. */
  readonly waitingCount: number;
  readonly isPaused: boolean;
  /** Arrived since the beginning. */
  readonly total: number;
}

export const TAIL_ROWS_MAX = 5000;

export const EMPTY_TAIL: TailBuffer = { shown: [], waiting: [], waitingCount: 0, isPaused: false, total: 0 };

/** `arrived` is in the order of arrival. */
export function take(buffer: TailBuffer, arrived: readonly Row[]): TailBuffer {
  const total = buffer.total + arrived.length;
  if (!buffer.isPaused) return { ...buffer, total, shown: putOn(buffer.shown, arrived) };
  const waitingCount = buffer.waitingCount + arrived.length;
  return { ...buffer, total, waitingCount, waiting: putOn(buffer.waiting, arrived) };
}

export function pause(buffer: TailBuffer): TailBuffer {
  return { ...buffer, isPaused: true };
}

/** What waited is shown. */
export function resume({ shown, waiting, total }: TailBuffer): TailBuffer {
  const both = [...waiting, ...shown].slice(0, TAIL_ROWS_MAX);
  return { shown: both, waiting: [], waitingCount: 0, isPaused: false, total };
}

function putOn(rows: readonly Row[], arrived: readonly Row[]): readonly Row[] {
  const newest = arrived.slice(-TAIL_ROWS_MAX).reverse();
  return [...newest, ...rows.slice(0, TAIL_ROWS_MAX - newest.length)];
}
