/** Decodes an index as clients give it. What is missing is filled in where clients that read it back expect it. */
import * as z from 'zod';
import type { IndexConfig, KeyIndex } from '../model/index-config.js';

/** What separates words where the index of a field does not say. */
export const DEFAULT_TOKEN: readonly string[] = [...`, '";=()[]{}?@&<>/:\n\t\r`];

export const NO_TOKEN = 'Required field token is lacking or of error format.';

const tokens = z.array(z.string(), NO_TOKEN);
const names = z.array(z.string()).optional();
const switched = z.boolean().optional();

const lineSchema = z
  .looseObject({ token: tokens, caseSensitive: switched, chn: switched, include_keys: names, exclude_keys: names })
  .refine(({ include_keys = [], exclude_keys = [] }) => include_keys.length === 0 || exclude_keys.length === 0, {
    message: 'include_keys and exclude_keys exclude each other.',
  });

const keySchema: z.ZodType<KeyIndex> = z
  .looseObject({
    type: z.enum(['text', 'long', 'double', 'json']),
    alias: z.string().optional(),
    token: tokens.optional(),
    caseSensitive: switched,
    chn: switched,
    doc_value: switched,
    get json_keys() {
      return z.record(z.string(), keySchema).optional();
    },
  })
  .transform((key) => (key.type === 'text' && key.token === undefined ? { ...key, token: DEFAULT_TOKEN } : key));

export const indexSchema: z.ZodType<IndexConfig> = z
  .looseObject({ line: lineSchema.optional(), keys: z.record(z.string(), keySchema).optional() })
  .refine(({ line, keys }) => line !== undefined || keys !== undefined, {
    message: 'required fields line/keys are lacking or of error format.',
  })
  // Read-only parts come back from clients that change what they have read.
  .transform(({ storage: _, lastModifyTime: __, ...given }) => given);
