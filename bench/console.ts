/**
 * The console as a person waits for it, in Chromium against a real service: until it can be used, until rows are painted that
 * have arrived, and how long the page does not listen while a tail brings 1,000 logs/s. With `--logs` also what one waits for over
 * so many million logs; to fill the store takes some minutes then.
 *
 *   node dist/bench/console.js [--loads 7] [--seconds 10] [--logs 20]
 *
 * Browser, service and store share the machine, as on a developer's.
 */
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { findChromium, launchChromium } from '../test/support/chromium.js';
import { removeData, startService } from '../test/support/service.js';
import { fillService } from './support/fill-service.js';
import { PageEvents } from './support/page-events.js';
import { median, Report } from './support/report.js';

const { values } = parseArgs({
  options: {
    loads: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '10' },
    logs: { type: 'string', default: '0' },
  },
});

const LOGS = 20_000;
const LOGS_PER_POST = 100;
const POSTS_PER_SECOND = 10;

/** Installed in the page before its own scripts; what it finds is read later. */
const WATCH = `
  window.__found = { longest: 0, over50: 0, paints: [] };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      window.__found.longest = Math.max(window.__found.longest, duration);
      window.__found.over50 += 1;
    }
  }).observe({ type: 'longtask', buffered: true });
  const watchRows = new MutationObserver(() => {
    if (document.querySelector('[role=rowgroup] [role=row], .empty') === null) return;
    watchRows.disconnect();
    requestAnimationFrame(() => setTimeout(() => { window.__found.rowsAt = performance.now(); }));
  });
  watchRows.observe(document, { childList: true, subtree: true });
`;

const SEARCH_HEADS = ['search', 'rows answered, ms', 'painted behind that, ms', 'histogram answered, ms'];

interface Found {
  readonly longest: number;
  readonly over50: number;
  readonly rowsAt: number;
}

const report = new Report('console', 'The console in a browser');
const executable = findChromium();
if (executable === null) process.exit(1);
const NO_QUOTAS = ['--quota-address-requests', '0', '--quota-address-bytes', '0'];
const service = await startService({ flags: ['--spool-segment-age-max', '200ms', ...NO_QUOTAS] });
const browser = await launchChromium(executable, {
  [new URL(service.adminUrl).host]: new URL(service.adminUrl).host,
});
try {
  const events = new PageEvents(1);
  const post = async () => {
    const body = events.body(LOGS_PER_POST);
    const headers = { 'x-log-apiversion': '0.6.0', 'x-log-bodyrawsize': String(body.length) };
    const response = await fetch(`${service.publicUrl}/logstores/web/track`, { method: 'POST', headers, body });
    if (response.status !== 200) throw new Error(await response.text());
  };
  for (let sent = 0; sent < LOGS; sent += LOGS_PER_POST) await post();
  await service.logs('web', { count: LOGS });

  const directory = path.resolve(import.meta.dirname, '../console');
  const scripts = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  const bytes = scripts.map((name) => gzipSync(readFileSync(path.join(directory, name))).length);
  report.say(`JavaScript, gzipped: ${Math.round(bytes.reduce((sum, one) => sum + one, 0) / 1024)} KiB.`);

  const loads = [];
  for (let load = 0; load < Number(values.loads); load += 1) loads.push(await measureLoad());
  const [usable = [], rows = []] = [loads.map(({ usableMs }) => usableMs), loads.map(({ rowsMs }) => rowsMs)];
  report.table(
    ['', 'median ms', 'worst ms'],
    [
      ['from the address to a query that can be written', Math.round(median(usable)), Math.round(Math.max(...usable))],
      ['from the last byte of 1,000 logs to their paint', Math.round(median(rows)), Math.round(Math.max(...rows))],
    ],
  );

  const { tasks, rowCount, heapMb, total } = await measureTail(post, Number(values.seconds));
  report.table(
    [`tail at ${LOGS_PER_POST * POSTS_PER_SECOND} logs/s for ${values.seconds} s`, ''],
    [
      ['logs shown', total],
      ['tasks of the main thread over 50 ms', tasks.over50],
      ['longest of them, ms', Math.round(tasks.longest)],
      ['rows in the page', rowCount],
      ['heap, MB', heapMb],
    ],
  );
  if (Number(values.logs) > 0) {
    const logs = await fillService(service, Number(values.logs) * 1e6, events);
    report.say(`Over ${(logs / 1e6).toFixed(1)} million logs of ten days; medians of ${values.loads} runs.`);
    report.table(SEARCH_HEADS, await measureSearches(Number(values.loads)));
  }
  report.write();
} finally {
  await browser.close();
  await service.stop();
  await removeData(service.data);
}

