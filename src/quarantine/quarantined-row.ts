/** A quarantined log as the store gives it. */
import type { QuarantinedLogInfo } from '../api/quarantine.js';
import { type LogPlace, placeOf, printPlace } from '../query/log-place.js';
import type { PlacedRow } from '../query/search.js';

export interface QuarantinedRow {
  readonly place: LogPlace;
  readonly topic: string;
  readonly source: string;
  readonly tags: ReadonlyMap<string, string>;
  /** See model/quarantined-log.ts. */
  readonly fields: ReadonlyMap<string, string>;
}

export function readRow(row: PlacedRow): QuarantinedRow {
  return {
    place: placeOf(row),
    topic: row.topic,
    source: row.source,
    tags: new Map(row.tagNames.map((name, i) => [name, row.tagValues[i] ?? ''])),
    fields: new Map(row.fieldNames.map((name, i) => [name, row.fieldValues[i] ?? ''])),
  };
}

export function textOf({ fields }: QuarantinedRow): string {
  return fields.get('text') ?? '';
}

export function describeRow({ place, topic, source, tags, fields }: QuarantinedRow): QuarantinedLogInfo {
  const field = (name: string) => fields.get(name) ?? '';
  return {
    id: printPlace(place),
    time: Number(place.timeNs / 1_000_000n) / 1000,
    topic,
    source,
    tags: Object.fromEntries(tags),
    text: field('text'),
    isCut: fields.has('cut'),
    textBytes: Number(field('text_bytes')),
    reason: field('reason'),
    detail: field('detail'),
    field: fields.get('field') ?? null,
    offset: Number(field('offset')),
    index: Number(field('index')),
    requestId: field('request_id'),
    origin: fields.get('origin') ?? null,
    client: field('client'),
  };
}
