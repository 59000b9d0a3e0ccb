/** The version of the API that a request names, as a header or a query parameter. */
import { ApiError } from '../errors.js';

/** 0.4.0 stands in old documents. */
const VERSIONS = new Set(['0.6.0', '0.4.0']);

/** Throws MissingAPIVersion and InvalidAPIVersion. */
export function checkApiVersion(version: string | string[] | undefined): void {
  if (version === undefined || version === '') throw new ApiError('MissingAPIVersion');
  if (!VERSIONS.has(String(version))) throw new ApiError('InvalidAPIVersion', { version: String(version) });
}
