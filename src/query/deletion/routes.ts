/** Deleting what a search finds: counted, begun, listed and cancelled. docs/privacy.md tells it from the user's side. */

import type { Deletion, DeletionList } from '../../api/deletions.js';
import type { CatalogView } from '../../catalog/catalog.js';
import { findErasable } from '../../catalog/find.js';
import { ApiError } from '../../errors.js';
import { sendBytes, sendJson } from '../../http/answer.js';
import { readJson } from '../../http/body.js';
import type { Exchange, Route } from '../../http/route.js';
import { JSON_ANSWER } from '../../http/route-doc.js';
import type { Role } from '../../model/access-key.js';
import type { AccessKey, Logstore } from '../../model/catalog.js';
import type { ShardPosition, ShardQuestion } from '../../model/shard-position.js';
import type { Shards } from '../../model/shards.js';
import type { Passage, PassageQuestion } from '../../model/spool-passage.js';
import { MAP_TABLE } from '../../store/log-table.js';
import { logEntryText } from '../answer-json.js';
import { BODY_BYTES_MAX, logstorePath } from '../deps.js';
import { Inquiry, type InquiryDeps } from '../inquiry.js';
import { openOutflow } from '../outflow.js';
import { type PlacedRow, selectLogs } from '../search.js';
import type { Selection } from '../selection.js';
import { explainTrouble } from '../trouble.js';
import type { Deletions, FrozenShard, KeptDeletion } from './deletions.js';
import { DELETION_REQUEST, decodeDeletionRequest } from './request.js';
import { selectCount } from './statements.js';

export interface DeletionDeps extends InquiryDeps {
  readonly view: CatalogView;
  /** Throws an ApiError if the request's key has not this role. */
  readonly authorize: (exchange: Exchange, role: Role) => AccessKey;
  readonly deletions: Deletions;
  readonly shards: Shards;
  readonly position: (question: ShardQuestion) => Promise<ShardPosition>;
  readonly passage: (question: PassageQuestion) => Promise<Passage>;
}

const SAMPLES = 5;

export function deletionRoutes(deps: DeletionDeps): Route[] {
  const { deletions, authorize } = deps;

  /** The logstore of the path, for one who may manage it. */
  const admit = (exchange: Exchange) => {
    const { id: accessKeyId } = authorize(exchange, 'manage');
    const { project = '', logstore = '' } = exchange.params;
    return { accessKeyId, logstore: findErasable(deps.view, project, logstore) };
  };
  const nameOf = (exchange: Exchange) => ({
    logstoreId: admit(exchange).logstore.id,
    id: exchange.params['deletion'] ?? '',
  });

  return [
    {
      method: 'POST',
      path: logstorePath('deletions/preview'),
      doc: {
        id: 'previewDeletion',
        tag: 'Deletion',
        summary: 'Which logs a deletion would delete: how many, and the newest few.',
        access: 'key',
        body: { schema: DELETION_REQUEST },
        answer: JSON_ANSWER,
        errors: ['InvalidTimeRange'],
      },
      async handle(exchange) {
        const { logstore } = admit(exchange);
        const body = await readJson(exchange, BODY_BYTES_MAX);
        try {
          const selection = { ...decodeDeletionRequest(body).selected, ...scopeOf(logstore) };
          const text = await preview(new Inquiry(deps, openOutflow(exchange.response).signal), selection);
          sendBytes(exchange, 200, 'application/json', text, ['Cache-Control', 'no-store']);
        } catch (thrown) {
          throw explainTrouble(thrown);
        }
      },
    },
    {
      method: 'POST',
      path: logstorePath('deletions'),
      doc: {
        id: 'createDeletion',
        tag: 'Deletion',
        summary: 'Begins to delete, for good, all logs that match and were acknowledged before.',
        access: 'key',
        body: { schema: DELETION_REQUEST },
        answer: { ...JSON_ANSWER, status: 201 },
        errors: ['InvalidTimeRange', 'DeletionsTooMany'],
      },
      async handle(exchange) {
        const { logstore, accessKeyId } = admit(exchange);
        const body = await readJson(exchange, BODY_BYTES_MAX);
        const created = await create(deps, logstore, accessKeyId, body).catch((thrown) => {
          throw explainTrouble(thrown);
        });
        sendJson(exchange, 201, describe(created));
      },
    },
    {
      method: 'GET',
      path: logstorePath('deletions'),
      doc: {
        id: 'listDeletions',
        tag: 'Deletion',
        summary: 'Deletions of a logstore, newest first: by whose key, when, and how far they are.',
        access: 'key',
        answer: JSON_ANSWER,
      },
      async handle(exchange) {
        const { logstore } = admit(exchange);
        const list: DeletionList = {
          deletions: (await deletions.listDeletions({ logstoreId: logstore.id })).map(describe),
        };
        sendJson(exchange, 200, list);
      },
    },
    {
      method: 'GET',
      path: logstorePath('deletions/:deletion'),
      doc: {
        id: 'getDeletion',
        tag: 'Deletion',
        summary: 'How far a deletion is.',
        access: 'key',
        answer: JSON_ANSWER,
        errors: ['DeletionNotExist'],
      },
      async handle(exchange) {
        const { logstoreId, id } = nameOf(exchange);
        const deletion = (await deletions.listDeletions({ logstoreId })).find((one) => one.id === id);
        if (deletion === undefined) throw new ApiError('DeletionNotExist', { id });
        sendJson(exchange, 200, describe(deletion));
      },
    },
    {
      method: 'DELETE',
      path: logstorePath('deletions/:deletion'),
      doc: {
        id: 'cancelDeletion',
        tag: 'Deletion',
        summary: 'Cancels a deletion that has not begun.',
        access: 'key',
        answer: JSON_ANSWER,
        errors: ['DeletionNotExist', 'DeletionHasBegun'],
      },
      async handle(exchange) {
        sendJson(exchange, 200, describe(await deletions.cancelDeletion(nameOf(exchange))));
      },
    },
  ];
}

