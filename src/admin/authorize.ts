/** Who asks: `Authorization: Bearer {accessKeyId}:{accessKeySecret}`. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { CatalogView } from '../catalog/catalog.js';
import { ApiError } from '../errors.js';
import type { Exchange } from '../http/route.js';
import type { AccessKey } from '../model/catalog.js';

const BEARER = /^Bearer +([^\s:]+):(\S+)$/i;

/** Returns a function that finds the key of a request, or throws MissingAccessKey or Unauthorized. */
export function createAuthorizer(view: Pick<CatalogView, 'accessKey'>): (exchange: Exchange) => AccessKey {
  return ({ request }) => {
    const [, id, secret] = BEARER.exec(request.headers.authorization ?? '') ?? [];
    if (id === undefined || secret === undefined) throw new ApiError('MissingAccessKey');
    const key = view.accessKey(id);
    // An unknown id takes as long as a wrong secret, so that time does not tell which ids exist.
    const isSecret = timingSafeEqual(digest(secret), digest(key?.secret ?? ''));
    if (key === undefined || !isSecret) throw new ApiError('Unauthorized');
    return key;
  };
}

/** Of equal length for every text, as the comparison needs. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
