import { timingSafeEqual } from 'node:crypto';

/** Compares in a time that does not tell where two texts of the same length differ. */
export function isSameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1')];
  return left.length === right.length && timingSafeEqual(left, right);
}
