/**
 * The scanner alone: CPU time to check a body and make it canonical, beside what `JSON.parse` would need.
 *
 *   node dist/bench/scan.js [rounds]
 *
 * All variants take turns within a round, so that noise falls on all alike; printed are the median and the least.
 */
import { isUtf8 } from 'node:buffer';
import { LOGS_PER_REQUEST_MAX } from '../src/model/limits.js';
import { createScanner } from '../src/tracking/scan.js';

const rounds = Number(process.argv[2] ?? 60);
/** Bytes scanned per variant and round, so that a round of any batch size takes about as long. */
const ROUND_BYTES = 2_000_000;

const scanner = createScanner({ logsMax: LOGS_PER_REQUEST_MAX, nonStringValues: 'store' });

const WORDS = ['checkout', 'cart', 'search', 'profile', 'settings', 'product', 'invoice', 'home', 'help', 'orders'];
let seed = 1;

function random(below: number): number {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return (seed >>> 8) % below;
}

const word = () => WORDS[random(WORDS.length)] as string;
const id = () => `${random(1 << 22).toString(36)}${random(1 << 22).toString(36)}`;

/** A page event as web pages send it: 22 fields, about 655 bytes. */
function pageEvent(): Record<string, string> {
  return {
    event: ['page_view', 'click', 'api_error', 'performance'][random(4)] as string,
    time: String(1_795_000_000_000 + random(1 << 22)),
    session_id: id(),
    user_id: String(random(1 << 22)),
    page_url: `https://shop.example.com/${word()}/${word()}?item=${random(99_999)}&from=${word()}`,
    referrer: `https://www.example.org/${word()}`,
    title: `${word()} - ${word()} | Example Shop`,
    user_agent: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${100 + random(40)}.0.0.0`,
    language: 'en-US',
    screen: '1920x1080',
    viewport: `${random(1920)}x${random(1080)}`,
    os: 'Windows',
    browser: 'Chrome',
    device: 'desktop',
    country: ['CN', 'US', 'DE', 'JP'][random(4)] as string,
    app_version: `4.${random(20)}.${random(10)}`,
    duration_ms: String(random(5_000)),
    status: String(200 + random(4) * 100),
    element: `#${word()} > button.${word()}`,
    x: String(random(1_920)),
    y: String(random(1_080)),
    message: `${word()} ${word()} ${word()} took ${random(900)} ms`,
  };
}

/** What the mobile producers add, and an own client that does not turn its numbers into strings. */
function unclean(event: Record<string, string>): Record<string, unknown> {
  return { __time__: 1_795_000_000, ...event, x: Number(event['x']), y: Number(event['y']), context: { a: [1, 2] } };
}

const VARIANTS: Record<string, (clean: Buffer, dirty: Buffer) => unknown> = {
  'isUtf8 alone': (clean) => isUtf8(clean),
  scan: (clean) => isUtf8(clean) && scanner.scan(clean),
  'scan, 5 edits a log': (_, dirty) => isUtf8(dirty) && scanner.scan(dirty),
  'JSON.parse': (clean) => JSON.parse(clean.toString()),
  'parse, stringify': (clean) => Buffer.from(JSON.stringify(JSON.parse(clean.toString()))),
};

for (const logs of [1, 10, 100, 1000]) {
  const events = Array.from({ length: logs }, pageEvent);
  const clean = Buffer.from(JSON.stringify({ __logs__: events, __tags__: { app: 'shop' }, __topic__: 'web' }));
  const dirty = Buffer.from(JSON.stringify({ __logs__: events.map(unclean), __tags__: { app: 1 } }));
  const times = new Map<string, number[]>();
  const runs = Math.ceil(ROUND_BYTES / clean.length);
  for (let round = -10; round < rounds; round++) {
    for (const [name, run] of Object.entries(VARIANTS)) {
      const before = process.cpuUsage();
      for (let n = 0; n < runs; n++) run(clean, dirty);
      const { user, system } = process.cpuUsage(before);
      if (round < 0) continue;
      const list = times.get(name) ?? [];
      times.set(name, list);
      list.push((user + system) / runs);
    }
  }
  console.log(`${logs} logs, ${clean.length} bytes (${Math.round(clean.length / logs)} a log)`);
  for (const [name, list] of times) {
    list.sort((a, b) => a - b);
    const median = list[list.length >> 1] as number;
    const least = list[0] as number;
    const rate = (clean.length / median / 1000).toFixed(2);
    console.log(
      `  ${name.padEnd(20)} ${median.toFixed(2).padStart(9)} us  least ${least.toFixed(2).padStart(9)}  ${rate} GB/s`,
    );
  }
}
