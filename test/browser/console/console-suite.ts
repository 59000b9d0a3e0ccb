/** A service and a browser for the tests of a file, and a console of its own for each. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { findChromium } from '../../support/chromium.js';
import { removeData, type Service, startService } from '../../support/service.js';
import { type ConsolePage, launchBrowser, openConsole } from './console-page.js';

export interface ConsoleSuite {
  readonly service: Service;
  readonly browser: Browser;
  /** Of the test that runs. */
  readonly at: ConsolePage;
}

/**
 * Skipped, with a word, where there is no Chromium. `prepare` fills the service once; `data` makes a directory for it to begin with. Each test fails for an exception in the page
 * or a complaint of its policy.
 */
export function describeConsole(
  name: string,
  prepare: (service: Service) => Promise<void>,
  tests: (suite: ConsoleSuite) => void,
  { data, flags = [] }: { readonly data?: () => Promise<string>; readonly flags?: readonly string[] } = {},
): void {
  const executable = findChromium();
  describe.skipIf(executable === null)(name, () => {
    let service: Service;
    let browser: Browser;
    let at: ConsolePage;

    beforeAll(async () => {
      service = await startService({
        flags: ['--spool-segment-age-max', '50ms', ...flags],
        ...(data === undefined ? {} : { data: await data() }),
      });
      await prepare(service);
      browser = await launchBrowser(executable, service);
    });

    afterAll(async () => {
      await browser.close();
      expect(await service.stop()).toBe(0);
      await removeData(service.data);
    });

    beforeEach(async () => {
      at = await openConsole(browser, service);
    });

    afterEach(async () => {
      expect(at.troubles).toEqual([]);
      await at.close();
    });

    tests({
      get service() {
        return service;
      },
      get browser() {
        return browser;
      },
      get at() {
        return at;
      },
    });
  });
}
