// Goal: the snippet of a page that somebody copied to a site of his own writes nothing, in a real browser, and whoever runs
// the service is told so.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { RefusalInfo, RefusalList } from '../../src/api/refusals.js';
import { findChromium, launchChromium } from '../support/chromium.js';
import type { Listening } from '../support/listening.js';
import { counted } from '../support/logs.js';
import { removeData, type Service, startService } from '../support/service.js';
import { startTlsProxy } from '../support/tls-proxy.js';
import { startPageServer } from './page-server.js';

const OWN = 'http://www.shop.test/';
const CLONE = 'http://shop.evil.test/';
const TRACK = 'https://shop.log.example.com/logstores/web';
const LOGSTORE = '/api/v1/projects/shop/logstores/web';

/** All that a page can send with; each log says by what. */
const SNIPPETS: Readonly<Record<string, string>> = {
  sdk: `new SLS_Tracker({ host: 'log.example.com', project: 'shop', logstore: 'web' }).sendImmediate({ by: 'sdk' })`,
  beacon: `navigator.sendBeacon('${TRACK}/track?APIVersion=0.6.0', '{"__logs__":[{"by":"beacon"}]}')`,
  fetch: `void fetch('${TRACK}/track?APIVersion=0.6.0', { method: 'POST', body: '{"__logs__":[{"by":"fetch"}]}' }).catch(() => {})`,
  image: `void (new Image().src = '${TRACK}/track.gif?APIVersion=0.6.0&by=image')`,
};

const executable = findChromium();

describe.skipIf(executable === null)('a logstore that lists its pages', () => {
  let service: Service;
  let proxy: Listening;
  let pages: Listening;
  let browser: Browser;

  beforeAll(async () => {
    service = await startService({ flags: ['--endpoint', 'log.example.com', '--spool-segment-age-max', '50ms'] });
    expect((await service.admin('POST', '/api/v1/projects', { name: 'shop' })).status).toBe(201);
    const origins = { mode: 'enforce', allowed: ['http://*.shop.test'] };
    const logstore = { name: 'web', webTracking: true, origins };
    expect((await service.admin('POST', '/api/v1/projects/shop/logstores', logstore)).status).toBe(201);
    proxy = await startTlsProxy(service.publicUrl);
    pages = await startPageServer();
    browser = await launchChromium(executable ?? '', {
      'www.shop.test:80': `127.0.0.1:${pages.port}`,
      'shop.evil.test:80': `127.0.0.1:${pages.port}`,
      '*.log.example.com:443': `127.0.0.1:${proxy.port}`,
    });
  });

  afterAll(async () => {
    await browser.close();
    await pages.close();
    await proxy.close();
    expect(await service.stop()).toBe(0);
    await removeData(service.data);
  });

  /** Runs each snippet in a page, which stays open: closing it would end what it sends. */
  async function visit(url: string): Promise<void> {
    const page = await browser.newPage();
    await page.goto(url);
    for (const snippet of Object.values(SNIPPETS)) await page.evaluate(snippet);
  }

  /** The same in a sandboxed frame of the page; the SDK is the page's alone. */
  async function visitFramed(url: string): Promise<void> {
    const page = await browser.newPage();
    await page.goto(url);
    await openSandbox(page);
    for (const name of ['beacon', 'fetch'])
      await page
        .frames()
        .at(-1)
        ?.evaluate(SNIPPETS[name] ?? '');
  }

  async function openSandbox(page: Page): Promise<void> {
    await page.evaluate(`{
      const frame = document.createElement('iframe');
      frame.sandbox = 'allow-scripts';
      frame.srcdoc = '<p>framed</p>';
      document.body.append(frame);
    }`);
    await page.frameLocator('iframe').getByText('framed').waitFor();
  }

  /** Those there are once there are so many. */
  async function refusals(count: number): Promise<readonly RefusalInfo[]> {
    return vi.waitFor(
      async () => {
        const answer = await service.admin('GET', `${LOGSTORE}/refusals`);
        const found = ((await answer.json()) as RefusalList).refusals;
        expect(found).toHaveLength(count);
        return found;
      },
      { timeout: 10_000 },
    );
  }

  const OWN_LOGS = Object.keys(SNIPPETS).map((by) => ({ __topic__: '', __source__: '127.0.0.1', by }));

  test('takes what its own page sends', async () => {
    await visit(OWN);
    expect(counted(await service.logs('web', { project: 'shop', count: 4 }))).toEqual(counted(OWN_LOGS));
    expect(await refusals(0)).toEqual([]);
  });

  test('refuses what a copy of the page elsewhere sends, and says why', async () => {
    await visit(CLONE);
    const found = await refusals(4);
    expect(found.map(({ reason, origin }) => [reason, origin])).toEqual(
      Array(4).fill(['OriginDenied', 'http://shop.evil.test']),
    );
    const clients = found.map(({ client }) => client);
    expect(clients).toContain('web-track-browser, or a beacon');
    expect(clients).toContain('an image of a page');
    expect(found[0]).toMatchObject({
      status: 401,
      field: 'Origin',
      detail: 'the page is not among the origins of the logstore',
      body: null,
    });
  });

  test('refuses a sandboxed frame, which has no origin, even on its own page', async () => {
    await visitFramed(OWN);
    const found = await refusals(6);
    expect(found.slice(0, 2).map(({ origin }) => origin)).toEqual(['null', 'null']);
  });

  test('has only the logs of its own page in the end', async () => {
    expect(counted(await service.logs('web', { project: 'shop', count: 4 }))).toEqual(counted(OWN_LOGS));
  });
});