/** A new browser profile each time: nothing is cached. */
async function open(where: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.addInitScript(WATCH);
  const { id, secret } = service.key;
  await page.request.post(`${service.adminUrl}/api/v1/session`, { data: { id, secret } });
  await page.goto(`${service.adminUrl}/console/${where}`);
  return page;
}

async function measureLoad(): Promise<{ usableMs: number; rowsMs: number }> {
  const page = await open('?project=default&logstore=web&from=now-1h&to=now');
  await page.getByRole('textbox', { name: 'Query' }).waitFor();
  const usableMs = await page.evaluate<number>('performance.now()');
  await page.getByRole('cell').first().waitFor();
  // Its own paint comes a frame after.
  const { rowsAt } = await page.evaluate<Found>(
    'new Promise((resolve) => setTimeout(() => resolve(window.__found), 200))',
  );
  const arrivedAt = await page.evaluate<number>(
    `performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/query')).responseEnd`,
  );
  await page.context().close();
  return { usableMs, rowsMs: rowsAt - arrivedAt };
}

/** Medians of each search over everything there is. */
async function measureSearches(runs: number): Promise<(string | number)[][]> {
  const rows: (string | number)[][] = [];
  for (const query of ['*', 'checkout', 'status:500', 'event:click and country:DE', 'nothing-has-this-word']) {
    const measured: Searched[] = [];
    for (let run = 0; run < runs; run += 1) measured.push(await measureSearch(query));
    const middle = (of: (one: Searched) => number) => Math.round(median(measured.map(of)));
    rows.push([query, middle((one) => one.answeredMs), middle((one) => one.paintMs), middle((one) => one.histogramMs)]);
  }
  return rows;
}

interface Searched {
  /** From the question for rows to the last byte of the answer. */
  readonly answeredMs: number;
  /** From there to the paint of rows, or of the word that there is none. */
  readonly paintMs: number;
  /** Of the histogram's answer. */
  readonly histogramMs: number;
}

async function measureSearch(query: string): Promise<Searched> {
  const page = await open(
    `?${new URLSearchParams({ project: 'default', logstore: 'web', from: 'now-15d', to: 'now', query })}`,
  );
  await page.locator('.histogram-head strong').waitFor();
  await page.locator('[role=rowgroup] [role=row], .empty').first().waitFor();
  const { rowsAt } = await page.evaluate<Found>(
    'new Promise((resolve) => setTimeout(() => resolve(window.__found), 200))',
  );
  const timing = (call: string) =>
    page.evaluate<{ requestStart: number; responseEnd: number }>(
      `performance.getEntriesByType('resource').find(({ name }) => name.endsWith('/${call}')).toJSON()`,
    );
  const [rows, histogram] = [await timing('query'), await timing('histogram')];
  await page.context().close();
  return {
    answeredMs: rows.responseEnd - rows.requestStart,
    paintMs: rowsAt - rows.responseEnd,
    histogramMs: histogram.responseEnd - histogram.requestStart,
  };
}

async function measureTail(post: () => Promise<void>, seconds: number) {
  const page = await open('?project=default&logstore=web&live=1');
  await page.getByRole('status').waitFor();
  await page.evaluate('window.__found.over50 = 0, window.__found.longest = 0');
  const startedMs = performance.now();
  for (let sent = 0; sent < seconds * POSTS_PER_SECOND; sent += 1) {
    await post();
    await sleep(Math.max(0, startedMs + ((sent + 1) * 1000) / POSTS_PER_SECOND - performance.now()));
  }
  const tasks = await page.evaluate<Found>('window.__found');
  const rowCount = await page.locator('[role=rowgroup] [role=row]').count();
  const heapMb = await page.evaluate<number>('Math.round(performance.memory.usedJSHeapSize / 1e6)');
  const [, total = '0'] = /([\d,]+) since the start/.exec((await page.locator('.figures').textContent()) ?? '') ?? [];
  await page.context().close();
  return { tasks, rowCount, heapMb, total };
}
