// Goal: a page of another origin sends over HTTP/2 to a service that has a certificate, by everything that pages send with.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCertificate } from '../support/certificate.js';
import { findChromium, launchChromium } from '../support/chromium.js';
import type { Listening } from '../support/listening.js';
import { removeData, type Service, startService } from '../support/service.js';
import { startPageServer } from './page-server.js';

const TRACK = 'https://default.log.example.com/logstores/web';
const executable = findChromium();

describe.skipIf(executable === null)('a service that speaks https', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'logboom-browser-h2-'));
  let service: Service;
  let pages: Listening;
  let browser: Browser;

  beforeAll(async () => {
    const { cert, key } = makeCertificate();
    const [certFile, keyFile] = [path.join(directory, 'cert.pem'), path.join(directory, 'key.pem')];
    writeFileSync(certFile, cert);
    writeFileSync(keyFile, key);
    service = await startService({
      flags: ['--endpoint', 'log.example.com', '--tls-cert', certFile, '--tls-key', keyFile],
    });
    pages = await startPageServer();
    browser = await launchChromium(executable ?? '', {
      'www.shop.test:80': `127.0.0.1:${pages.port}`,
      '*.log.example.com:443': new URL(service.publicUrl).host,
    });
  });

  afterAll(async () => {
    await browser.close();
    await pages.close();
    expect(await service.stop()).toBe(0);
    await removeData(service.data);
    rmSync(directory, { recursive: true });
  });

  test('is written to over HTTP/2', async () => {
    const page = await browser.newPage();
    await page.goto('http://www.shop.test/');
    const status = await page.evaluate(async (track) => {
      const body = (by: string, pad = '') => JSON.stringify({ __logs__: [{ by, pad }] });
      const answer = await fetch(`${track}/track?APIVersion=0.6.0`, {
        method: 'POST',
        body: body('fetch', 'a'.repeat(300_000)),
        headers: { 'content-type': 'application/json' },
      });
      navigator.sendBeacon(`${track}/track?APIVersion=0.6.0`, body('beacon'));
      await new Promise((resolve) => {
        const image = new Image();
        image.onload = image.onerror = resolve;
        image.src = `${track}/track.gif?APIVersion=0.6.0&by=image`;
      });
      return answer.status;
    }, TRACK);
    expect(status).toBe(200);
    const logs = await service.logs('web', { count: 3 });
    expect(logs.map(({ by }) => by).sort()).toEqual(['beacon', 'fetch', 'image']);
    // Only the page itself may know what it came by; the connection is the same.
    await page.goto(`${TRACK.replace('/logstores/web', '')}/healthz`);
    const [navigation] = await page.evaluate(() =>
      performance.getEntriesByType('navigation').map((entry) => (entry as PerformanceResourceTiming).nextHopProtocol),
    );
    expect(navigation).toBe('h2');
  });
});
