// Goal: what a mini-program sends by its platform's request function is what is stored.
import { request } from 'node:https';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Listening } from '../support/listening.js';
import { counted } from '../support/logs.js';
import { removeData, type Service, startService } from '../support/service.js';
import { startTlsProxy } from '../support/tls-proxy.js';

/** What the SDK gives to `wx.request`. */
interface PlatformRequest {
  readonly url: string;
  readonly method: string;
  readonly data: string;
}

interface Tracker {
  sendImmediate(log: object): void;
  sendBatchLogsImmediate(logs: readonly object[]): void;
}

let service: Service;
let proxy: Listening;
let answers: Promise<number>[] = [];

/** As WeChat does it: https, JSON by default. The name leads to the proxy. */
function platformRequest({ url, method, data }: PlatformRequest): void {
  const { host, pathname, search } = new URL(url);
  const options = { host: '127.0.0.1', port: proxy.port, rejectUnauthorized: false, method, path: pathname + search };
  const headers = {
    host,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(data),
    referer: 'https://servicewechat.com/wx0123456789abcdef/1/page-frame.html',
  };
  answers.push(
    new Promise((resolve, reject) => {
      const sent = request({ ...options, headers }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
      sent.on('error', reject);
      sent.end(data);
    }),
  );
}

beforeAll(async () => {
  service = await startService({ flags: ['--endpoint', 'log.example.com'] });
  proxy = await startTlsProxy(service.publicUrl);
  // The SDK looks for its platform when it is loaded.
  Object.assign(globalThis, { wx: { request: platformRequest } });
});

afterAll(async () => {
  Reflect.deleteProperty(globalThis, 'wx');
  await proxy.close();
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
});

test('web-track-mini: one log, and many', async () => {
  const { default: SlsTracker } = createRequire(import.meta.url)('@aliyun-sls/web-track-mini') as {
    default: new (options: object) => Tracker;
  };
  const place = { host: 'log.example.com', project: 'default', logstore: 'web' };
  answers = [];
  const tracker = new SlsTracker({ ...place, topic: 'mini', source: 'wx', tags: { app: 'demo', 渠道: '小程序' } });
  tracker.sendImmediate({ customer: '张三', price: 7998, extra: { sizes: [1, 2] }, note: '😀 "quotes"\n', none: null });
  new SlsTracker(place).sendBatchLogsImmediate(Array.from({ length: 1000 }, (_, n) => ({ n, pad: '字'.repeat(100) })));
  expect(await Promise.all(answers)).toEqual([200, 200]);

  const expected = [
    {
      __topic__: 'mini',
      __source__: 'wx',
      '__tag__:app': 'demo',
      '__tag__:渠道': '小程序',
      ...{ customer: '张三', price: '7998', extra: '{"sizes":[1,2]}', note: '😀 "quotes"\n', none: 'null' },
    },
    ...Array.from({ length: 1000 }, (_, n) => ({
      ...{ __topic__: '', __source__: '127.0.0.1', n: String(n), pad: '字'.repeat(100) },
    })),
  ];
  const found = await service.logs('web', { count: expected.length });
  expect(counted(found)).toEqual(counted(expected));
});
