/**
 * The tracking API: anonymous writing by POST, GET and image. A request becomes a log group in the spool and is answered
 * when that is on stable storage. The checks and their order are those of the wire specification; the first failure wins.
 */
import { isUtf8 } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from '../errors.js';
import { clientKind } from '../guard/client-kind.js';
import type { Guard } from '../guard/guard.js';
import type { QuarantineLimit } from '../guard/quarantine-limit.js';
import { pageOf } from '../guard/refusal-log.js';
import { sendBytes, sendEmpty } from '../http/answer.js';
import type { Body, BodyReader } from '../http/body.js';
import { decompress } from '../http/decompress.js';
import type { Exchange, Route } from '../http/route.js';
import { Turns } from '../http/turns.js';
import type { Logstore } from '../model/catalog.js';
import { BODY_RAW_BYTES_MAX, BODY_WIRE_BYTES_MAX } from '../model/limits.js';
import type { CanonicalBody } from '../model/log-group.js';
import { discard } from '../platform/discard.js';
import { type Codec, readCodec, readRawSize } from './encoding.js';
import { BATCH_DOC, GroupStore, type GroupStoreDeps, type Send } from './group-store.js';
import { createLogGroupReader, type LogGroupReader } from './log-group-reader.js';
import { readLogGroup } from './protobuf-form.js';
import { createQueryForm, type Field, type QueryForm } from './query-form.js';
import { NOT_UTF8, type Refusal, refuse } from './refusal.js';
import { RefusalNotes, type RefusalNotesDeps } from './refusal-notes.js';
import { createScanner, type Scanner, type ScanResult } from './scan.js';
import { type TrackingSettings, tooLarge } from './settings.js';
import { type Sender, Sieve, type Sifted } from './sieve.js';
import { findTarget, type Target } from './target.js';

export interface TrackingDeps extends GroupStoreDeps, RefusalNotesDeps {
  readonly settings: TrackingSettings;
  readonly bodies: BodyReader;
  readonly guard: Guard;
  readonly quarantineLimit: QuarantineLimit;
  /** Called for logs that are in quarantine on stable storage. */
  readonly onQuarantined: (logs: number) => void;
}

/** Of every form of tracking. */
const ERRORS = [
  'MissingAPIVersion',
  'InvalidAPIVersion',
  'ProjectNotExist',
  'WebTrackingOff',
  'PostBodyTooLarge',
  'InvalidEncoding',
  'InvalidKey',
  'InvalidBatchId',
] as const;

/** What is said of all forms that write one log by the query string. */
const BY_QUERY = {
  tag: 'Web tracking',
  access: 'open',
  query: { APIVersion: '0.6.0', __topic__: 'The topic.', __source__: 'The source.' },
  errors: ERRORS,
} as const;

export function trackingRoutes(deps: TrackingDeps): Route[] {
  const tracking = new Tracking(deps);
  return [
    {
      method: 'POST',
      path: '/logstores/:logstore/track',
      doc: {
        id: 'PutWebtracking',
        tag: 'Web tracking',
        summary: 'Writes logs without a key.',
        access: 'open',
        headers: {
          'x-log-apiversion': '0.6.0; or the parameter APIVersion.',
          'x-log-bodyrawsize': 'Length of the body before compression.',
          'x-log-compresstype': 'lz4 or deflate.',
          'x-logboom-batch-id': BATCH_DOC,
        },
        body: { types: ['application/json', 'application/x-protobuf'] },
        errors: [...ERRORS, 'MissingBodyRawSize', 'InvalidCompressType', 'PostBodyInvalid', 'PostBodyUncompressError'],
      },
      handle: (exchange) => tracking.post(exchange),
    },
    {
      method: 'GET',
      path: '/logstores/:logstore/track',
      doc: {
        ...BY_QUERY,
        id: 'trackByQuery',
        summary: 'Writes one log: every other parameter is a field.',
      },
      handle: (exchange) => tracking.get(exchange, sendUncached),
    },
    {
      method: 'GET',
      path: '/logstores/:logstore/track.gif',
      doc: {
        ...BY_QUERY,
        id: 'trackByImage',
        summary: 'The same, answered by an image of one pixel.',
        answer: { types: ['image/gif'] },
      },
      handle: (exchange) => tracking.get(exchange, sendGif),
    },
    {
      method: 'GET',
      path: '/logstores/:logstore/track_ua.gif',
      doc: {
        ...BY_QUERY,
        id: 'trackByImageWithBrowser',
        summary: 'The same, with the browser and page that asked as fields.',
        answer: { types: ['image/gif'] },
      },
      handle: (exchange) => tracking.get(exchange, sendGif, browserFields(exchange)),
    },
  ];
}

