/** A log of our own making, for those who set up a logstore and want to see that it arrives. It goes the way of all logs. */
import type { CatalogView } from '../catalog/catalog.js';
import { findLogstore } from '../catalog/find.js';
import { sendEmpty } from '../http/answer.js';
import type { Exchange, Route } from '../http/route.js';
import { GroupStore, type GroupStoreDeps } from './group-store.js';
import { createScanner } from './scan.js';

export interface TestLogDeps extends GroupStoreDeps {
  readonly catalog: CatalogView;
  /** Throws an ApiError if the request may not write. */
  readonly authorize: (exchange: Exchange) => { readonly id: string };
}

export function testLogRoute(deps: TestLogDeps): Route {
  const groups = new GroupStore(deps);
  const scanner = createScanner({ logsMax: 1, nonStringValues: 'store' });
  return {
    method: 'POST',
    path: '/api/v1/projects/:project/logstores/:logstore/test-log',
    doc: {
      id: 'writeTestLog',
      tag: 'Management',
      summary: 'Writes one log, as a page would.',
      access: 'key',
      answer: { types: ['application/json'] },
    },
    handle(exchange) {
      const { id } = deps.authorize(exchange);
      const { project = '', logstore: name = '' } = exchange.params;
      const logstore = findLogstore(deps.catalog, project, name);
      groups.admit(exchange);
      const log = { event: 'test', message: 'This logstore works.', sent_by: id };
      const scanned = scanner.scan(Buffer.from(JSON.stringify({ __topic__: 'logboom-test', __logs__: [log] })));
      if (scanned.kind === 'refused') throw new Error(`our own log was refused: ${scanned.reason}`);
      groups.store(exchange, logstore, scanned.body, sendEmpty);
    },
  };
}
