/**
 * Which SDK or program a tracked request looks like, by what only that one sends. Seen in the clients themselves; the requests
 * that test/wire/ keeps are from them.
 */
import type { IncomingHttpHeaders } from 'node:http';

export interface RequestForm {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export function clientKind({ method, path, headers }: RequestForm): string {
  const agent = headers['user-agent'] ?? '';
  const type = headers['content-type'] ?? '';
  const hasVersionHeader = headers['x-log-apiversion'] !== undefined;
  const isPage = headers.origin !== undefined || agent.startsWith('Mozilla/');

  if (/^(curl|Wget|HTTPie)\//i.test(agent)) return agent.slice(0, agent.search(/[\s(]|$/));
  if (method !== 'POST') {
    if (path.endsWith('.gif')) return 'an image of a page';
    return isPage ? 'loghub-tracking.js, or an own script' : 'a script or a program';
  }
  if (agent.startsWith('AlibabaCloud') || headers['x-log-signaturemethod'] !== undefined)
    return 'an OpenAPI SDK (sls20201230)';
  if (hasVersionHeader && type.startsWith('application/x-protobuf')) return 'js-sls-logger';
  if (hasVersionHeader && type === '' && headers['x-log-compresstype'] !== undefined) {
    return isPage ? 'js-sls-logger' : 'a mobile producer (iOS, Android, C)';
  }
  if (/servicewechat\.com|MicroMessenger|AlipayClient|miniProgram/i.test(`${headers.referer ?? ''} ${agent}`)) {
    return 'a mini-program (web-track-mini)';
  }
  if (hasVersionHeader) return isPage ? 'an own script of a page' : 'an SDK for servers';
  if (type.startsWith('text/plain') && isPage) return 'web-track-browser, or a beacon';
  return isPage ? 'an own script of a page' : 'a program';
}
