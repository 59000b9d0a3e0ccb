/**
 * One event as one line of the catalog file. The line checks itself (checked-line.ts); behind its frame it reads
 *
 *   "v":1,"nextId":4,"event":{"event":"logstore","logstore":{"id":3,…}}}\n
 *
 * `nextId` is the first logstore id that was not taken when the line was written. Every line carries it, so ids are
 * never used again whatever line is lost or left out by compaction.
 */
import * as z from 'zod';
import { frameLine } from '../model/checked-line.js';
import type { CatalogEvent } from './catalog.js';

const id = z.int().positive();
const createdAt = z.number();

const eventSchema: z.ZodType<CatalogEvent> = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('project'),
    project: z.object({ name: z.string(), description: z.string(), createdAt }),
  }),
  z.object({ event: z.literal('projectDeleted'), name: z.string() }),
  z.object({
    event: z.literal('logstore'),
    logstore: z.object({
      id,
      project: z.string(),
      name: z.string(),
      webTracking: z.boolean(),
      ttlDays: z.int().positive(),
      appendMeta: z.boolean(),
      createdAt,
    }),
  }),
  z.object({ event: z.literal('logstoreDeleted'), id }),
  z.object({
    event: z.literal('accessKey'),
    key: z.object({ id: z.string(), secret: z.string(), createdAt }),
  }),
]);

const lineSchema = z.object({ v: z.literal(1), nextId: id, event: eventSchema });

export interface EventLine {
  readonly nextId: number;
  readonly event: CatalogEvent;
}

export function encodeEvent({ nextId, event }: EventLine): Buffer {
  return frameLine(Buffer.from(`"v":1,"nextId":${nextId},"event":${JSON.stringify(event)}}\n`));
}

/** Decodes what follows the frame; `undefined` for a line that some other version wrote and this one does not know. */
export function decodeEvent(rest: Buffer): EventLine | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(`{${rest.toString('utf8')}`)).data;
  } catch {
    return undefined;
  }
}
