/** Consumer groups: their settings, who of a group holds which shard, and how far each has come. */
import * as z from 'zod';
import { ApiError } from '../errors.js';
import { sendEmpty, sendJson } from '../http/answer.js';
import type { Exchange, Route } from '../http/route.js';
import { readSignedJson, readSignedValue } from '../http/signed-json.js';
import { isCursor } from '../model/cursor.js';
import type { Checkpoint } from './consumer-groups.js';
import type { ConsumeDeps } from './deps.js';
import { admit, readShard, refuse } from './requests.js';

const GROUPS = '/logstores/:logstore/consumergroups';
const GROUP = `${GROUPS}/:group`;

/** Ours; SLS's documents name no rule. */
const NAME = /^[\w-]{2,100}$/;

/** A consumer's name is kept with its checkpoints. Ours, too. */
const CONSUMER_LENGTH_MAX = 256;

/** In seconds: a day. */
const TIMEOUT_MAX = 86_400;

const timeout = z.number().positive().max(TIMEOUT_MAX);
const newGroup = z.object({ consumerGroup: z.string().regex(NAME), timeout, order: z.boolean().nullish() });
const groupChange = z.object({ timeout: timeout.nullish(), order: z.boolean().nullish() });
const heldShards = z.array(z.int().nonnegative()).max(65_536);
const savedCheckpoint = z.object({ shard: z.int().nonnegative(), checkpoint: z.string() });

