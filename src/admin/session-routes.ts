/** Signing in and out: /api/v1/session. */
import * as z from 'zod';
import type { SessionInfo, SignIn } from '../api/session.js';
import type { CatalogView } from '../catalog/catalog.js';
import { ApiError } from '../errors.js';
import { sendEmpty, sendJson } from '../http/answer.js';
import { readJson } from '../http/body.js';
import type { Exchange, Route } from '../http/route.js';
import type { AccessKey } from '../model/catalog.js';
import type { Clock } from '../platform/clock.js';
import { checkKey, identify } from './authorize.js';
import { decode } from './requests.js';
import { printSessionCookie, sealSession } from './session.js';
import { SignInBrake } from './sign-in-brake.js';

export interface SessionDeps {
  readonly view: Pick<CatalogView, 'accessKey'>;
  readonly clock: Clock;
  clientAddress(request: Exchange['request']): string;
}

const BODY_BYTES_MAX = 4096;

const signInSchema: z.ZodType<SignIn> = z.strictObject({ id: z.string().max(256), secret: z.string().max(256) });

const PATH = '/api/v1/session';

export function sessionRoutes({ view, clock, clientAddress }: SessionDeps): Route[] {
  const brake = new SignInBrake(clock);
  return [
    {
      method: 'POST',
      path: PATH,
      doc: {
        id: 'signIn',
        tag: 'Access keys',
        summary: 'Begins a session of the console.',
        access: 'open',
        body: { schema: signInSchema },
        answer: { types: ['application/json'] },
        errors: ['Unauthorized', 'AccessKeyDisabled', 'SignInTooOften'],
      },
      async handle(exchange) {
        const { id, secret } = decode(signInSchema, await readJson(exchange, BODY_BYTES_MAX));
        const subjects = [`key ${id}`, `address ${clientAddress(exchange.request)}`];
        const waitMs = brake.waitMs(subjects);
        if (waitMs > 0) throw new ApiError('SignInTooOften', { seconds: String(Math.ceil(waitMs / 1000)) });
        let key: AccessKey;
        try {
          key = checkKey(view, id, secret);
        } catch (thrown) {
          brake.failed(subjects);
          throw thrown;
        }
        brake.succeeded(subjects);
        const token = sealSession(key, Math.floor(clock.wallMs() / 1000));
        sendJson(exchange, 200, describe(key), ['Set-Cookie', printSessionCookie(token, exchange.request)]);
      },
    },
    {
      method: 'GET',
      path: PATH,
      doc: {
        id: 'getSession',
        tag: 'Access keys',
        summary: 'Whose session it is.',
        access: 'key',
        answer: { types: ['application/json'] },
      },
      handle: (exchange) => sendJson(exchange, 200, describe(identify(view, clock, exchange))),
    },
    {
      method: 'DELETE',
      path: PATH,
      doc: { id: 'signOut', tag: 'Access keys', summary: 'Ends the session.', access: 'open' },
      handle: (exchange) => sendEmpty(exchange, ['Set-Cookie', printSessionCookie('', exchange.request)]),
    },
  ];
}

function describe({ id, roles, projects }: AccessKey): SessionInfo {
  return { id, roles, projects };
}
