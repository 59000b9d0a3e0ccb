/** What is noted of a tracked request that was refused, or would have been. */
import type { CatalogView } from '../catalog/catalog.js';
import { ApiError, type Fault } from '../errors.js';
import type { RefusalLog, RefusedRequest } from '../guard/refusal-log.js';
import type { Exchange } from '../http/route.js';
import { nameProject, type TargetFinder } from './target.js';

export interface RefusalNotesDeps extends TargetFinder {
  readonly catalog: CatalogView;
  readonly refusals: Pick<RefusalLog, 'record'>;
  readonly clientAddress: (request: Exchange['request']) => string;
}

export class RefusalNotes {
  readonly #deps: RefusalNotesDeps;

  constructor(deps: RefusalNotesDeps) {
    this.#deps = deps;
  }

  /** `body` is what was read of it. What is no ApiError is a client that has gone, or a bug of ours that the log tells of. */
  refused(exchange: Exchange, thrown: unknown, body: Buffer | null): void {
    if (!(thrown instanceof ApiError)) return;
    this.#deps.refusals.record(this.#describe(exchange, body), thrown.error, () => thrown);
  }

  /** The request goes on: its logstore only reports from which pages it comes. */
  reported(exchange: Exchange, fault: Fault): void {
    const errorOf = () => new ApiError('OriginDenied', {}, { fault });
    this.#deps.refusals.record(this.#describe(exchange, null), 'OriginReported', errorOf);
  }

  #describe(exchange: Exchange, body: Buffer | null): RefusedRequest {
    const { request, requestId, params } = exchange;
    const project = nameProject(exchange, this.#deps);
    const logstoreName = params['logstore'] ?? '';
    return {
      requestId,
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      address: this.#deps.clientAddress(request),
      project,
      logstoreName,
      logstore: this.#deps.catalog.logstore(project, logstoreName),
      body,
    };
  }
}
