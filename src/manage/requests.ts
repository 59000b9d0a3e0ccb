/** What requests carry: bodies by their schemas, and the parameters of lists. */
import type * as z from 'zod';
import { ApiError } from '../errors.js';
import type { Exchange } from '../http/route.js';

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
