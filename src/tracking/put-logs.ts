/**
 * PutLogs: signed writing of a LogGroup, or of the JSON of web tracking as the browser's STS plugin sends it. Logs keep
 * the times they bring. All of its routes are the same operation.
 */
import { isUtf8 } from 'node:buffer';
import type { CatalogView } from '../catalog/catalog.js';
import { findLogstore } from '../catalog/find.js';
import { ApiError } from '../errors.js';
import { sendEmpty } from '../http/answer.js';
import type { Gate } from '../http/auth/gate.js';
import type { BodyReader } from '../http/body.js';
import { type Compression, decompress, hasZstd } from '../http/decompress.js';
import type { Exchange, Route } from '../http/route.js';
import type { RouteDoc } from '../http/route-doc.js';
import { Turns } from '../http/turns.js';
import { BODY_RAW_BYTES_MAX, BODY_WIRE_BYTES_MAX } from '../model/limits.js';
import { type CanonicalBody, fitsLine } from '../model/log-group.js';
import { discard } from '../platform/discard.js';
import { type Codec, readCodec, readRawSize } from './encoding.js';
import { BATCH_DOC, GroupStore, type GroupStoreDeps } from './group-store.js';
import { createLogGroupReader, type LogGroupReader } from './log-group-reader.js';
import { NOT_UTF8, type Refusal, refuse } from './refusal.js';
import { createScanner, type Scanner } from './scan.js';
import { type TrackingSettings, tooLarge } from './settings.js';

export interface PutLogsDeps extends GroupStoreDeps {
  readonly gate: Gate;
  readonly catalog: CatalogView;
  readonly settings: TrackingSettings;
  readonly bodies: BodyReader;
}

const DOC: RouteDoc = {
  id: 'PutLogs',
  tag: 'SLS: writing',
  summary: 'Writes a log group.',
  access: 'signed',
  headers: {
    'x-log-bodyrawsize': 'Length of the body before compression.',
    'x-log-compresstype': 'lz4, deflate, gzip or zstd.',
    'x-logboom-batch-id': BATCH_DOC,
    'x-log-hashkey': 'Chooses a shard; it is checked and has no effect.',
  },
  body: { types: ['application/x-protobuf', 'application/json'] },
  errors: [
    'MissingBodyRawSize',
    'InvalidCompressType',
    'MissingContentType',
    'InvalidContentType',
    'PostBodyTooLarge',
    'PostBodyInvalid',
    'PostBodyUncompressError',
    'InvalidTimestamp',
    'InvalidEncoding',
    'InvalidKey',
    'InvalidBatchId',
    'PutTimeOutOfRange',
  ],
};

export function putLogsRoutes(deps: PutLogsDeps): Route[] {
  const putLogs = new PutLogs(deps);
  const handle: Route['handle'] = (exchange) => putLogs.handle(exchange);
  return [
    { method: 'POST', path: '/logstores/:logstore', doc: DOC, handle },
    { method: 'POST', path: '/logstores/:logstore/shards/lb', doc: { ...DOC, id: 'PutLogsLoadBalanced' }, handle },
    { method: 'POST', path: '/logstores/:logstore/shards/route', doc: { ...DOC, id: 'PutLogsByHashKey' }, handle },
  ];
}

const CODECS: readonly Compression[] = hasZstd ? ['lz4', 'deflate', 'gzip', 'zstd'] : ['lz4', 'deflate', 'gzip'];

class PutLogs {
  readonly #deps: PutLogsDeps;
  readonly #groups: GroupStore;
  readonly #scanner: Scanner;
  readonly #reader: LogGroupReader;
  readonly #turns: Turns;

  constructor(deps: PutLogsDeps) {
    this.#deps = deps;
    const { logsPerRequestMax: logsMax, nonStringValues } = deps.settings;
    this.#groups = new GroupStore(deps);
    this.#scanner = createScanner({ logsMax, nonStringValues, timesBy: deps.clock });
    this.#reader = createLogGroupReader({ logsMax, times: 'own' });
    this.#turns = new Turns(deps.clock);
  }

