/** Logs as web pages send them: 22 fields, some 700 bytes of JSON each; the same ones for the same seed. */
import { compressSync } from 'lz4-napi';

export interface Batch {
  readonly json: Buffer;
  readonly logCount: number;
}

/** Bodies of `logCount` logs each. */
export function makeBatches(count: number, logCount: number, seed = 1): Batch[] {
  const events = new PageEvents(seed);
  return Array.from({ length: count }, () => ({ json: events.body(logCount), logCount }));
}

/** A tracked POST with everything on the wire. */
export function postRequest(batch: Batch, codec: 'plain' | 'lz4'): Buffer {
  // lz4-napi puts the size in front; on the wire there is the block alone.
  const body = codec === 'lz4' ? compressSync(batch.json).subarray(4) : batch.json;
  const head = [
    'POST /logstores/web/track HTTP/1.1',
    'Host: 127.0.0.1',
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
    'Accept: */*',
    'Origin: https://shop.example.com',
    'x-log-apiversion: 0.6.0',
    `x-log-bodyrawsize: ${batch.json.length}`,
    ...(codec === 'lz4' ? ['x-log-compresstype: lz4'] : []),
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}

/** The same fields as a GET of one log. */
export function getRequests(count: number, seed = 1): Buffer[] {
  const events = new PageEvents(seed);
  return Array.from({ length: count }, () => {
    const query = new URLSearchParams({ APIVersion: '0.6.0', ...events.next() }).toString();
    const head = [
      `GET /logstores/web/track?${query} HTTP/1.1`,
      'Host: 127.0.0.1',
      'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
      'Accept: image/avif,image/webp,*/*',
    ];
    return Buffer.from(`${head.join('\r\n')}\r\n\r\n`);
  });
}

const WORDS = ['checkout', 'cart', 'search', 'profile', 'settings', 'product', 'invoice', 'home', 'help', 'orders'];

export class PageEvents {
  #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  body(logCount: number): Buffer {
    const logs = Array.from({ length: logCount }, () => this.next());
    return Buffer.from(JSON.stringify({ __topic__: 'pages', __logs__: logs, __tags__: { app: 'shop' } }));
  }

  next(): Record<string, string> {
    const [word, number, id] = [() => this.#word(), (below: number) => String(this.#random(below)), () => this.#id()];
    return {
      event: ['page_view', 'click', 'api_error', 'performance'][this.#random(4)] as string,
      time: String(1_795_000_000_000 + this.#random(1 << 22)),
      session_id: `s${this.#random(20_000).toString(36)}`,
      trace_id: id() + id(),
      user_id: number(50_000),
      page_url: `https://shop.example.com/${word()}/${word()}?item=${number(5_000)}&from=${word()}`,
      path: `/${word()}/${word()}/${number(500)}`,
      referrer: `https://www.example.org/${word()}`,
      title: `${word()} - ${word()} | Example Shop`,
      user_agent: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${100 + this.#random(40)}.0.0.0`,
      language: 'en-US',
      screen: '1920x1080',
      viewport: `${number(1920)}x${number(1080)}`,
      os: 'Windows',
      browser: 'Chrome',
      country: ['CN', 'US', 'DE', 'JP'][this.#random(4)] as string,
      app_version: `4.${number(20)}.${number(10)}`,
      duration_ms: number(5_000),
      status: String(200 + this.#random(4) * 100),
      element: `#${word()} > button.${word()}`,
      x: number(1_920),
      message: `${word()} ${word()} ${word()} took ${number(900)} ms`,
    };
  }

  #random(below: number): number {
    this.#seed = (Math.imul(this.#seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (this.#seed >>> 8) % below;
  }

  #word(): string {
    return WORDS[this.#random(WORDS.length)] as string;
  }

  #id(): string {
    return this.#random(1 << 22)
      .toString(16)
      .padStart(6, '0');
  }
}
