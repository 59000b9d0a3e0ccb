/** What requests carry: bodies of signed JSON, and the parameters of lists. */
import type * as z from 'zod';
import { ApiError } from '../errors.js';
import type { Admission } from '../http/auth/gate.js';
import type { BodyReader } from '../http/body.js';
import type { Exchange } from '../http/route.js';

/** The index of a logstore with thousands of fields is some hundred kilobytes. */
const BODY_BYTES_MAX = 1024 * 1024;

/** Reads the body and checks that it is the signed one. Throws JsonBodyInvalid for what is no JSON object. */
export async function readSignedJson(
  exchange: Exchange,
  { checkBody }: Admission,
  bodies: BodyReader,
): Promise<object> {
  const body = await bodies.read(exchange, BODY_BYTES_MAX);
  try {
    checkBody(body.bytes);
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body.bytes));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ApiError('JsonBodyInvalid');
    return value;
  } catch (cause) {
    throw cause instanceof ApiError ? cause : new ApiError('JsonBodyInvalid', {}, { cause });
  } finally {
    body.release();
  }
}

/** Throws what `refuse` makes of all that is wrong, each part with the name of its field. */
export function decode<T>(schema: z.ZodType<T>, body: object, refuse: (reason: string) => ApiError): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const reasons = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw refuse(reasons.join('; '));
}

export interface Page {
  readonly offset: number;
  readonly size: number;
}

const PAGE_SIZE_DEFAULT = 100;
const PAGE_SIZE_MAX = 500;

/** Parameters of a list. Those without a value are as good as absent: Node's SDK sends all it knows. */
export class Parameters {
  readonly #values: URLSearchParams;

  constructor({ queryText }: Exchange) {
    this.#values = new URLSearchParams(queryText);
  }

  text(name: string): string | undefined {
    return this.#values.get(name) || undefined;
  }

  /** Throws ParameterInvalid. */
  page(): Page {
    const offset = this.#wholeNumber('offset', 0);
    const size = this.#wholeNumber('size', PAGE_SIZE_DEFAULT);
    if (size === 0 || size > PAGE_SIZE_MAX) {
      throw new ApiError('ParameterInvalid', { reason: `Invalid parameter size, (0,${PAGE_SIZE_MAX}].` });
    }
    return { offset, size };
  }

  #wholeNumber(name: string, absent: number): number {
    const text = this.text(name);
    if (text === undefined) return absent;
    if (!/^\d{1,9}$/.test(text))
      throw new ApiError('ParameterInvalid', { reason: `${name} : ${text} pair is invalid` });
    return Number(text);
  }
}

/** One page of a list, as lists are answered. */
export function cut<T>(
  items: readonly T[],
  { offset, size }: Page,
): { count: number; total: number; page: readonly T[] } {
  const page = items.slice(offset, offset + size);
  return { count: page.length, total: items.length, page };
}
