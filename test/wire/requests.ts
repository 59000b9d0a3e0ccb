/**
 * What unmodified clients put on the wire, byte for byte as it left them (inside TLS, where the client speaks https).
 * Payloads, project, host and key are made up. The dates in them are those of the recording.
 */
import { readFileSync } from 'node:fs';
import * as path from 'node:path';

export interface WireRequest {
  /** As on npm; browsers are what the page ran in. */
  readonly client: string;
  readonly how: string;
  readonly bytes: Buffer;
  /** Headers of the answer beside those that every answer has; the body is empty but for images. */
  readonly answer?: { readonly headers?: Readonly<Record<string, string>>; readonly bodyBytes?: number };
  /** What is stored, without `__time__`. */
  readonly logs: readonly Readonly<Record<string, string>>[];
}

const DIRECTORY = path.join(import.meta.dirname, 'requests');
const CHROMIUM = 'Chromium 156.0.8078.79';

/** What `@aliyun-sls` SDKs were told to say of every log. */
const GROUP = { __topic__: 'demo-topic', __source__: 'demo-source', '__tag__:app': 'demo', '__tag__:渠道': '网页' };
/** Where a client says nothing, the source is its address. */
const PLAIN = { __topic__: '', __source__: '127.0.0.1' };

const ORDER = {
  ...GROUP,
  customer: '张三',
  product: 'iphone 12',
  price: '7998',
  vip: 'true',
  extra: '{"color":"红","sizes":[1,2]}',
  note: 'emoji 😀 & "quotes"\nnew line',
};

function read(file: string): Buffer {
  return readFileSync(path.join(DIRECTORY, file));
}

export const WIRE_REQUESTS: readonly WireRequest[] = [
  {
    client: `@aliyun-sls/web-track-browser 0.3.9, ${CHROMIUM}`,
    how: 'send() by navigator.sendBeacon: text/plain, the version in the query, credentials included',
    bytes: read('web-track-browser-beacon.http'),
    logs: [ORDER],
  },
  {
    client: `@aliyun-sls/web-track-browser 0.3.9, ${CHROMIUM}`,
    how: 'sendImmediate() of 32,768 UTF-16 units or more by XMLHttpRequest; no preflight',
    bytes: Buffer.concat([
      read('web-track-browser-xhr.head.http'),
      Buffer.from(
        `{"__logs__":[{"kind":"large","pad":"${'字'.repeat(33_000)}"}],"__tags__":{"app":"demo","渠道":"网页"},` +
          '"__topic__":"demo-topic","__source__":"demo-source"}',
      ),
    ]),
    logs: [{ ...GROUP, kind: 'large', pad: '字'.repeat(33_000) }],
  },
  {
    client: '@aliyun-sls/web-track-mini 0.0.2, wx.request',
    how: 'sendImmediate(): a JSON string as application/json',
    bytes: read('web-track-mini.http'),
    logs: [ORDER],
  },
  {
    client: `js-sls-logger 2.0.2, ${CHROMIUM}`,
    how: 'the preflight before its requests',
    bytes: read('js-sls-logger-preflight.http'),
    answer: {
      headers: {
        'access-control-allow-methods': 'GET, POST, HEAD, PUT, DELETE, OPTIONS',
        'access-control-allow-headers': 'content-type,x-log-apiversion,x-log-bodyrawsize',
        'access-control-max-age': '86400',
        vary: 'Access-Control-Request-Headers',
      },
    },
    logs: [],
  },
  {
    client: `js-sls-logger 2.0.2, ${CHROMIUM}`,
    how: 'JSON labelled application/x-protobuf, with a raw size in UTF-16 units',
    bytes: read('js-sls-logger-plain.http'),
    logs: [
      { ...PLAIN, customer: '李四', price: '12' },
      { ...PLAIN, customer: '王五', price: '13' },
    ],
  },
  {
    client: `js-sls-logger 2.0.2, ${CHROMIUM}`,
    how: 'compress: true, one raw lz4 block without a content type',
    bytes: read('js-sls-logger-lz4.bin'),
    logs: ['0', '1', '2', '3', '4'].map((n) => ({ ...PLAIN, event: 'click', button: 'buy now', n })),
  },
  {
    client: '@alicloud/sls20201230 5.9.0, Node 20.20.2',
    how: 'putWebtracking(): chunked, and signed although the operation is anonymous',
    bytes: read('putwebtracking-v4-signed.http'),
    logs: [
      { __topic__: 'demo-topic', __source__: 'demo-source', '__tag__:app': 'demo', customer: '张三', price: '7998' },
      { __topic__: 'demo-topic', __source__: 'demo-source', '__tag__:app': 'demo', customer: '李四' },
    ],
  },
  {
    client: `new Image().src, ${CHROMIUM}`,
    how: 'track_ua.gif',
    bytes: read('track-ua-gif.http'),
    answer: { headers: { 'content-type': 'image/gif', 'cache-control': 'no-store' }, bodyBytes: 43 },
    logs: [
      {
        ...PLAIN,
        __topic__: 'img',
        page: '首页 1',
        ref: 'a&b',
        plus: '1+1',
        __userAgent__:
          'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36',
        __referer__: 'http://shop.test/',
      },
    ],
  },
];
