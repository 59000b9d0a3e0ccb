/**
 * Keys, found by their bytes without making a text of them: this is asked for each distinct key of each body.
 *
 * Keys come from strangers; the hash is the keyed one of key-table.ts, so that nobody outside can aim for one place.
 */
import { randomFillSync } from 'node:crypto';
import { KEY_BYTES_MAX } from '../model/limits.js';

/** Makes numbers of bytes; sets may share one. */
export class KeyHash {
  private readonly random = randomFillSync(new Int32Array(KEY_BYTES_MAX * 256));

  of(bytes: Uint8Array, start: number, end: number): number {
    const { random } = this;
    let hash = 0;
    // What an index declares may be longer than a key can be.
    const length = Math.min(end - start, KEY_BYTES_MAX);
    for (let k = 0; k < length; k++) hash ^= random[(k << 8) | (bytes[start + k] as number)] as number;
    return hash;
  }
}

export class KeySet {
  private readonly hash: KeyHash;
  /** By hash, or by the next free number; a character for each byte. */
  private readonly keys = new Map<number, string>();

  constructor(hash: KeyHash) {
    this.hash = hash;
  }

  get size(): number {
    return this.keys.size;
  }

  has(bytes: Uint8Array, start: number, end: number): boolean {
    return this.keys.has(this.place(bytes, start, end));
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    this.keys.set(this.place(bytes, start, end), Buffer.from(bytes.subarray(start, end)).toString('latin1'));
  }

  clear(): void {
    this.keys.clear();
  }

  /** Where the key is, or would be. */
  private place(bytes: Uint8Array, start: number, end: number): number {
    let place = this.hash.of(bytes, start, end);
    for (;;) {
      const known = this.keys.get(place);
      if (known === undefined || isSame(known, bytes, start, end)) return place;
      place = (place + 1) | 0;
    }
  }
}

function isSame(known: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let k = 0; k < known.length; k++) if (known.charCodeAt(k) !== bytes[start + k]) return false;
  return true;
}
