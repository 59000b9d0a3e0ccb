/** A batch as a request of the tracking API, in one of the forms clients use. */
import { crc32 } from 'node:zlib';
import { compressSync } from 'lz4-napi';
import type { Random } from '../random.js';
import type { Batch } from './ledger.js';

export interface TrackRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** GET and image hold one log. `lz4` and `plain` are POSTs. */
export type Form = 'get' | 'gif' | 'plain' | 'lz4';

const VERSION = { 'x-log-apiversion': '0.6.0' };

export function trackRequest(batch: Batch, form: Form, random: Random): TrackRequest {
  if (form === 'get' || form === 'gif') {
    const query = new URLSearchParams({ APIVersion: '0.6.0', ...trackedLog(batch, 0, random) });
    return { method: 'GET', path: `/logstores/web/track${form === 'gif' ? '.gif' : ''}?${query}`, headers: {} };
  }
  const logs = Array.from({ length: batch.logs }, (_, place) => trackedLog(batch, place, random));
  const raw = Buffer.from(JSON.stringify({ __logs__: logs }));
  const headers = { ...VERSION, 'x-log-bodyrawsize': String(raw.length) };
  const path = '/logstores/web/track';
  if (form === 'plain') return { method: 'POST', path, headers, body: raw };
  // The size that lz4-napi puts in front is not part of a raw block.
  const body = compressSync(raw).subarray(4);
  return { method: 'POST', path, headers: { ...headers, 'x-log-compresstype': 'lz4' }, body };
}

/** `crc` is the CRC-32 of `text`, in decimal: whoever reads the log can tell whether it was altered. */
function trackedLog({ id, part }: Batch, place: number, random: Random): Record<string, string> {
  const words = Array.from({ length: random.between(1, 20) }, () => random.pick(WORDS));
  const text = `${words.join(' ')} ${random.below(1e9)}`;
  return { batch: id, part: String(part), place: String(place), text, crc: String(crc32(text)) };
}

const WORDS = [
  'page',
  'click',
  'load',
  '数数',
  'a "quoted" word',
  'back\\slash',
  'line\nbreak',
  '😀',
  '{"n":1}',
] as const;
