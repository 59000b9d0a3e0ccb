/**
 * The console's files, as its build left them. They are read once, into memory: a few hundred kilobytes.
 *
 * Everything is below `/console/` and names its parts relatively, so that it works behind any path prefix of a proxy.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { sendBytes } from '../http/answer.js';
import type { Exchange, Route } from '../http/route.js';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};

/** Nothing but our own files; and no text ever becomes markup or script: log values are written by strangers. */
const PAGE_HEADERS = [
  'Content-Security-Policy',
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'Referrer-Policy',
  'same-origin',
  'Cross-Origin-Opener-Policy',
  'same-origin',
  'Cache-Control',
  'no-cache',
];

/** Names of these files change with their content. */
const ASSET_HEADERS = ['Cache-Control', 'public, max-age=31536000, immutable'];

/** No routes if the console was not built. */
export function consoleRoutes(directory: string): Route[] {
  if (!existsSync(directory)) return [];
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const routes = files.map((entry): Route => {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(directory, file).split(path.sep).join('/');
    const answer = prepare(name, readFileSync(file));
    return { method: 'GET', path: name === 'index.html' ? '/console/' : `/console/${name}`, doc: null, handle: answer };
  });
  return [redirect('/console', 'console/'), ...routes];
}

function prepare(name: string, bytes: Buffer): (exchange: Exchange) => void {
  const zipped = gzipSync(bytes, { level: 9 });
  const type = TYPES[path.extname(name)] ?? 'application/octet-stream';
  const headers = ['Vary', 'Accept-Encoding', ...(name.startsWith('assets/') ? ASSET_HEADERS : PAGE_HEADERS)];
  return (exchange) => {
    const takesGzip = /\bgzip\b/.test(String(exchange.request.headers['accept-encoding'] ?? ''));
    if (takesGzip) sendBytes(exchange, 200, type, zipped, ['Content-Encoding', 'gzip', ...headers]);
    else sendBytes(exchange, 200, type, bytes, headers);
  };
}

/** To a relative place: what a proxy has put in front of the path stays. */
function redirect(from: string, to: string): Route {
  return {
    method: 'GET',
    path: from,
    doc: null,
    handle: (exchange) => sendBytes(exchange, 302, 'text/plain', '', ['Location', to, 'Cache-Control', 'no-store']),
  };
}
