/** Decodes the bodies of the admin API. A field that is not known is refused: it would be a mistake that nobody notices. */
import * as z from 'zod';
import type { CreateLogstore, CreateProject, UpdateLogstore, UpdateProject } from '../api/catalog.js';
import type { CreateKey, UpdateKey } from '../api/keys.js';
import { ApiError } from '../errors.js';
import { ROLES } from '../model/access-key.js';
import { ADDRESS_PRIVACIES, ORIGIN_MODES } from '../model/write-rules.js';

const name = z.string();
const webTracking = z.boolean().optional();
const ttlDays = z.int().optional();
const maxBytes = z.number().optional();
const appendMeta = z.boolean().optional();

const limit = z.number().nonnegative().nullable().optional();
const quota = z.strictObject({ requestsPerSecond: limit, bytesPerSecond: limit }).optional();
const origins = z
  .strictObject({
    mode: z.enum(ORIGIN_MODES).optional(),
    allowed: z.array(z.string()).optional(),
    withoutOrigin: z.enum(['accept', 'refuse']).optional(),
  })
  .optional();
const quarantine = z.strictObject({ isOn: z.boolean().optional(), ttlDays }).optional();
const writeRules = {
  origins,
  quota,
  clientAddress: z.enum(ADDRESS_PRIVACIES).optional(),
  pathAliases: z.array(z.string()).optional(),
  keysMax: z.number().optional(),
};

export const createProjectSchema: z.ZodType<CreateProject> = z.strictObject({
  name,
  description: z.string().optional(),
});

export const updateProjectSchema: z.ZodType<UpdateProject> = z.strictObject({
  description: z.string().optional(),
  quota,
});

export const createLogstoreSchema: z.ZodType<CreateLogstore> = z.strictObject({
  name,
  webTracking,
  ttlDays,
  maxBytes,
  appendMeta,
  quarantine,
  ...writeRules,
});

export const updateLogstoreSchema: z.ZodType<UpdateLogstore> = z.strictObject({
  webTracking,
  ttlDays,
  maxBytes,
  appendMeta,
  quarantine,
  ...writeRules,
});

export const createKeySchema: z.ZodType<CreateKey> = z.strictObject({
  roles: z.array(z.enum(ROLES)).min(1),
  projects: z.array(z.string()).min(1).nullish(),
});

export const updateKeySchema: z.ZodType<UpdateKey> = z.strictObject({ isEnabled: z.boolean() });

/** Throws ParameterInvalid with all that is wrong, each part with the name of its field. */
export function decode<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const reasons = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new ApiError('ParameterInvalid', { reason: reasons.join('; ') });
}
