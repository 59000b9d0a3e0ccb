/** What of each batch is in the store, read in two ways that share no code: by asking the engine itself, and as users do. */
import * as http from 'node:http';
import { crc32 } from 'node:zlib';
import { storeSocket } from '../../../src/supervisor/store-socket.js';
import type { Service } from '../service.js';

export interface FoundBatch {
  /** Rows. */
  logs: number;
  /** Rows that are no repetition of another. */
  places: number;
  /** Rows that do not stand where their log stood in the request. */
  displaced: number;
  /** Rows whose text is not the one that was sent. */
  altered: number;
  /** The group's sequence number; -1 where the reader cannot know. */
  seq: number;
}

/** By the batch's id. */
export type Found = ReadonlyMap<string, FoundBatch>;

/** Asks the store's process, behind the product's back. */
export function readStore(data: string): Promise<Found> {
  return readRows((sql) => askStore(data, sql));
}

/** `ask` resolves to the text that the engine answers to a statement. */
export async function readRows(ask: (sql: string) => Promise<string>): Promise<Found> {
  const sql = `SELECT
      fields['batch'], count(), uniqExact(fields['place']),
      countIf(row != toUInt32(fields['place']) + 1) + uniqExact(shard, seq) - 1,
      countIf(CRC32(fields['text']) != toUInt32(fields['crc'])),
      min(seq)
    FROM logboom.logs GROUP BY fields['batch'] FORMAT TabSeparated`;
  const found = new Map<string, FoundBatch>();
  for (const line of (await ask(sql)).split('\n').filter(Boolean)) {
    const [id = '', ...numbers] = line.split('\t');
    const [logs = 0, places = 0, displaced = 0, altered = 0, seq = 0] = numbers.map(Number);
    found.set(id, { logs, places, displaced, altered, seq });
  }
  return found;
}

/** Asks the product's query API for all logs of a part of the run. */
export async function readApi(service: Service, part: number): Promise<Found> {
  const found = new Map<string, FoundBatch & { readonly seen: Set<string> }>();
  for (const { batch = '', place = '', text = '', crc } of await service.logs('web', { query: `part:${part}` })) {
    const of = found.get(batch) ?? { logs: 0, places: 0, displaced: 0, altered: 0, seq: -1, seen: new Set() };
    found.set(batch, of);
    if (place !== String(of.logs)) of.displaced++;
    if (String(crc32(text)) !== crc) of.altered++;
    of.logs++;
    of.places = of.seen.add(place).size;
  }
  return found;
}

/** Text that the store's process answers to `sql`. */
export function askStore(data: string, sql: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath: storeSocket(data), method: 'POST' }, async (response) => {
      const text = (await response.setEncoding('utf8').toArray()).join('');
      if (response.statusCode === 200) resolve(text);
      else reject(new Error(text));
    });
    request.on('error', reject).end(sql);
  });
}
