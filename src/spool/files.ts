/** Names of the files in a spool directory. A name tells order and state; what is inside tells the rest. */
import * as path from 'node:path';

export type SegmentState = 'sealed' | 'loaded' | 'aside';

export interface SegmentName {
  readonly number: number;
  readonly state: SegmentState;
}

const DIGITS = 12;
const NAME = /^(\d{12}|[1-9]\d{12,14})\.(?:(loaded|aside)\.)?ndjson$/;
const NUMBER = /^(\d{12,15})\./;

export function segmentPath(directory: string, number: number, state: SegmentState): string {
  const digits = digitsOf(number);
  switch (state) {
    case 'sealed':
      return path.join(directory, `${digits}.ndjson`);
    case 'loaded':
    case 'aside':
      return path.join(directory, `${digits}.${state}.ndjson`);
  }
}

/** The n-th file of damaged bytes of a segment, counted from 1. */
export function badPath(directory: string, number: number, n: number): string {
  return path.join(directory, `${digitsOf(number)}.${n === 1 ? '' : `${n}.`}bad`);
}

/** Null for every file that is not a segment. */
export function readSegmentName(name: string): SegmentName | null {
  const [, digits, state] = NAME.exec(name) ?? [];
  if (digits === undefined) return null;
  return { number: Number(digits), state: state === 'loaded' || state === 'aside' ? state : 'sealed' };
}

/** A file that was taken out for the operator: a segment that could not be loaded, or damaged bytes. */
export function isAside(name: string): boolean {
  return readSegmentName(name)?.state === 'aside' || /^\d{12,15}\.(?:\d+\.)?bad$/.test(name);
}

/** The number that a name begins with, whatever kind of file it is, or 0. */
export function leadingNumber(name: string): number {
  return Number(NUMBER.exec(name)?.[1] ?? 0);
}

function digitsOf(number: number): string {
  return String(number).padStart(DIGITS, '0');
}
