// Goal: what pages of another origin send, by unmodified SDKs or by what browsers have, is what is stored, field by field.
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findChromium, launchChromium } from '../support/chromium.js';
import type { Listening } from '../support/listening.js';
import { counted } from '../support/logs.js';
import { type Log, removeData, type Service, startService } from '../support/service.js';
import { startTlsProxy } from '../support/tls-proxy.js';
import { startPageServer } from './page-server.js';

const README = readFileSync(path.join(import.meta.dirname, '../../README.md'), 'utf8');
const PAGE = 'http://www.shop.test/cart?item=1';
const TRACKING = 'https://shop.log.example.com/logstores/web';
/** As the SDKs' own documents have it: they put the project in front. */
const OPTIONS = { host: 'log.example.com', project: 'shop', logstore: 'web' };

/** What a log has when its sender says nothing of itself. */
const PLAIN = { __topic__: '', __source__: '127.0.0.1' };

/** All that JavaScript knows, and what the SDKs make of it. */
const EVERYTHING = `{
  customer: '张三', product: 'iphone 12', price: 7998, vip: true, none: null, missing: undefined,
  extra: { color: '红', sizes: [1, 2] }, note: 'emoji 😀 & "quotes"\\nnew line', '__proto__x': 'p', empty: '',
}`;
const EVERYTHING_STORED = {
  customer: '张三',
  product: 'iphone 12',
  price: '7998',
  vip: 'true',
  none: 'null',
  missing: 'undefined',
  extra: '{"color":"红","sizes":[1,2]}',
  note: 'emoji 😀 & "quotes"\nnew line',
  __proto__x: 'p',
  empty: '',
};

const executable = findChromium();

