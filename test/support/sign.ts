/** Signs requests as clients do: written from the documents, and not from what checks it. */
import { createHash, createHmac } from 'node:crypto';

export interface TestKey {
  readonly id: string;
  readonly secret: string;
}

export interface Unsigned {
  readonly method: string;
  /** With its query, encoded as it will be sent. */
  readonly path: string;
  readonly host: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string | undefined;
}

export type Scheme = 'hmac-sha1' | 'hmac-sha256' | 'v4';

/** All headers of the signed request, `host` included. */
export function sign(request: Unsigned, key: TestKey, scheme: Scheme, now = new Date()): Record<string, string> {
  return scheme === 'v4' ? signV4(request, key, now) : signV1(request, key, scheme, now);
}

function signV1({ method, path, host, headers, body }: Unsigned, key: TestKey, scheme: Scheme, now: Date) {
  const signed: Record<string, string> = {
    'x-log-apiversion': '0.6.0',
    'x-log-signaturemethod': scheme,
    date: now.toUTCString(),
    ...(body === undefined ? {} : { 'content-md5': createHash('md5').update(body).digest('hex').toUpperCase() }),
    ...headers,
  };
  const { pathname, searchParams } = new URL(path, 'http://any');
  const query = [...searchParams.keys()].sort().map((name) => `${name}=${searchParams.get(name) ?? ''}`);
  const text = [
    method,
    signed['content-md5'] ?? '',
    signed['content-type'] ?? '',
    signed['date'],
    ...Object.keys(signed)
      .filter((name) => /^x-(log|acs)-/.test(name))
      .sort()
      .map((name) => `${name}:${signed[name]}`),
    pathname + (query.length === 0 ? '' : `?${query.join('&')}`),
  ].join('\n');
  const signature = createHmac(scheme.slice(5), key.secret).update(text).digest('base64');
  return { host, authorization: `LOG ${key.id}:${signature}`, ...signed };
}

function signV4({ method, path, host, headers, body }: Unsigned, key: TestKey, now: Date) {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const hash = createHash('sha256')
    .update(body ?? '')
    .digest('hex');
  const signed: Record<string, string> = {
    host,
    'x-log-apiversion': '0.6.0',
    'x-log-date': time,
    'x-log-content-sha256': hash,
    ...headers,
  };
  const names = Object.keys(signed)
    .filter((name) => ['host', 'content-type'].includes(name) || /^x-(log|acs)-/.test(name))
    .sort();
  const { pathname, searchParams } = new URL(path, 'http://any');
  const query = [...searchParams.keys()].sort().map((name) => {
    const value = searchParams.get(name) ?? '';
    return value === '' ? name : `${name}=${encodeURIComponent(value).replace(/[!'()*]/g, escapeCharacter)}`;
  });
  const lines = names.map((name) => `${name}:${signed[name]}\n`).join('');
  const canonical = [method, pathname, query.join('&'), lines, names.join(';'), hash].join('\n');
  const scope = `${time.slice(0, 8)}/cn-hangzhou/sls/aliyun_v4_request`;
  const text = `SLS4-HMAC-SHA256\n${time}\n${scope}\n${createHash('sha256').update(canonical).digest('hex')}`;
  const signingKey = scope
    .split('/')
    .reduce<Buffer>((k, part) => createHmac('sha256', k).update(part).digest(), Buffer.from(`aliyun_v4${key.secret}`));
  const signature = createHmac('sha256', signingKey).update(text).digest('hex');
  return { ...signed, authorization: `SLS4-HMAC-SHA256 Credential=${key.id}/${scope},Signature=${signature}` };
}

function escapeCharacter(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