function scopeOf({ id, index }: Logstore): Pick<Selection, 'logstoreId' | 'index'> {
  return { logstoreId: id, index: index?.config ?? null };
}

/** A DeletionPreview as JSON. */
async function preview(inquiry: Inquiry, selection: Selection): Promise<string> {
  const counted = await inquiry.ask<{ logs: string }>((table) => selectCount(table, selection));
  const samples = await inquiry.ask<PlacedRow>((table) =>
    selectLogs(table, { ...selection, limit: SAMPLES, order: 'newestFirst' }),
  );
  return `{"logs":${Number(counted.rows[0]?.logs ?? 0)},"samples":[${samples.rows.map(logEntryText).join()}]}`;
}

/** Throws ApiError, and what a query that cannot be understood throws. */
async function create(
  deps: DeletionDeps,
  logstore: Logstore,
  accessKeyId: string,
  body: unknown,
): Promise<KeptDeletion> {
  const { text, from, to, reference, selected } = decodeDeletionRequest(body);
  const { id: logstoreId, name, project } = logstore;
  // Throws now what it would throw later, when nobody is there to be told.
  selectCount(MAP_TABLE, { ...selected, ...scopeOf(logstore) });
  const shards = await Promise.all(deps.shards.all.map((shard) => freeze(deps, logstoreId, shard)));
  return deps.deletions.createDeletion({
    project,
    logstore: name,
    logstoreId,
    index: scopeOf(logstore).index,
    query: text,
    from,
    to,
    reference,
    accessKeyId,
    shards,
  });
}

/** The position first: whatever is below it is in a segment by the time that the spool is asked for its newest. */
async function freeze({ position, passage }: DeletionDeps, logstoreId: number, shard: number): Promise<FrozenShard> {
  const { next } = await position({ logstoreId, shard });
  const { newest: segment } = await passage({ shard, upTo: null });
  return { shard, next, segment };
}

function describe({
  logstoreId: _id,
  index: _index,
  shards: _shards,
  days: _days,
  doneDays: _done,
  ...shown
}: KeptDeletion): Deletion {
  return shown;
}
