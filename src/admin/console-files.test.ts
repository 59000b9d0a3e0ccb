// Goal: the console's files arrive as they are, under a policy that leaves strangers' text no way to become script.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testListener } from '../../test/support/test-listener.js';
import { consoleRoutes } from './console-files.js';

const directory = mkdtempSync(path.join(tmpdir(), 'logboom-console-'));
let server: ReturnType<typeof testListener>;
let base: string;

beforeAll(async () => {
  mkdirSync(path.join(directory, 'assets'));
  writeFileSync(path.join(directory, 'index.html'), '<!doctype html><p>here');
  writeFileSync(path.join(directory, 'assets', 'index-1a2b.js'), 'console.log("支付")');
  server = testListener({
    routes: consoleRoutes(directory),
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true });
});

test('the page is never kept without asking, and allows no script but ours', async () => {
  const page = await fetch(`${base}/console/`);
  expect(await page.text()).toBe('<!doctype html><p>here');
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('cache-control')).toBe('no-cache');
  const policy = page.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'; script-src 'self';");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toContain('unsafe');
});

test('what has its content in its name is kept for good, and travels compressed where it may', async () => {
  const script = await fetch(`${base}/console/assets/index-1a2b.js`);
  expect(await script.text()).toBe('console.log("支付")');
  expect(script.headers.get('content-encoding')).toBe('gzip');
  expect(script.headers.get('cache-control')).toContain('immutable');
  const plain = await fetch(`${base}/console/assets/index-1a2b.js`, { headers: { 'accept-encoding': 'identity' } });
  expect([await plain.text(), plain.headers.get('content-encoding')]).toEqual(['console.log("支付")', null]);
});

test('without its last slash the path leads to the console by a relative way', async () => {
  const answer = await fetch(`${base}/console`, { redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([302, 'console/']);
});

test('nothing beside the files is reachable', async () => {
  for (const target of ['/console/../../etc/passwd', '/console/%2e%2e/x', '/console/assets/', '/console/none.js']) {
    expect((await fetch(base + target)).status).toBe(404);
  }
});

test('without a build there are no routes', () => {
  expect(consoleRoutes(path.join(directory, 'none'))).toEqual([]);
});
