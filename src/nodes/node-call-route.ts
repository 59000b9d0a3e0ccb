/** Answers other nodes of the cluster. Whoever has not signed with its secret is refused. */
import type { CatalogView } from '../catalog/catalog.js';
import { ApiError } from '../errors.js';
import { sendJson } from '../http/answer.js';
import { readJson } from '../http/body.js';
import type { Route } from '../http/route.js';
import type { Clock } from '../platform/clock.js';
import { sendableError } from '../platform/sent-error.js';
import { NODE_CALLS_PATH, type NodeAnswer } from './call-node.js';
import { isSigned, NODE_CALL_HEADER, type NodeCall } from './call-signature.js';

export interface NodeCallDeps {
  readonly view: Pick<CatalogView, 'cluster'>;
  readonly clock: Clock;
  perform(call: NodeCall): Promise<unknown>;
}

/** The largest is a deletion: its search, the index of its logstore, and a place in each shard. */
const BODY_BYTES_MAX = 2 * 1024 * 1024;

export function nodeCallRoute({ view, clock, perform }: NodeCallDeps): Route {
  return {
    method: 'POST',
    path: `${NODE_CALLS_PATH}/:to/:name`,
    // No interface of the service: nodes alone know it, and all of them are of one version or its neighbour.
    doc: null,
    async handle(exchange) {
      const { to = '', name = '' } = exchange.params;
      const signature = exchange.request.headers[NODE_CALL_HEADER];
      const secret = view.cluster()?.secret;
      if (secret === undefined || typeof signature !== 'string') throw new ApiError('Unauthorized');
      const call = { to: Number(to), name, argument: await readJson(exchange, BODY_BYTES_MAX) };
      if (!isSigned(secret, call, signature, clock.wallMs())) throw new ApiError('Unauthorized');
      const answer = await perform(call).then(
        (value): NodeAnswer => ({ value: value ?? null }),
        (error: unknown): NodeAnswer => ({ error: sendableError(error) }),
      );
      sendJson(exchange, 200, answer);
    },
  };
}
