/** Why requests of web tracking were refused: a bounded memory of it, for those who run the service and the pages. */
import type { IncomingHttpHeaders } from 'node:http';
import type { RefusalInfo, RefusalStep, RefusedBody } from '../api/refusals.js';
import type { ApiError, ErrorName } from '../errors.js';
import type { Logstore } from '../model/catalog.js';
import { originTextOf } from '../model/origin.js';
import type { Clock } from '../platform/clock.js';
import { clientKind } from './client-kind.js';
import type { KeptAddress } from './kept-address.js';
import { maskSecrets } from './mask-secrets.js';
import { adviceFor } from './refusal-advice.js';
import { RefusalSamples } from './refusal-samples.js';
import { keyOf, mergeSteps, NOWHERE, type Place, RefusalTally } from './refusal-tally.js';

/** A case of docs/errors.md, or what would have been OriginDenied where the rules of a logstore are only to report. */
export type RefusalReason = ErrorName | 'OriginReported';

export interface RefusedRequest {
  readonly requestId: string;
  readonly method: string;
  /** With its query, as sent. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly address: string;
  /** As the request names them; empty if it names none. */
  readonly project: string;
  readonly logstoreName: string;
  /** Undefined if there is no such logstore. */
  readonly logstore: Logstore | undefined;
  /** As far as it was read. Only looked at before `record` returns. */
  readonly body: Buffer | null;
}

/** What is asked of the refusals of one worker; all as JSON. */
export interface RefusalQuestion {
  readonly what: 'list' | 'minutes' | 'hours';
  readonly project?: string | undefined;
  readonly logstore?: string | undefined;
  /** For lists only. */
  readonly requestId?: string | undefined;
  readonly reason?: string | undefined;
  readonly limit?: number | undefined;
}

/** What is known of the refusals of all workers of all nodes. */
export interface GatheredRefusals {
  readonly answers: readonly RefusalAnswer[];
  /** Names of nodes that were asked and did not answer. */
  readonly missingNodes: readonly string[];
}

export interface RefusalAnswer {
  /** Newest first. */
  readonly refusals: readonly RefusalInfo[];
  readonly steps: readonly RefusalStep[];
}

/** Of a body, in bytes. */
const START_BYTES_MAX = 1024;
/** Of a body that is no text; shown as two digits each. */
const BINARY_BYTES_MAX = 64;
/** Of a path, a name or a header, in characters. */
const TEXT_LENGTH_MAX = 300;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export class RefusalLog {
  readonly #clock: Clock;
  readonly #keptAddress: KeptAddress;
  readonly #samples = new RefusalSamples();
  readonly #minutes = new RefusalTally(MINUTE_MS, 60);
  readonly #hours = new RefusalTally(HOUR_MS, 48);

  constructor(clock: Clock, keptAddress: KeptAddress) {
    this.#clock = clock;
    this.#keptAddress = keptAddress;
  }

  /** `errorOf` is called only if the request is kept. */
  record(request: RefusedRequest, reason: RefusalReason, errorOf: () => ApiError): void {
    const timeMs = this.#clock.wallMs();
    const { logstore, project, logstoreName } = request;
    const place = logstore === undefined ? NOWHERE : { project, logstore: logstoreName };
    const origin = pageOf(request.headers);
    this.#minutes.add(place, reason, origin ?? 'none', timeMs);
    this.#hours.add(place, reason, origin ?? 'none', timeMs);
    this.#samples.offer(`${keyOf(place)} ${reason}`, timeMs, () => this.#describe(request, reason, errorOf(), timeMs));
  }

  answer({ what, project, logstore, requestId, reason, limit }: RefusalQuestion): RefusalAnswer {
    const isMeant = (place: Place) =>
      (project === undefined || place.project === project) && (logstore === undefined || place.logstore === logstore);
    if (what !== 'list') {
      const tally = what === 'minutes' ? this.#minutes : this.#hours;
      return { refusals: [], steps: tally.steps(isMeant, this.#clock.wallMs()) };
    }
    const refusals = this.#samples
      .all()
      .filter(isMeant)
      .filter((one) => requestId === undefined || one.requestId === requestId)
      .filter((one) => reason === undefined || one.reason === reason);
    return { refusals: newest(refusals, limit), steps: [] };
  }

  #describe(request: RefusedRequest, reason: RefusalReason, error: ApiError, timeMs: number): RefusalInfo {
    const { requestId, method, url, headers, address, project, logstoreName, logstore, body } = request;
    const origin = pageOf(headers);
    const agent = headers['user-agent'];
    return {
      requestId,
      time: timeMs / 1000,
      wasRefused: reason !== 'OriginReported',
      reason,
      status: error.status,
      errorCode: error.code,
      errorMessage: cut(error.message),
      detail: error.fault?.detail ?? (typeof error.cause === 'string' ? error.cause : null),
      offset: error.fault?.offset ?? null,
      field: error.fault?.field ?? null,
      advice: adviceFor(reason),
      project: cut(project),
      logstore: cut(logstoreName),
      method,
      path: cut(maskSecrets(url.slice(0, 2 * TEXT_LENGTH_MAX))),
      origin: origin ?? null,
      address: this.#keptAddress(logstore?.writeRules.clientAddress ?? 'network', address) || null,
      userAgent: agent === undefined ? null : cut(agent),
      client: clientKind({ method, path: url.split('?', 1)[0] ?? '', headers }),
      body: body === null ? null : describeBody(body),
    };
  }
}

/** What several workers answered to the same question. */
export function mergeAnswers(answers: readonly RefusalAnswer[], limit?: number): RefusalAnswer {
  return {
    refusals: newest(
      answers.flatMap(({ refusals }) => refusals),
      limit,
    ),
    steps: mergeSteps(answers.map(({ steps }) => steps)),
  };
}

function newest(refusals: readonly RefusalInfo[], limit?: number): RefusalInfo[] {
  return [...refusals].sort((a, b) => b.time - a.time).slice(0, limit);
}

/** The page that a request names, at most as long as an origin can be. */
export function pageOf({ origin, referer }: IncomingHttpHeaders): string | undefined {
  const text = origin ?? (referer === undefined ? undefined : originTextOf(referer));
  return text === undefined ? undefined : cut(text);
}

function describeBody(bytes: Buffer): RefusedBody {
  const text = textOf(bytes.subarray(0, START_BYTES_MAX));
  return {
    bytes: bytes.length,
    start: text === undefined ? bytes.toString('hex', 0, BINARY_BYTES_MAX) : maskSecrets(text),
    isText: text !== undefined,
  };
}

/** Undefined if that is no UTF-8. A character that is cut off at the end is left out. */
function textOf(start: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true });
  } catch {
    return undefined;
  }
}

/** A copy: a part of a long text would keep all of it in memory. */
function cut(text: string): string {
  return text.length <= TEXT_LENGTH_MAX ? text : Buffer.from(`${text.slice(0, TEXT_LENGTH_MAX)}…`).toString();
}
