// Goal: a signature is accepted exactly when it is the one that SLS's own SDKs compute for what arrived.
import { describe, expect, test } from 'vitest';
import type { SignedParts } from './signed-parts.js';
import { isV1Signature } from './v1.js';
import { EMPTY_BODY_HASH, isV4Signature } from './v4.js';

const DOCUMENTS = '4fdO2fTDDnZPU/L7CHNdemB2Nsk=';
const MOCK = 'mockAccessKeySecret';
const IN_2015 = 'Mon, 09 Nov 2015 06:11:16 GMT';

function parts(method: string, path: string, queryText: string, headers: Record<string, string>): SignedParts {
  return { method, path, queryText, headers };
}

describe('v1', () => {
  const V1: readonly [what: string, SignedParts, date: string, 'sha1' | 'sha256', secret: string, signature: string][] =
    [
      [
        'the GET of the documents',
        parts('GET', '/logstores', 'logstoreName=&offset=0&size=1000', {
          'x-log-apiversion': '0.6.0',
          'x-log-signaturemethod': 'hmac-sha1',
        }),
        IN_2015,
        'sha1',
        DOCUMENTS,
        'jEYOTCJs2e88o+y5F4/S5IsnBJQ=',
      ],
      [
        'the POST of the documents',
        parts('POST', '/logstores/test-logstore', '', {
          'content-md5': '1DD45FA4A70A9300CC9FE7305AF2C494',
          'content-type': 'application/x-protobuf',
          'x-log-apiversion': '0.6.0',
          'x-log-bodyrawsize': '50',
          'x-log-compresstype': 'lz4',
          'x-log-signaturemethod': 'hmac-sha1',
        }),
        'Mon, 09 Nov 2015 06:03:03 GMT',
        'sha1',
        DOCUMENTS,
        'XWLGYHGg2F2hcfxWxMLiNkGki6g=',
      ],
      [
        'the GET of the Go SDK',
        parts('GET', '/logstores', '', {
          'x-log-apiversion': '0.6.0',
          'x-log-bodyrawsize': '0',
          'x-log-signaturemethod': 'hmac-sha1',
        }),
        'Mon, 3 Jan 2010 08:33:47 GMT',
        'sha1',
        MOCK,
        'Rwm6cTKzoti4HWoe+GKcb6Kv07E=',
      ],
      [
        'the GET with a body of the Go SDK',
        parts('GET', '/logstores/app_log', '', {
          'content-md5': '8D6881250FF5559F59BBDF04100F6E59',
          'content-type': 'application/x-protobuf',
          'x-log-apiversion': '0.6.0',
          'x-log-bodyrawsize': '50',
          'x-log-signaturemethod': 'hmac-sha1',
        }),
        'Mon, 3 Jan 2010 08:33:47 GMT',
        'sha1',
        MOCK,
        '87xQWqFaOSewqRIma8kPjGYlXHc=',
      ],
      [
        'a GET of the OpenAPI gateway',
        parts('GET', '/logstores', 'logstoreName=&offset=0&size=1000', {
          'x-log-apiversion': '0.6.0',
          'x-log-bodyrawsize': '0',
          'x-log-signaturemethod': 'hmac-sha256',
        }),
        IN_2015,
        'sha256',
        MOCK,
        'NssmhZHxpGruVIfWMJhAaDknR4VL3fFEXKE8HS023Y0=',
      ],
      [
        'a POST of the OpenAPI gateway',
        parts('POST', '/logstores', '', {
          'content-md5': '06A2201EB3AD12E2C228A1503E2A745F',
          'content-type': 'application/json',
          'x-log-apiversion': '0.6.0',
          'x-log-bodyrawsize': '73',
          'x-log-signaturemethod': 'hmac-sha256',
        }),
        IN_2015,
        'sha256',
        MOCK,
        'LTD/3X0waumjCJv7Sm/0LaGcBWYrpxemFVb2W+C3kig=',
      ],
      [
        'the STS plugin of browsers, whose x-log-date is not signed',
        parts('POST', '/logstores/web-log', '', {
          'content-md5': 'D5BB5CB86C75F2A528068EEB495B8307',
          'content-type': 'application/json',
          'x-acs-security-token': 'STS.token',
          'x-log-apiversion': '0.6.0',
          'x-log-bodyrawsize': '69',
          'x-log-date': 'Tue, 14 Nov 2023 22:13:20 GMT',
          'x-log-signaturemethod': 'hmac-sha1',
        }),
        'Tue, 14 Nov 2023 22:13:20 GMT',
        'sha1',
        MOCK,
        'SQLDhrJWis9YI68/v907yI9haZQ=',
      ],
    ];

  test.each(V1)('%s', (_what, signed, date, algorithm, secret, signature) => {
    expect(isV1Signature(signature, signed, date, algorithm, secret)).toBe(true);
    expect(isV1Signature(signature, { ...signed, method: 'PUT' }, date, algorithm, secret)).toBe(false);
    expect(isV1Signature(signature, { ...signed, path: '/logstores/other' }, date, algorithm, secret)).toBe(false);
    expect(isV1Signature(signature, { ...signed, queryText: 'a=b' }, date, algorithm, secret)).toBe(false);
    expect(isV1Signature(signature, signed, 'Mon, 09 Nov 2015 06:11:17 GMT', algorithm, secret)).toBe(false);
    expect(isV1Signature(signature, signed, date, algorithm, `${secret}x`)).toBe(false);
    expect(isV1Signature(signature.slice(1), signed, date, algorithm, secret)).toBe(false);
    const altered = { ...signed.headers, 'x-log-apiversion': '0.4.0' };
    expect(isV1Signature(signature, { ...signed, headers: altered }, date, algorithm, secret)).toBe(false);
  });

  const plain = { 'x-log-apiversion': '0.6.0', 'x-log-signaturemethod': 'hmac-sha1' };
  // Node gives headers as latin1.
  const note = Buffer.from('张三').toString('latin1');
  const query = 'query=%E5%BC%A0+b*%7Cselect%201&fromNs=2&flag&from=1';

  // Computed with openssl over the string that the documents prescribe.
  test.each([
    ['x-log-date signed', '/logstores', '', { ...plain, 'x-log-date': IN_2015 }, 'hyWWVR0L6vECh6/eQKYECdNnN7E='],
    ['a query in UTF-8 and a name without a value', '/logstores/a', query, plain, 'vO4WpuDacBOY6d+3LxYVwHEU44s='],
    ['pairs sorted as a whole', '/logstores/a', 'a=1&a-b=2', plain, 'CuRvyB8LO0D0C/ZLbJBe6vclZhA='],
    ['a header in UTF-8', '/logstores', '', { ...plain, 'x-acs-note': note }, 'aCizVa+vb+5k35yIRhJE3NTSVJw='],
  ])('%s', (_what, path, queryText, headers, signature) => {
    expect(isV1Signature(signature, parts('GET', path, queryText, headers), IN_2015, 'sha1', MOCK)).toBe(true);
  });
});

