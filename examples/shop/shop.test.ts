// Goal: the shop tells of every view and every sale, also when the log service is busy for a moment.
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as path from 'node:path';
import { type StartedLogboom, startLogboom } from 'logboom/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findChromium, launchChromium } from '../../test/support/chromium.js';

const executable = findChromium();

describe.skipIf(executable === null)('the shop', () => {
  let logboom: StartedLogboom;
  let server: Server;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    logboom = await startLogboom();
    server = createServer((request, response) => {
      const name = request.url?.startsWith('/shop.js') ? 'shop.js' : 'index.html';
      response.setHeader('Content-Type', name.endsWith('.js') ? 'text/javascript' : 'text/html');
      response.end(readFileSync(path.join(import.meta.dirname, 'page', name)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await launchChromium(executable ?? '', { '127.0.0.1': '127.0.0.1' });
  });

  afterAll(async () => {
    await browser.close();
    server.close();
    await logboom.stop();
  });

  beforeEach(async () => {
    await logboom.reset();
    await page?.close();
    page = await browser.newPage();
    const { port } = server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/?track=${encodeURIComponent(logboom.url)}`);
    await logboom.logs('web').toContain({ event: 'view', path: '/' });
  });

  test('tells of a sale', async () => {
    await page.click('#buy');
    const sale = await logboom.logs('web').toContain({ event: 'buy', product: 'phone' });
    expect(sale).toMatchObject({ __topic__: 'shop', price: '7998' });
  });

  test('tells of it once, though the service was busy', async () => {
    await logboom.fail({ status: 503, times: 2 });
    await page.click('#buy');
    await page.getByText('Thank you!').waitFor();
    expect(await logboom.logs('web').toHaveLength(2)).toMatchObject([{ event: 'view' }, { event: 'buy' }]);
  });

  test('asks for patience when the service is away', async () => {
    await logboom.fail({ drop: true, times: 10 });
    await page.click('#buy');
    await page.getByText('Please try again later.').waitFor();
  });
});
