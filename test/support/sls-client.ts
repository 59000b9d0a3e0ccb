/** A client of the signed APIs that consume, small enough to see what goes over the wire. */
import { uncompressSync } from 'lz4-napi';
import { decodeLogGroupList, type ReadGroup } from './log-group-list.js';
import { encodeLogGroup, type LogGroup } from './protobuf.js';
import type { Service } from './service.js';
import { sign } from './sign.js';

export interface PulledLogs {
  readonly groups: readonly ReadGroup[];
  readonly next: string;
  readonly headers: Headers;
}

/** Throws with the body of an answer that is no success. */
export class SlsClient {
  readonly #service: Service;
  readonly #logstore: string;

  constructor(service: Service, logstore: string) {
    this.#service = service;
    this.#logstore = logstore;
  }

  /** Each on a connection of its own, so that every worker is asked. */
  async send(
    method: string,
    path: string,
    body?: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<{ headers: Headers; body: Buffer }> {
    const { publicUrl, key } = this.#service;
    const target = `/logstores/${this.#logstore}${path}`;
    const { host: _, ...signed } = sign({ method, path: target, host: '', headers, body }, key, 'hmac-sha1');
    const answer = await fetch(publicUrl + target, {
      method,
      headers: { ...signed, connection: 'close' },
      ...(body === undefined ? {} : { body }),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (answer.status !== 200) throw new Error(`${method} ${target}: ${bytes.toString()}`);
    return { headers: answer.headers, body: bytes };
  }

  async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await this.send(
      method,
      path,
      text,
      text === undefined ? {} : { 'content-type': 'application/json' },
    );
    // The test knows what it asked for.
    return (answer.body.length === 0 ? undefined : JSON.parse(answer.body.toString())) as T;
  }

  async put(group: LogGroup): Promise<void> {
    await this.send('POST', '/shards/lb', encodeLogGroup(group), { 'content-type': 'application/x-protobuf' });
  }

  async cursor(shard: number, from: string | number): Promise<string> {
    return (await this.json<{ cursor: string }>('GET', `/shards/${shard}?type=cursor&from=${from}`)).cursor;
  }

  async pull(shard: number, cursor: string, more = ''): Promise<PulledLogs> {
    const path = `/shards/${shard}?type=logs&cursor=${encodeURIComponent(cursor)}${more}`;
    const { headers, body } = await this.send('GET', path, undefined, { 'accept-encoding': 'lz4' });
    const rawSize = Number(headers.get('x-log-bodyrawsize'));
    const size = Buffer.alloc(4);
    size.writeUInt32LE(rawSize);
    const raw = rawSize === 0 ? body : uncompressSync(Buffer.concat([size, body]));
    return { groups: decodeLogGroupList(raw), next: String(headers.get('x-log-cursor')), headers };
  }

  /** Every log group from one cursor to the other, in order. */
  async readAll(shard: number, from: string, end: string): Promise<ReadGroup[]> {
    const groups: ReadGroup[] = [];
    const deadline = Date.now() + 30_000;
    for (let cursor = from; cursor !== end; ) {
      const pulled = await this.pull(shard, cursor, `&end_cursor=${encodeURIComponent(end)}`);
      groups.push(...pulled.groups);
      // What was acknowledged is in the store a moment later.
      if (pulled.next === cursor) await new Promise((resolve) => setTimeout(resolve, 50));
      if (Date.now() > deadline) throw new Error(`still at ${cursor}, and not at ${end}`);
      cursor = pulled.next;
    }
    return groups;
  }
}
