/**
 * One event as one line of the catalog file. The line checks itself (checked-line.ts); behind its frame it reads
 *
 *   "v":1,"nextId":4,"event":{"event":"logstore","logstore":{"id":3,…}}}\n
 *
 * `nextId` is the first logstore id that was not taken when the line was written. Every line carries it, so ids are
 * never used again whatever line is lost or left out by compaction.
 *
 * With a vault the secret of an access key stands there sealed, as `sealedSecret` instead of `secret`.
 */
import * as z from 'zod';
import { ROLES } from '../model/access-key.js';
import { frameLine } from '../model/checked-line.js';
import type { IndexConfig } from '../model/index-config.js';
import { SAVED_CHARTS } from '../model/saved-search.js';
import { ADDRESS_PRIVACIES, DEFAULT_QUOTA, OPEN_RULES, ORIGIN_MODES } from '../model/write-rules.js';
import type { CatalogEvent } from './catalog.js';
import type { Vault } from './vault.js';

/** Keeps the keys that a later version has added, for the day when that is back. The types need not know them. */
function thing<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape> {
  return z.looseObject(shape) as unknown as z.ZodObject<Shape>;
}

const id = z.int().positive();
const createdAt = z.number();
const updatedAt = z.number().optional();

/** An index is checked when it is given; here it is whatever was stored. */
const indexConfig: z.ZodType<IndexConfig> = z.custom<IndexConfig>(
  (value) => typeof value === 'object' && value !== null,
);

const limit = z.number().nonnegative().nullable();
const quota = z.object({ requestsPerSecond: limit, bytesPerSecond: limit }).default(DEFAULT_QUOTA);

const writeRules = thing({
  origins: thing({
    mode: z.enum(ORIGIN_MODES),
    allowed: z.array(z.string()).readonly(),
    withoutOrigin: z.enum(['accept', 'refuse']),
  }),
  quota,
  clientAddress: z.enum(ADDRESS_PRIVACIES),
  pathAliases: z.array(z.string()).readonly().default([]),
  keysMax: z.int().nonnegative().default(OPEN_RULES.keysMax),
}).default(OPEN_RULES);

// Lines of earlier versions lack what was added later; defaults say what they meant.
const project = thing({ name: z.string(), description: z.string(), createdAt, updatedAt, quota }).transform(
  (value) => ({ ...value, updatedAt: value.updatedAt ?? value.createdAt }),
);

const logstore = thing({
  id,
  project: z.string(),
  name: z.string(),
  webTracking: z.boolean(),
  ttlDays: z.int().positive(),
  maxBytes: z.int().nonnegative().default(0),
  appendMeta: z.boolean(),
  createdAt,
  updatedAt,
  extras: z.record(z.string(), z.unknown()).default({}),
  index: z.object({ config: indexConfig, updatedAt: z.number() }).nullable().default(null),
  writeRules,
  quarantine: z
    .object({ isOn: z.boolean(), ttlDays: z.int().positive(), logsId: id, replaysId: id })
    .nullable()
    .default(null),
}).transform((value) => ({ ...value, updatedAt: value.updatedAt ?? value.createdAt }));

/** What is in clear, or sealed with the vault; never both. */
const secrets = { secret: z.string().min(1).optional(), sealedSecret: z.string().optional() };

const accessKey = thing({
  id: z.string(),
  ...secrets,
  roles: z.array(z.enum(ROLES)).min(1).default(['manage']),
  projects: z.array(z.string()).nullable().default(null),
  isEnabled: z.boolean().default(true),
  createdAt,
}).refine(hasOneSecret);

const savedSearch = thing({
  id: z.string(),
  project: z.string(),
  name: z.string(),
  logstore: z.string(),
  query: z.string(),
  from: z.string(),
  to: z.string(),
  chart: z.enum(SAVED_CHARTS).nullable(),
  variables: z.record(z.string(), z.string()).default({}),
  dashboard: z.string().nullable(),
  createdAt,
  updatedAt: z.number(),
});

const domain = thing({ host: z.string(), project: z.string(), createdAt });

const cluster = thing({ id: z.string(), ...secrets }).refine(hasOneSecret);