describe('v4', () => {
  const BODY = '{"logstoreName":"web-log","ttl":30,"shardCount":2,"enable_tracking":true}';
  const BODY_HASH = '3189ec09cafd9f09cf25c1f44bfedf0ea407f834aa9636838125ffff511c85ad';
  const scope = (signature: string, region = 'cn-hangzhou') => ({ date: '20220808', region, signature });
  const headers = {
    host: 'proj.cn-hangzhou.log.aliyuncs.com',
    'x-log-apiversion': '0.6.0',
    'x-log-date': '20220808T032330Z',
  };
  const create = parts('POST', '/logstores', '', {
    ...headers,
    'content-type': 'application/json',
    'content-length': String(BODY.length),
    'user-agent': 'not signed',
    'x-log-bodyrawsize': '73',
    'x-log-content-sha256': BODY_HASH,
  });
  const created = scope('7f6a76d66ce8ca10437921f6f414eaf7a6fef9cb4d01b64b86cb2040518d5666');

  test('a POST of the OpenAPI gateway', () => {
    expect(isV4Signature(created, create, BODY_HASH, MOCK)).toBe(true);
    expect(isV4Signature(created, create, EMPTY_BODY_HASH, MOCK)).toBe(false);
    expect(isV4Signature(created, create, BODY_HASH, `${MOCK}x`)).toBe(false);
    expect(isV4Signature({ ...created, region: 'cn-beijing' }, create, BODY_HASH, MOCK)).toBe(false);
    expect(isV4Signature({ ...created, date: '20220809' }, create, BODY_HASH, MOCK)).toBe(false);
    for (const name of ['host', 'content-type', 'x-log-bodyrawsize', 'x-log-date']) {
      const altered = { ...create, headers: { ...create.headers, [name]: '1' } };
      expect(isV4Signature(created, altered, BODY_HASH, MOCK), name).toBe(false);
    }
    const more = { ...create, headers: { ...create.headers, 'x-log-extra': '1' } };
    expect(isV4Signature(created, more, BODY_HASH, MOCK)).toBe(false);
    const meta = { ...create, headers: { ...create.headers, 'x-log-meta-a': '1' } };
    expect(isV4Signature(created, meta, BODY_HASH, MOCK)).toBe(true);
  });

  test('a GET with a query', () => {
    const query = 'type=log&from=1659929000&to=1659930000&offset=0&topic=&query=a+b*%7Cselect%20%22c%22%20%26%20~';
    const signed = parts('GET', '/logstores/web-log', query, {
      ...headers,
      'x-log-bodyrawsize': '0',
      'x-log-content-sha256': EMPTY_BODY_HASH,
    });
    const signature = '6eb8bf35d6480bef9b7c01b36b65c5cf735723250a986189eb4c71d5eb1a07f6';
    expect(isV4Signature(scope(signature), signed, EMPTY_BODY_HASH, MOCK)).toBe(true);
  });

  describe('the tests that the Go, Python and Java SDKs share, which sign no host', () => {
    const SECRET = 'zxasdasdasw2';
    // SHA-256 of `adasd= -asd zcas`
    const HASH = 'c7a4fd95f1d70933caf91641e8000768cea86100dc5649fd4f16fead718a62e4';
    const shared = { host: 'proj.example.com', 'x-log-date': '20220808T032330Z' };
    const more = { ...shared, 'x-log-test': 'het123', 'x-acs-ppp': 'dds' };
    const query = '+abc=efg&+agc+=&=efg&A-bc=eFg';
    test.each([
      [
        'POST',
        '/logstores',
        '',
        shared,
        'cn-shanghai',
        '8a10a5e723cb2e75964816de660b2c16a58af8bc0261f7f0722d832468c76ce8',
      ],
      [
        'POST',
        '/logstores',
        query,
        more,
        'cn-hangzhou',
        'a98f5632e93836e63839cd836a54055f480020a9364ca944e2d34f2eb9bf1bed',
      ],
      [
        'GET',
        '/logstores',
        query,
        more,
        'cn-hangzhou',
        'd92741852500791d662a8d469ff61627c0559ecd86c3f59b7bf6772b6c62666a',
      ],
      [
        'POST',
        '/logstores/hello/a+*~bb/cc',
        `${query}&abs-ij*asd/vc=a~js%2Bd+ada&a+abAas123/vc=a~jdad+a2ADFs%2Bd+ada`,
        more,
        'cn-hangzhou',
        '2c204068e961a8813a6bcf7ac422f7fa6e9bf9a5da493e0165dfe100854d18ff',
      ],
    ])('%s %s?%s', (method, path, queryText, signedHeaders, region, signature) => {
      const hash = method === 'GET' ? EMPTY_BODY_HASH : HASH;
      const signed = parts(method, path, queryText, { ...signedHeaders, 'x-log-content-sha256': hash });
      expect(isV4Signature(scope(signature, region), signed, hash, SECRET)).toBe(true);
    });
  });
});
