/** The two halves of a new access key. */
import { randomInt } from 'node:crypto';
import type { AccessKey } from '../model/catalog.js';

/** An id like `LB7fP…` of 24 characters and a secret of 40, which nobody can guess. */
export function newKeyPair(): Pick<AccessKey, 'id' | 'secret'> {
  return { id: `LB${randomText(22)}`, secret: randomText(40) };
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Letters and digits, 5.95 bits each, from the system's random source. */
function randomText(length: number): string {
  return Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}