describe.skipIf(executable === null)('a page in Chromium', () => {
  let service: Service;
  let proxy: Listening;
  let pages: Listening;
  let browser: Browser;
  /** Outlives its pages, as a user's browser does: what they send last needs it. */
  let context: BrowserContext;
  let page: Page;
  /** Tracking requests of the page, with the answers that came: `POST xhr 200`. */
  let exchanges: string[];
  const expected: Log[] = [];

  beforeAll(async () => {
    service = await startService({ flags: ['--endpoint', 'log.example.com', '--spool-segment-age-max', '50ms'] });
    const projects = '/api/v1/projects';
    expect((await service.admin('POST', projects, { name: 'shop' })).status).toBe(201);
    const logstore = { name: 'web', webTracking: true };
    expect((await service.admin('POST', `${projects}/shop/logstores`, logstore)).status).toBe(201);
    proxy = await startTlsProxy(service.publicUrl);
    pages = await startPageServer();
    const { host } = new URL(service.publicUrl);
    browser = await launchChromium(executable ?? '', {
      'www.shop.test:80': `127.0.0.1:${pages.port}`,
      '*.log.example.com:443': `127.0.0.1:${proxy.port}`,
      '*.log.example.com:80': host,
      '127.0.0.1:8080': host,
    });
    context = await browser.newContext();
  });

  afterAll(async () => {
    await browser.close();
    await pages.close();
    await proxy.close();
    expect(await service.stop()).toBe(0);
    await removeData(service.data);
  });

  beforeEach(async () => {
    page = await context.newPage();
    exchanges = [];
    page.on('response', (response) => {
      const request = response.request();
      if (!response.url().includes('/logstores/')) return;
      exchanges.push(`${request.method()} ${request.resourceType()} ${response.status()}`);
    });
    await page.goto(PAGE);
  });

  afterEach(() => page.close());

  /** Waits until these are found beside those of the tests before, and nothing else. */
  async function expectStored(...logs: readonly Log[]): Promise<void> {
    const all = [...expected, ...logs];
    const found = await service.logs('web', { project: 'shop', count: all.length });
    expect(counted(found)).toEqual(counted(all));
    expected.push(...logs);
  }

  const group = { topic: '订单', source: 'page', tags: { app: 'demo', 渠道: '网页', build: 7 } };
  const groupStored = {
    __topic__: '订单',
    __source__: 'page',
    '__tag__:app': 'demo',
    '__tag__:渠道': '网页',
    '__tag__:build': '7',
  };

  test('web-track-browser: a few logs go as a beacon', async () => {
    await page.evaluate(
      `new SLS_Tracker(${JSON.stringify({ ...OPTIONS, ...group })}).sendBatchLogsImmediate([${EVERYTHING}, { second: 2 }])`,
    );
    await expectStored({ ...groupStored, ...EVERYTHING_STORED }, { ...groupStored, second: '2' });
    expect(exchanges).toEqual(['POST ping 200']);
  });

  test('web-track-browser: many go by XMLHttpRequest, without a preflight', async () => {
    await page.evaluate(
      `new SLS_Tracker(${JSON.stringify(OPTIONS)}).sendImmediate({ kind: 'large', pad: '字'.repeat(33_000) })`,
    );
    await expectStored({ ...PLAIN, kind: 'large', pad: '字'.repeat(33_000) });
    expect(exchanges).toEqual(['POST xhr 200']);
  });

  test('web-track-browser: with a host that has a scheme, over plain http', async () => {
    const options = { ...OPTIONS, host: 'http://shop.log.example.com' };
    await page.evaluate(`new SLS_Tracker(${JSON.stringify(options)}).sendImmediate({ over: 'http' })`);
    await expectStored({ ...PLAIN, over: 'http' });
    expect(exchanges).toEqual(['POST ping 200']);
  });

  test('web-track-browser: what is still gathered goes when the page is left', async () => {
    await page.evaluate(
      `{ const tracker = new SLS_Tracker(${JSON.stringify(OPTIONS)});
         for (const n of [1, 2, 3]) tracker.send({ leaving: n }); }`,
    );
    expect(exchanges).toEqual([]);
    await page.goto('about:blank');
    await expectStored(...['1', '2', '3'].map((leaving) => ({ ...PLAIN, leaving })));
  });

  test('js-sls-logger: JSON, after a preflight', async () => {
    await page.evaluate(
      `{ const logger = new SlsWebLogger(${JSON.stringify({ ...OPTIONS, count: 2 })});
         logger.send(${EVERYTHING}); logger.send({ customer: '李四' }); }`,
    );
    await expectStored({ ...PLAIN, ...EVERYTHING_STORED }, { ...PLAIN, customer: '李四' });
    expect(exchanges).toEqual(['POST xhr 200']);
  });

  test('js-sls-logger: lz4, after a preflight', async () => {
    await page.evaluate(
      `{ const logger = new SlsWebLogger(${JSON.stringify({ ...OPTIONS, count: 5, compress: true })});
         for (let n = 0; n < 5; n++) logger.send({ event: 'click', button: 'buy now', n }); }`,
    );
    await expectStored(...['0', '1', '2', '3', '4'].map((n) => ({ ...PLAIN, event: 'click', button: 'buy now', n })));
    expect(exchanges).toEqual(['POST xhr 200']);
  });

  test('an image stores its parameters, and is one that browsers can show', async () => {
    const width = await page.evaluate(
      `new Promise((resolve, reject) => {
         const image = new Image();
         image.onload = () => resolve(image.naturalWidth);
         image.onerror = reject;
         image.src = '${TRACKING}/track.gif?APIVersion=0.6.0&__topic__=img&page=首页 1&' +
           new URLSearchParams({ ref: 'a&b', plus: '1+1', 'key with space': '😀' });
       })`,
    );
    expect(width).toBe(1);
    await expectStored({
      ...PLAIN,
      __topic__: 'img',
      page: '首页 1',
      ref: 'a&b',
      plus: '1+1',
      'key with space': '😀',
    });
    expect(exchanges).toEqual(['GET image 200']);
  });

  test('an image with the browser and the page that it is on', async () => {
    const userAgent = String(await page.evaluate('navigator.userAgent'));
    await page.setContent(`<img src="${TRACKING}/track_ua.gif?APIVersion=0.6.0&event=open">`);
    await expectStored({ ...PLAIN, event: 'open', __userAgent__: userAgent, __referer__: PAGE });
  });

  test('a beacon on pagehide, when the tab is closed', async () => {
    const body = JSON.stringify({ __topic__: 'bye', __logs__: [{ event: 'close' }] });
    await page.evaluate(
      `addEventListener('pagehide', () => navigator.sendBeacon('${TRACKING}/track?APIVersion=0.6.0', '${body}'))`,
    );
    const closed = page.waitForEvent('close');
    await page.close({ runBeforeUnload: true });
    await closed;
    await expectStored({ ...PLAIN, __topic__: 'bye', event: 'close' });
  });

  test('a page can read the request id, the time and the errors', async () => {
    const read = await page.evaluate(
      `(async () => {
         const answers = [];
         for (const logstore of ['web', 'no-such']) {
           const answer = await fetch('https://shop.log.example.com/logstores/' + logstore + '/track?APIVersion=0.6.0', {
             method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"__logs__":[{"by":"fetch"}]}',
           });
           answers.push([answer.status, answer.headers.get('x-log-requestid'), answer.headers.get('x-log-time'),
             await answer.text()]);
         }
         return answers;
       })()`,
    );
    const id = expect.stringMatching(/^[0-9A-F]{24}$/);
    const time = expect.stringMatching(/^\d{10}$/);
    const error = '{"errorCode":"LogStoreNotExist","errorMessage":"logstore no-such does not exist."}';
    expect(read).toEqual([
      [200, id, time, ''],
      [404, id, time, error],
    ]);
    await expectStored({ ...PLAIN, by: 'fetch' });
  });

  describe("the README's snippets, word for word", () => {
    test('the image', async () => {
      const image = /<img src="https:\/\/shop\.log\.example\.com\/[^>]*>/.exec(README)?.[0] ?? '';
      const userAgent = String(await page.evaluate('navigator.userAgent'));
      await page.setContent(image);
      await expectStored({ ...PLAIN, event: 'open', __userAgent__: userAgent, __referer__: PAGE });
    });

    test('the beacon', async () => {
      await page.evaluate(/navigator\.sendBeacon\([^;]*?\)\)$/m.exec(README)?.[0] ?? '');
      await expectStored({ ...PLAIN, event: 'buy', price: '99' });
    });

    test('the change of one line', async () => {
      const tracker = /new SlsTracker\(\{[^}]*\}\)/.exec(README)?.[0] ?? '';
      await page.evaluate(`{ const SlsTracker = SLS_Tracker; ${tracker.trim()}.sendImmediate({ from: 'readme' }) }`);
      const found = await service.logs('web', { project: 'default', count: 1 });
      expect(counted(found)).toEqual(counted([{ ...PLAIN, from: 'readme' }]));
    });
  });
});
