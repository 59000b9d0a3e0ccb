/** A row that all nodes of a cluster share and that keeps one value (kept-value.ts). One node at a time writes it. */
import type { SharedRows } from '../model/shared-rows.js';
import { openDeadline } from '../platform/deadline.js';
import type { KeptPlace } from '../platform/kept-value.js';

/** Whoever waits longer asks again. */
const MS_MAX = 10_000;

export function sharedPlace(rows: SharedRows, key: string): KeptPlace {
  let version = 0;
  const write = (of: string, text: string) => within((signal) => rows.write([{ key: of, version, text }], signal));
  return {
    async read() {
      const row = (await within((signal) => rows.read(signal))).find((one) => one.key === key);
      version = row?.version ?? 0;
      return Buffer.from(row?.text ?? '');
    },
    async write(bytes) {
      version += 1;
      await write(key, bytes.toString('utf8'));
    },
    async setAside(bytes) {
      const aside = `${key} damaged ${version}`;
      await write(aside, bytes.toString('utf8'));
      return `shared row ${aside}`;
    },
  };
}

/** What it kept before is gone from the store minutes after the next write. */
export function forgetful(place: KeptPlace, rows: SharedRows): KeptPlace {
  return {
    ...place,
    async write(bytes) {
      await place.write(bytes);
      // It is written whether or not that succeeds, and the next write makes up for it.
      await within((signal) => rows.forget(signal)).catch(() => undefined);
    },
  };
}

async function within<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { signal, close } = openDeadline(MS_MAX);
  try {
    return await work(signal);
  } finally {
    close();
  }
}