  async handle(exchange: Exchange): Promise<void> {
    const { gate, catalog, settings, bodies } = this.#deps;
    const { project, checkBody } = gate(exchange, 'log:PostLogStoreLogs');
    const logstore = findLogstore(catalog, project, exchange.params['logstore'] ?? '');
    checkHashKey(exchange);
    this.#groups.admit(exchange);
    const { headers } = exchange.request;
    const format = readFormat(exchange);
    const codec = readCodec(headers['x-log-compresstype'], CODECS);
    const rawSize = readRawSize(headers['x-log-bodyrawsize'], codec !== 'none');
    if (codec !== 'none' && rawSize > settings.bodyBytesMax) throw tooLarge(settings);

    const body = await bodies.read(exchange, settings.bodyBytesMax + (BODY_WIRE_BYTES_MAX - BODY_RAW_BYTES_MAX));
    let raw = body.bytes;
    try {
      checkBody(body.bytes);
      if (this.#turns.isOver) await this.#turns.next();
      raw = this.#decompress(body.bytes, codec, rawSize);
      if (raw.length > settings.bodyBytesMax) throw tooLarge(settings);
      const group = format === 'json' ? this.#readJson(raw) : this.#readProtobuf(raw);
      if (group === null) sendEmpty(exchange);
      else this.#groups.store(exchange, logstore, this.#fitting(group), sendEmpty);
    } finally {
      // The spool has made its own copy.
      if (raw !== body.bytes) discard(raw);
      body.release();
    }
  }

  #decompress(bytes: Buffer, codec: Codec, rawSize: number): Buffer {
    if (codec === 'none') return bytes;
    const { settings } = this.#deps;
    const result = decompress(bytes, codec, { declaredBytes: rawSize, bytesMax: settings.bodyBytesMax });
    if (result.kind === 'tooLarge') throw tooLarge(settings);
    // A block of lz4 does not say how long it is: one cut short can look whole.
    const isWhole = result.kind === 'raw' && (codec !== 'lz4' || result.bytes.length === rawSize);
    if (!isWhole) throw new ApiError('PostBodyUncompressError');
    return result.bytes;
  }

  /** Null if there is nothing to store. */
  #readProtobuf(raw: Buffer): CanonicalBody | null {
    const result = this.#reader.read(raw, Math.floor(this.#deps.clock.wallMs() / 1000));
    if (result.kind === 'noLogs') return null;
    if (result.kind === 'notLogGroup') throw new ApiError('PostBodyInvalid');
    if (result.kind === 'refused') throw this.#refusal(result);
    return result.body;
  }

  #readJson(raw: Buffer): CanonicalBody {
    const result = isUtf8(raw) ? this.#scanner.scan(raw) : refuse(NOT_UTF8, 0);
    if (result.kind === 'refused') throw this.#refusal(result);
    return result.body;
  }

  /** Escapes can make a body longer than a line may be. */
  #fitting(body: CanonicalBody): CanonicalBody {
    if (!fitsLine(body)) throw tooLarge(this.#deps.settings, { detail: 'the line would be too long' });
    return body;
  }

  #refusal({ error, reason, offset }: Refusal): ApiError {
    const fault = { detail: reason, offset };
    if (error === 'PostBodyTooLarge') return tooLarge(this.#deps.settings, fault);
    // Web tracking answers 499 here.
    return new ApiError(error === 'PostTimeOutOfRange' ? 'PutTimeOutOfRange' : error, {}, { fault });
  }
}

/** Where SLS routes by a hash key, here every worker takes every group; but a key that is none is refused. */
function checkHashKey({ queryText, request }: Exchange): void {
  const parameter = queryText === '' ? null : new URLSearchParams(queryText).get('key');
  const key = parameter ?? request.headers['x-log-hashkey'];
  if (key !== undefined && !/^[\da-f]{0,32}$/i.test(String(key))) {
    throw new ApiError('ParameterInvalid', { reason: `invalid hash key ${key}` });
  }
}

/** Throws MissingContentType and InvalidContentType. */
function readFormat({ request: { headers } }: Exchange): 'protobuf' | 'json' {
  const type = headers['content-type'] ?? '';
  switch (type.split(';', 1)[0]?.trim().toLowerCase()) {
    case 'application/x-protobuf':
    case 'application/octet-stream':
      return 'protobuf';
    case 'application/json':
    case 'text/plain':
      return 'json';
    case '':
      throw new ApiError('MissingContentType');
    default:
      throw new ApiError('InvalidContentType', { type });
  }
}
