/** The web site of a made-up shop, with the SDKs that its pages use, unmodified. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { type Listening, listenLocally } from '../support/listening.js';

const resolve = createRequire(import.meta.url).resolve;

/** The build for pages that the package ships; it makes `SLS_Tracker` global. */
const webTrackBrowser = () =>
  readFileSync(
    path.join(path.dirname(resolve('@aliyun-sls/web-track-browser')), 'web-track-browser.global.js'),
    'utf8',
  );

/** Ships CommonJS alone: two files, each put into a function of its own, as a bundler would. Makes `SlsWebLogger` global. */
function jsSlsLogger(): string {
  const entry = resolve('js-sls-logger');
  const wrap = (file: string, require: string) =>
    `((module, require) => { ${readFileSync(file, 'utf8')}\nreturn module.exports; })({ exports: {} }, ${require})`;
  const lz4 = wrap(path.join(path.dirname(entry), 'lz4.js'), 'undefined');
  return `window.SlsWebLogger = ${wrap(entry, `() => ${lz4}`)};`;
}

export function startPageServer(): Promise<Listening> {
  const scripts = new Map([
    ['/web-track-browser.js', webTrackBrowser()],
    ['/js-sls-logger.js', jsSlsLogger()],
  ]);
  const tags = [...scripts.keys()].map((src) => `<script src="${src}"></script>`).join('');
  const server = createServer((request, response) => {
    const script = scripts.get(request.url ?? '');
    const type = script === undefined ? 'text/html' : 'text/javascript';
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'referrer-policy': 'unsafe-url' });
    response.end(script ?? `<!doctype html><title>shop</title>${tags}`);
  });
  return listenLocally(server);
}