export function groupRoutes(deps: ConsumeDeps): Route[] {
  const { groups, bodies } = deps;
  /** As clients number them. */
  const clientShards = () => deps.shards.all.map((shard) => shard - 1);
  const nameOf = (exchange: Exchange, logstoreId: number) => ({ logstoreId, group: exchange.params['group'] ?? '' });
  return [
    {
      method: 'GET',
      path: GROUPS,
      doc: {
        id: 'ListConsumerGroup',
        tag: 'SLS: consuming',
        summary: 'The consumer groups of a logstore.',
        access: 'signed',
        answer: { types: ['application/json'] },
      },
      async handle(exchange) {
        const { logstore } = admit(deps, exchange, 'log:ListConsumerGroup');
        sendJson(exchange, 200, await groups.listGroups({ logstoreId: logstore.id }));
      },
    },
    {
      method: 'POST',
      path: GROUPS,
      doc: {
        id: 'CreateConsumerGroup',
        tag: 'SLS: consuming',
        summary: 'Creates a consumer group.',
        access: 'signed',
        body: { schema: newGroup },
        errors: ['ConsumerGroupAlreadyExist'],
      },
      async handle(exchange) {
        const { admission, logstore } = admit(deps, exchange, 'log:CreateConsumerGroup');
        const body = await readSignedJson(exchange, admission, bodies);
        const { consumerGroup, timeout, order } = decode(
          newGroup,
          body,
          'ConsumerGroup or timeout is of error format.',
        );
        await groups.createGroup({ logstoreId: logstore.id, group: consumerGroup, timeout, order: order ?? false });
        sendEmpty(exchange);
      },
    },
    {
      method: 'PUT',
      path: GROUP,
      doc: {
        id: 'UpdateConsumerGroup',
        tag: 'SLS: consuming',
        summary: 'Changes timeout and order of a consumer group.',
        access: 'signed',
        body: { schema: groupChange },
        errors: ['ConsumerGroupNotExist'],
      },
      async handle(exchange) {
        const { admission, logstore } = admit(deps, exchange, 'log:UpdateConsumerGroup');
        const body = await readSignedJson(exchange, admission, bodies);
        const { timeout, order } = decode(groupChange, body, 'Timeout is of error value type.');
        const change = { timeout: timeout ?? undefined, order: order ?? undefined };
        await groups.updateGroup({ ...nameOf(exchange, logstore.id), ...change });
        sendEmpty(exchange);
      },
    },
    {
      method: 'DELETE',
      path: GROUP,
      doc: {
        id: 'DeleteConsumerGroup',
        tag: 'SLS: consuming',
        summary: 'Deletes a consumer group and its checkpoints.',
        access: 'signed',
        errors: ['ConsumerGroupNotExist'],
      },
      async handle(exchange) {
        const { logstore } = admit(deps, exchange, 'log:DeleteConsumerGroup');
        await groups.deleteGroup(nameOf(exchange, logstore.id));
        sendEmpty(exchange);
      },
    },
    {
      method: 'POST',
      path: GROUP,
      type: 'heartbeat',
      doc: {
        id: 'ConsumerGroupHeartBeat',
        tag: 'SLS: consuming',
        summary: 'A consumer says which shards it holds, and learns which it should.',
        access: 'signed',
        query: { consumer: 'The name of the consumer.' },
        body: { schema: heldShards },
        answer: { types: ['application/json'] },
        errors: ['ConsumerGroupNotExist'],
      },
      async handle(exchange) {
        const { admission, logstore, parameter } = admit(deps, exchange, 'log:ConsumerGroupHeartBeat');
        const consumer = readConsumer(parameter('consumer'));
        const body = await readSignedValue(exchange, admission, bodies);
        const holds = decode(heldShards, body, 'The body is an array of shard ids.');
        const name = nameOf(exchange, logstore.id);
        sendJson(exchange, 200, await groups.heartbeat({ ...name, consumer, holds, shards: clientShards() }));
      },
    },
    {
      method: 'POST',
      path: GROUP,
      type: 'checkpoint',
      doc: {
        id: 'ConsumerGroupUpdateCheckPoint',
        tag: 'SLS: consuming',
        summary: 'Saves how far a shard was consumed.',
        access: 'signed',
        query: {
          consumer: 'The name of the consumer.',
          forceSuccess: 'true: also by a consumer that does not hold the shard.',
        },
        body: { schema: savedCheckpoint },
        errors: ['ConsumerGroupNotExist'],
      },
      async handle(exchange) {
        const { admission, logstore, parameter } = admit(deps, exchange, 'log:ConsumerGroupUpdateCheckPoint');
        const isForced = parameter('forceSuccess')?.toLowerCase() === 'true';
        const consumer = isForced ? (parameter('consumer') ?? '') : readConsumer(parameter('consumer'));
        const body = await readSignedJson(exchange, admission, bodies);
        const { shard, checkpoint } = decode(savedCheckpoint, body, 'Shard or checkpoint is of error format.');
        if (!isCursor(checkpoint)) throw new ApiError('InvalidShardCheckPoint');
        if (!clientShards().includes(shard)) throw new ApiError('CheckpointShardNotExist');
        await groups.saveCheckpoint({ ...nameOf(exchange, logstore.id), shard, checkpoint, consumer, isForced });
        sendEmpty(exchange);
      },
    },
    {
      method: 'GET',
      path: GROUP,
      doc: {
        id: 'GetCheckPoint',
        tag: 'SLS: consuming',
        summary: 'How far the shards were consumed.',
        access: 'signed',
        query: { shard: 'This one alone.' },
        answer: { types: ['application/json'] },
        errors: ['ConsumerGroupNotExist'],
      },
      async handle(exchange) {
        const { logstore, parameter } = admit(deps, exchange, 'log:GetConsumerGroupCheckPoint');
        const saved = await groups.checkpoints(nameOf(exchange, logstore.id));
        const wanted = parameter('shard');
        const shards = clientShards();
        const asked = wanted === undefined ? shards : shards.filter((shard) => shard === readShard(wanted));
        // One for each shard that there is: clients take the absence of a shard for an error.
        const answer = asked.map((shard) => saved.find((one) => one.shard === shard) ?? unsaved(shard));
        sendJson(exchange, 200, answer);
      },
    },
  ];
}

function unsaved(shard: number): Checkpoint {
  return { shard, checkpoint: '', updateTime: 0, consumer: '' };
}

/** Throws JsonInfoInvalid with the reason. */
function decode<T>(schema: z.ZodType<T>, body: unknown, reason: string): T {
  const result = schema.safeParse(body);
  if (!result.success) throw new ApiError('JsonInfoInvalid', { reason });
  return result.data;
}

function readConsumer(consumer: string | undefined): string {
  if (consumer === undefined || consumer.length > CONSUMER_LENGTH_MAX)
    refuse(`consumer : ${consumer ?? ''} pair is invalid`);
  return consumer;
}
