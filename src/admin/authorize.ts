/** Who asks: `Authorization: Bearer {accessKeyId}:{accessKeySecret}`. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { CatalogView } from '../catalog/catalog.js';
import { ApiError } from '../errors.js';
import type { Exchange } from '../http/route.js';
import { mayUse, type Role } from '../model/access-key.js';
import type { AccessKey } from '../model/catalog.js';

/**
 * Finds the key of a request. What is asked for takes `role` in the project of the path or, if the path has none, in all.
 * Throws MissingAccessKey, Unauthorized, AccessKeyDisabled and AccessDenied.
 */
export type Authorize = (exchange: Exchange, role: Role) => AccessKey;

const BEARER = /^Bearer +([^\s:]+):(\S+)$/i;

export function createAuthorizer(view: Pick<CatalogView, 'accessKey'>): Authorize {
  return ({ request, params, path }, role) => {
    const [, id, secret] = BEARER.exec(request.headers.authorization ?? '') ?? [];
    if (id === undefined || secret === undefined) throw new ApiError('MissingAccessKey');
    const key = view.accessKey(id);
    // An unknown id takes as long as a wrong secret, so that time does not tell which ids exist.
    const isSecret = timingSafeEqual(digest(secret), digest(key?.secret ?? ''));
    if (key === undefined || !isSecret) throw new ApiError('Unauthorized');
    if (!key.isEnabled) throw new ApiError('AccessKeyDisabled', { id });
    if (!mayUse(key, role, params['project'])) throw new ApiError('AccessDenied', { action: role, resource: path });
    return key;
  };
}

/** Of equal length for every text, as the comparison needs. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