const node = thing({
  number: z.int().nonnegative(),
  id: z.string(),
  name: z.string(),
  url: z.string().nullable(),
  workers: z.int().positive(),
  shards: z.array(z.int().positive()).readonly(),
  isSealed: z.boolean(),
  joinedAt: z.number(),
  run: z.string().default(''),
});

const eventSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('project'), project }),
  z.object({ event: z.literal('projectDeleted'), name: z.string() }),
  z.object({ event: z.literal('logstore'), logstore }),
  z.object({ event: z.literal('logstoreDeleted'), id }),
  z.object({ event: z.literal('accessKey'), key: accessKey }),
  z.object({ event: z.literal('accessKeyDeleted'), id: z.string() }),
  z.object({ event: z.literal('savedSearch'), search: savedSearch }),
  z.object({ event: z.literal('savedSearchDeleted'), project: z.string(), id: z.string() }),
  z.object({ event: z.literal('domain'), domain }),
  z.object({ event: z.literal('domainDeleted'), host: z.string() }),
  z.object({ event: z.literal('cluster'), cluster }),
  z.object({ event: z.literal('node'), node }),
]);

const lineSchema = z.object({ v: z.literal(1), nextId: id, event: eventSchema });

export interface EventLine {
  readonly nextId: number;
  readonly event: CatalogEvent;
}

export function encodeEvent({ nextId, event }: EventLine, vault: Vault | undefined): Buffer {
  return frameLine(Buffer.from(`"v":1,"nextId":${nextId},"event":${JSON.stringify(sealed(event, vault))}}\n`));
}

function hasOneSecret({ secret, sealedSecret }: { secret?: string | undefined; sealedSecret?: string | undefined }) {
  return (secret === undefined) !== (sealedSecret === undefined);
}

function sealed(event: CatalogEvent, vault: Vault | undefined): unknown {
  if (vault === undefined) return event;
  if (event.event === 'accessKey') return { ...event, key: seal(event.key, vault) };
  return event.event === 'cluster' ? { ...event, cluster: seal(event.cluster, vault) } : event;
}

function seal({ secret, ...rest }: { readonly id: string; readonly secret: string }, vault: Vault) {
  return { ...rest, sealedSecret: vault.seal(rest.id, secret) };
}

function opened(event: z.infer<typeof eventSchema>, vault: Vault | undefined): CatalogEvent {
  if (event.event === 'accessKey') return { ...event, key: unseal(event.key, vault) };
  return event.event === 'cluster' ? { ...event, cluster: unseal(event.cluster, vault) } : event;
}

interface MaybeSealed {
  readonly id: string;
  readonly secret?: string | undefined;
  readonly sealedSecret?: string | undefined;
}

function unseal<T extends MaybeSealed>({ secret, sealedSecret = '', ...rest }: T, vault: Vault | undefined) {
  if (secret !== undefined) return { ...rest, secret };
  try {
    if (vault === undefined) throw new Error('none is set');
    return { ...rest, secret: vault.open(rest.id, sealedSecret) };
  } catch (cause) {
    throw new SecretsSealed('the secrets of the catalog are sealed with another secretsKey', { cause });
  }
}

/** A start without the right key must not go on: the file would be written anew without those secrets. */
export class SecretsSealed extends Error {
  override readonly name = 'SecretsSealed';
}

/**
 * Decodes what follows the frame; `undefined` for a line that some other version wrote and this one does not know. Throws
 * SecretsSealed.
 */
export function decodeEvent(rest: Buffer, vault: Vault | undefined): EventLine | undefined {
  const line = lineSchema.safeParse(parseJson(`{${rest.toString('utf8')}`)).data;
  return line === undefined ? undefined : { nextId: line.nextId, event: opened(line.event, vault) };
}

/**
 * The `nextId` of a line whose event is of a kind that this version does not know, so that a later one must have written it;
 * `undefined` for any other.
 */
export function readLaterLine(rest: Buffer): number | undefined {
  const line = laterLineSchema.safeParse(parseJson(`{${rest.toString('utf8')}`)).data;
  return line === undefined || KINDS.has(line.event.event) ? undefined : line.nextId;
}

const KINDS: ReadonlySet<string> = new Set(eventSchema.options.map(({ shape }) => shape.event.value));
const laterLineSchema = z.object({ v: z.literal(1), nextId: id, event: z.object({ event: z.string() }) });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