/** What is in memory of a request's body. */
interface Received {
  body: Body | null;
  /** Decompressed. */
  raw: Buffer | null;
}

class Tracking {
  readonly #deps: TrackingDeps;
  readonly #scanner: Scanner;
  readonly #groupReader: LogGroupReader;
  readonly #readQueryForm: QueryForm;
  readonly #sieve: Sieve;
  readonly #groups: GroupStore;
  readonly #wireBytesMax: number;
  readonly #turns: Turns;
  readonly #notes: RefusalNotes;

  constructor(deps: TrackingDeps) {
    this.#deps = deps;
    this.#notes = new RefusalNotes(deps);
    const { logsPerRequestMax: logsMax, nonStringValues, bodyBytesMax } = deps.settings;
    this.#scanner = createScanner({ logsMax, nonStringValues });
    this.#sieve = new Sieve(deps.settings, deps.quarantineLimit);
    this.#groups = new GroupStore(deps);
    this.#groupReader = createLogGroupReader({ logsMax, times: 'client' });
    this.#readQueryForm = createQueryForm(this.#scanner);
    this.#turns = new Turns(deps.clock);
    this.#wireBytesMax = bodyBytesMax + (BODY_WIRE_BYTES_MAX - BODY_RAW_BYTES_MAX);
  }

  async post(exchange: Exchange): Promise<void> {
    const received: Received = { body: null, raw: null };
    try {
      await this.#receive(exchange, received);
    } catch (thrown) {
      this.#notes.refused(exchange, thrown, received.raw ?? received.body?.bytes ?? null);
      throw thrown;
    } finally {
      // The spool has made its own copy.
      if (received.raw !== null && received.raw !== received.body?.bytes) discard(received.raw);
      received.body?.release();
    }
  }

  get(exchange: Exchange, send: Send, fields: readonly Field[] = []): void {
    try {
      const target = this.#admit(exchange, exchange.queryText.length);
      const ignored = target.hasProjectParameter ? ROUTING_PARAMETERS : NO_PARAMETERS;
      const query = [exchange.queryText, fields, ignored] as const;
      const form = this.#readQueryForm(...query);
      const isHead = exchange.request.method === 'HEAD';
      if (form.kind === 'refused') {
        const sifted = isHead ? null : this.#sieve.siftQuery(target.logstore, query, () => senderOf(exchange));
        if (sifted === null) throw this.#refusal(form);
        this.#storeSifted(exchange, sifted, send);
      } else if (isHead) send(exchange);
      else this.#store(exchange, target.logstore, form.body, send);
    } catch (thrown) {
      this.#notes.refused(exchange, thrown, null);
      throw thrown;
    }
  }

  /** All that can be refused before a body is read, but for its encoding. `bytes` are those that the request has at least. */
  #admit(exchange: Exchange, bytes: number): Target {
    const target = findTarget(exchange, this.#deps);
    const { guard, clientAddress } = this.#deps;
    const { request } = exchange;
    const fault = guard.admit(request.headers, clientAddress(request), target.logstore, bytes);
    if (fault !== null) this.#notes.reported(exchange, fault);
    this.#groups.admit(exchange);
    return target;
  }

  async #receive(exchange: Exchange, received: Received): Promise<void> {
    const { settings, bodies, guard, clientAddress } = this.#deps;
    const { headers } = exchange.request;
    const { logstore, hasVersionHeader } = this.#admit(exchange, readLength(headers));
    const codec = readCodec(headers['x-log-compresstype'], TRACKING_CODECS);
    const rawSize = readRawSize(headers['x-log-bodyrawsize'], hasVersionHeader || codec !== 'none');
    if (rawSize > settings.bodyBytesMax) throw tooLarge(settings);

