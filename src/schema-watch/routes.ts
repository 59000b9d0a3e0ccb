/** Schemas and what has changed about them: src/api/schema.ts. */
import * as z from 'zod';
import type { AcknowledgeNotices, NoticeList, SchemaInfo } from '../api/schema.js';
import type { CatalogView } from '../catalog/catalog.js';
import { findLogstore, findProject } from '../catalog/find.js';
import { ApiError } from '../errors.js';
import { sendEmpty, sendJson } from '../http/answer.js';
import { readJson } from '../http/body.js';
import type { Exchange, Route } from '../http/route.js';
import { JSON_ANSWER } from '../http/route-doc.js';
import type { Logstore } from '../model/catalog.js';
import { describeNotice } from './notice-text.js';
import type { SchemaBook } from './schema-book.js';

export interface SchemaRoutesDeps {
  readonly view: CatalogView;
  /** Throws what the admin API answers to those who may not. */
  readonly authorize: (exchange: Exchange, role: 'read' | 'manage') => unknown;
  readonly book: SchemaBook;
  /** Tells the keeper what this worker has seen, so that an answer is of now. */
  readonly report: () => Promise<void>;
}

const BODY_BYTES_MAX = 64 * 1024;

const acknowledgeSchema: z.ZodType<AcknowledgeNotices> = z.strictObject({
  isAcknowledged: z.boolean(),
  ids: z.array(z.int()).optional(),
});

const LOGSTORE = '/api/v1/projects/:project/logstores/:logstore';
const DOC = { tag: 'Schema', access: 'key' } as const;

export function schemaRoutes({ view, authorize, book, report }: SchemaRoutesDeps): Route[] {
  function logstoreOf({ params }: Exchange): Logstore {
    return findLogstore(view, params['project'] ?? '', params['logstore'] ?? '');
  }

  async function sendNotices(exchange: Exchange, logstores: readonly Logstore[]): Promise<void> {
    const byId = new Map(logstores.map((logstore) => [logstore.id, logstore]));
    const found = await book.listNotices([...byId.keys()]);
    const notices = found.flatMap(({ logstoreId, notice }) => {
      const logstore = byId.get(logstoreId);
      return logstore === undefined ? [] : [describeNotice(notice, logstore)];
    });
    sendJson(exchange, 200, { notices } satisfies NoticeList);
  }

  /** Of one logstore, of a project, or of all. */
  async function list(exchange: Exchange): Promise<void> {
    authorize(exchange, 'read');
    const { project, logstore } = exchange.params;
    await report();
    if (logstore !== undefined) return sendNotices(exchange, [logstoreOf(exchange)]);
    const projects = project === undefined ? view.projects() : [findProject(view, project)];
    await sendNotices(
      exchange,
      projects.flatMap(({ name }) => view.logstores(name)),
    );
  }

  const summary = 'What has changed about fields, the newest first.';
  return [
    {
      method: 'GET',
      path: `${LOGSTORE}/schema`,
      doc: {
        ...DOC,
        id: 'getSchema',
        summary: 'The fields that logs have: types, shares, senders.',
        answer: JSON_ANSWER,
      },
      async handle(exchange) {
        authorize(exchange, 'read');
        const { id, project, name, writeRules } = logstoreOf(exchange);
        await report();
        const { keysMax } = writeRules;
        sendJson(exchange, 200, {
          project,
          logstore: name,
          keysMax,
          ...(await book.readSchema(id)),
        } satisfies SchemaInfo);
      },
    },
    {
      method: 'DELETE',
      path: `${LOGSTORE}/schema`,
      doc: { ...DOC, id: 'forgetSchema', summary: 'Forgets fields and notices; the watch begins anew.' },
      async handle(exchange) {
        authorize(exchange, 'manage');
        await report();
        await book.forgetSchema(logstoreOf(exchange).id);
        sendEmpty(exchange);
      },
    },
    {
      method: 'PUT',
      path: `${LOGSTORE}/schema/notices`,
      doc: {
        ...DOC,
        id: 'acknowledgeNotices',
        summary: 'Acknowledges notices, all or some.',
        body: { schema: acknowledgeSchema },
        answer: JSON_ANSWER,
        errors: ['ParameterInvalid'],
      },
      async handle(exchange) {
        authorize(exchange, 'manage');
        const logstore = logstoreOf(exchange);
        const decoded = acknowledgeSchema.safeParse(await readJson(exchange, BODY_BYTES_MAX));
        if (!decoded.success) throw new ApiError('ParameterInvalid', { reason: z.prettifyError(decoded.error) });
        await book.acknowledgeNotices({ logstoreId: logstore.id, ...decoded.data });
        await sendNotices(exchange, [logstore]);
      },
    },
    {
      method: 'GET',
      path: `${LOGSTORE}/schema/notices`,
      doc: { ...DOC, id: 'listNotices', summary, answer: JSON_ANSWER },
      handle: list,
    },
    {
      method: 'GET',
      path: '/api/v1/projects/:project/schema/notices',
      doc: { ...DOC, id: 'listNoticesOfProject', summary, answer: JSON_ANSWER },
      handle: list,
    },
    {
      method: 'GET',
      path: '/api/v1/schema/notices',
      doc: { ...DOC, id: 'listAllNotices', summary, answer: JSON_ANSWER },
      handle: list,
    },
  ];
}
