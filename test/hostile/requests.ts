/** Requests as bytes, so that each part of them can be wrong. */

export const TRACK = '/logstores/web/track?APIVersion=0.6.0';
/** A small good body; its log says in `n` which request it came with. */
export const bodyOf = (n: string) => `{"__logs__":[{"n":"${n}"}]}`;

interface Post {
  readonly path?: string;
  /** Whole lines; beside Host, and Content-Length if there is none about the length among them. */
  readonly headers?: readonly string[];
}

export function post(body: string | Buffer, { path = TRACK, headers = [] }: Post = {}): Buffer {
  const saysLength = headers.some((line) => /^(content-length|transfer-encoding)/i.test(line));
  const length = saysLength ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const head = [`POST ${path} HTTP/1.1`, 'Host: 127.0.0.1', ...headers, ...length, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head), Buffer.from(body)]);
}

/** The body in chunks, with the end of chunks. */
export function chunked(...pieces: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat([
    ...pieces.flatMap((piece) => [
      Buffer.from(`${Buffer.byteLength(piece).toString(16)}\r\n`),
      Buffer.from(piece),
      Buffer.from('\r\n'),
    ]),
    Buffer.from('0\r\n\r\n'),
  ]);
}

/** A good GET whose log says `n`; `change` makes it another. */
export function get(n: string, change: (text: string) => string = (text) => text): string {
  return change(`GET ${TRACK}&n=${n} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
}
