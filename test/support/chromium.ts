/** A real Chromium, as the system's package manager installs it. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const MISSING = 'No Chromium, so no page sent anything: apt-get install chromium, or CHROMIUM=/path/to/it';

/** Null, with a word to whoever runs the tests, if there is none. Where nobody would read that (CI=true) it throws. */
export function findChromium(): string | null {
  const given = process.env['CHROMIUM'];
  const found = (given === undefined ? PLACES : [given]).find((place) => existsSync(place));
  if (found !== undefined) return found;
  if (process.env['CI'] === 'true') throw new Error(MISSING);
  console.warn(MISSING);
  return null;
}

/** `addresses` say where names that no DNS knows lead: `*.example.com:443` to `127.0.0.1:12345`. No other name is known. */
export function launchChromium(executablePath: string, addresses: Readonly<Record<string, string>>): Promise<Browser> {
  const rules = Object.entries(addresses).map(([name, address]) => `MAP ${name} ${address}`);
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // The certificate is made by the test.
      '--ignore-certificate-errors',
      `--host-resolver-rules=${[...rules, 'MAP * ~NOTFOUND'].join(', ')}`,
    ],
  });
}