    const body = await bodies.read(exchange, this.#wireBytesMax);
    received.body = body;
    if (headers['content-length'] === undefined) {
      guard.addBytes(headers, clientAddress(exchange.request), logstore, body.bytes.length);
    }
    if (this.#turns.isOver) await this.#turns.next();
    const raw = codec === 'none' ? body.bytes : this.#decompress(body.bytes, codec, rawSize);
    received.raw = raw;
    if (raw.length > settings.bodyBytesMax) throw tooLarge(settings);
    const found = this.#readBody(raw, headers['content-type']);
    if (found.kind === 'body') {
      this.#store(exchange, logstore, found.body, sendEmpty);
      return;
    }
    const sifted = isUtf8(raw) ? this.#sieve.siftBody(logstore, raw, () => senderOf(exchange)) : null;
    if (sifted === null) throw this.#refusal(found);
    this.#storeSifted(exchange, sifted, sendEmpty);
  }

  #store(exchange: Exchange, logstore: Logstore, body: CanonicalBody, send: Send): void {
    this.#groups.store(exchange, logstore, body, send, (error) => this.#notes.refused(exchange, error, null));
  }

  #storeSifted(exchange: Exchange, { parts, quarantinedCount }: Sifted, send: Send): void {
    const answer: Send = (_, headers = []) => {
      this.#deps.onQuarantined(quarantinedCount);
      send(exchange, ['x-logboom-quarantined', String(quarantinedCount), ...headers]);
    };
    const stored = parts.filter(({ body }) => body.logCount > 0);
    this.#groups.storeAll(exchange, stored, answer, (error) => this.#notes.refused(exchange, error, null));
  }

  #decompress(bytes: Buffer, codec: Exclude<Codec, 'none'>, rawSize: number): Buffer {
    const { settings } = this.#deps;
    const result = decompress(bytes, codec, { declaredBytes: rawSize, bytesMax: settings.bodyBytesMax });
    if (result.kind === 'raw') return result.bytes;
    throw result.kind === 'tooLarge' ? tooLarge(settings) : new ApiError('PostBodyUncompressError');
  }

  /** JSON first: what clients label protobuf mostly is JSON all the same. */
  #readBody(raw: Buffer, contentType: string | undefined): ScanResult {
    const isText = isUtf8(raw);
    const scanned = isText ? this.#scanner.scan(raw) : refuse(NOT_UTF8, 0);
    if (scanned.kind === 'body') return scanned;
    const isNoJson = !isText || scanned.error === 'PostBodyInvalid';
    if (isNoJson && contentType?.startsWith('application/x-protobuf')) {
      const group = readLogGroup(this.#groupReader, raw, Math.floor(this.#deps.clock.wallMs() / 1000));
      if (group.kind !== 'notLogGroup') return group;
    }
    return scanned;
  }

  #refusal({ error, reason, offset }: Refusal): ApiError {
    const fault = { detail: reason, offset };
    return error === 'PostBodyTooLarge' ? tooLarge(this.#deps.settings, fault) : new ApiError(error, {}, { fault });
  }
}

function senderOf({ request, requestId, path }: Exchange): Sender {
  const { headers, method = '' } = request;
  return { request_id: requestId, origin: pageOf(headers), client: clientKind({ method, path, headers }) };
}

/** 0 where the length is not known before the body is there. Node takes nothing but digits for a length. */
function readLength({ 'content-length': length }: IncomingHttpHeaders): number {
  return length === undefined ? 0 : Number(length);
}

const TRACKING_CODECS = ['lz4', 'deflate'] as const;

/** Query parameters that are no fields. */
const NO_PARAMETERS: ReadonlySet<string> = new Set();
const ROUTING_PARAMETERS: ReadonlySet<string> = new Set(['project']);

/** What `track_ua.gif` adds; empty where the browser does not say. */
function browserFields({ request: { headers } }: Exchange): Field[] {
  return [
    ['__userAgent__', asUtf8(headers['user-agent'])],
    ['__referer__', asUtf8(headers.referer)],
  ];
}

/** Node reads headers as latin1. Bytes that are no UTF-8 stay as latin1 has them. */
function asUtf8(header: string | undefined): string {
  const bytes = Buffer.from(header ?? '', 'latin1');
  return isUtf8(bytes) ? bytes.toString() : (header ?? '');
}

/** A transparent GIF of one pixel. */
const GIF = Buffer.from(
  '47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b',
  'hex',
);
const NO_STORE = ['Cache-Control', 'no-store'];

function sendGif(exchange: Exchange, headers: readonly string[] = []): void {
  sendBytes(exchange, 200, 'image/gif', GIF, [...NO_STORE, ...headers]);
}

function sendUncached(exchange: Exchange, headers: readonly string[] = []): void {
  sendEmpty(exchange, [...NO_STORE, ...headers]);
}
