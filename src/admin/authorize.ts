/** Who asks: `Authorization: Bearer {accessKeyId}:{accessKeySecret}`, or the cookie of a session of the console. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { CatalogView } from '../catalog/catalog.js';
import { ApiError } from '../errors.js';
import type { Exchange } from '../http/route.js';
import { mayUse, type Role } from '../model/access-key.js';
import type { AccessKey } from '../model/catalog.js';
import type { Clock } from '../platform/clock.js';
import { CONSOLE_HEADER, openSession, readSessionCookie } from './session.js';

/**
 * Finds the key of a request. What is asked for takes `role` in the project of the path or, if the path has none, in all.
 * Throws MissingAccessKey, Unauthorized, AccessKeyDisabled, SessionExpired and AccessDenied.
 */
export type Authorize = (exchange: Exchange, role: Role) => AccessKey;

type Keys = Pick<CatalogView, 'accessKey'>;

const BEARER = /^Bearer +([^\s:]+):(\S+)$/i;

export function createAuthorizer(view: Keys, clock: Clock): Authorize {
  return (exchange, role) => {
    const { params, path } = exchange;
    const key = identify(view, clock, exchange);
    if (!mayUse(key, role, params['project'])) throw new ApiError('AccessDenied', { action: role, resource: path });
    return key;
  };
}

/** The key of a request, whatever it may do. Throws MissingAccessKey, Unauthorized, AccessKeyDisabled and SessionExpired. */
export function identify(view: Keys, clock: Clock, { request }: Pick<Exchange, 'request'>): AccessKey {
  const [, id, secret] = BEARER.exec(request.headers.authorization ?? '') ?? [];
  if (id === undefined || secret === undefined) return keyOfSession(view, clock, request);
  return checkKey(view, id, secret);
}

/** The enabled key with this id and secret. Throws Unauthorized and AccessKeyDisabled. */
export function checkKey(view: Keys, id: string, secret: string): AccessKey {
  const key = view.accessKey(id);
  // An unknown id takes as long as a wrong secret, so that time does not tell which ids exist.
  const isSecret = timingSafeEqual(digest(secret), digest(key?.secret ?? ''));
  if (key === undefined || !isSecret) throw new ApiError('Unauthorized');
  return enabled(key);
}

function keyOfSession(view: Keys, clock: Clock, request: Exchange['request']): AccessKey {
  const token = readSessionCookie(request);
  if (token === undefined) throw new ApiError('MissingAccessKey');
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  if (!isReading && request.headers[CONSOLE_HEADER] === undefined) throw new ApiError('ConsoleHeaderMissing');
  const key = openSession(token, Math.floor(clock.wallMs() / 1000), (id) => view.accessKey(id));
  if (key === undefined) throw new ApiError('SessionExpired');
  return enabled(key);
}

function enabled(key: AccessKey): AccessKey {
  if (!key.isEnabled) throw new ApiError('AccessKeyDisabled', { id: key.id });
  return key;
}

/** Of equal length for every text, as the comparison needs. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
