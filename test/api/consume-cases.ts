/**
 * Cursors, pulling and consumer groups, case by case in this order: each finds what those before it have left. The logstore
 * `web` has one shard, with three log groups that are in the store.
 */
import { expect } from 'vitest';
import { encodeLogGroup, field } from '../support/protobuf.js';
import type { SignedCase } from './case.js';

type Body = object | string;

function ask(method: string, path: string, body?: Body): SignedCase['request'] {
  if (body === undefined) return { method, path };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { method, path, body: text, headers: { 'content-type': 'application/json', 'x-log-bodyrawsize': '0' } };
}

function done(name: string, request: SignedCase['request'], json?: unknown): SignedCase {
  const expected = json === undefined ? { headers: { 'content-length': '0' } } : { json };
  return { name, source: '07 consuming', request, expect: { status: 200, ...expected } };
}

function refused(
  name: string,
  request: SignedCase['request'],
  error: readonly [string, string],
  status = 400,
): SignedCase {
  return { name, source: '07 consuming, errors', request, expect: { status, error } };
}

const GROUPS = '/logstores/web/consumergroups';
const NO_GROUP = ['ConsumerGroupNotExist', 'Consumer group not exist.'] as const;
const NO_STORE = ['LogStoreNotExist', 'logstore nope does not exist.'] as const;
const BAD_NEW = ['JsonInfoInvalid', 'ConsumerGroup or timeout is of error format.'] as const;
const BAD_CHANGE = ['JsonInfoInvalid', 'Timeout is of error value type.'] as const;
const NOT_JSON = ['PostBodyInvalid', 'The request body is not valid JSON object.'] as const;

export const LOG_GROUPS = [0, 1, 2].map((n) => ({
  logs: [{ time: Math.floor(Date.now() / 1000), nanoseconds: n + 1, contents: { n: String(n) } }],
  topic: `t${n}`,
  source: '192.0.2.1',
  tags: { app: 'shop' },
}));

/** `createdAt` is the logstore's, in Unix seconds. */
export function consumeCases(createdAt: number): readonly SignedCase[] {
  const numberAt = (seq: number) => String(BigInt(createdAt) * 1_000_000_000n + BigInt(seq));
  const cursorAt = (seq: number) => Buffer.from(numberAt(seq)).toString('base64');
  const shard = (query: string, id = '0') => ask('GET', `/logstores/web/shards/${id}?${query}`);
  const pull = (query: string) => shard(`type=logs&cursor=${encodeURIComponent(cursorAt(0))}${query}`);
  const badFrom = ['ParameterInvalid', 'Parameter From is not valid.'] as const;
  const badCount = ['ParameterInvalid', 'ParameterCount should be in [0-1000].'] as const;
  const body = (...seqs: number[]) =>
    Buffer.concat(seqs.map((seq) => field(1, encodeLogGroup(LOG_GROUPS[seq] ?? { logs: [] }))));

  const pulled = (
    name: string,
    request: SignedCase['request'],
    seqs: readonly number[],
    next: number,
    headers: SignedCase['expect']['headers'] = {},
  ): SignedCase => ({
    name,
    source: '07 consuming, PullLogs',
    request,
    expect: {
      status: 200,
      body: request.method === 'HEAD' ? Buffer.alloc(0) : body(...seqs),
      headers: {
        'content-type': 'application/x-protobuf',
        'x-log-cursor': cursorAt(next),
        'x-log-count': String(seqs.length),
        'x-log-bodyrawsize': String(body(...seqs).length),
        'x-log-compresstype': null,
        'x-log-read-last-cursor': seqs.length === 0 ? null : numberAt(seqs.at(-1) as number),
        'x-log-cursor-time': seqs.length === 0 ? null : /^\d{10}$/,
        ...headers,
      },
    },
  });

  return [
    // Cursors
    done('the begin is the first log group', shard('type=cursor&from=begin'), { cursor: cursorAt(0) }),
    done('the end is behind the last one', shard('type=cursor&from=end'), { cursor: cursorAt(3) }),
    done('a time of before everything is the begin', shard('type=cursor&from=1'), { cursor: cursorAt(0) }),
    done('a time to come is the end', shard('type=cursor&from=4102444800'), { cursor: cursorAt(3) }),
    done('so is a time beyond 32 bits', shard('type=cursor&from=9999999999'), { cursor: cursorAt(3) }),
    refused('no place', shard('type=cursor'), badFrom),
    refused('a place that is none', shard('type=cursor&from=middle'), badFrom),
    refused('a time that is none', shard('type=cursor&from=-1'), badFrom),
    refused('a shard that is not there', shard('type=cursor&from=begin', '7'), [
      'ShardNotExist',
      'Shard 7 does not exist.',
    ]),
    refused('a shard that is none', shard('type=cursor&from=begin', 'x'), ['ShardNotExist', 'Shard x does not exist.']),
    refused(
      'a logstore that is not there',
      ask('GET', '/logstores/nope/shards/0?type=cursor&from=begin'),
      NO_STORE,
      404,
    ),
    done('a log group was received', shard(`type=cursor_time&cursor=${cursorAt(1)}`), {
      cursor_time: expect.closeTo(Date.now() / 1000, -3),
    }),
    done('and the last one is what counts at the end', shard(`type=cursor_time&cursor=${cursorAt(3)}`), {
      cursor_time: expect.closeTo(Date.now() / 1000, -3),
    }),
    refused('a cursor behind the end', shard(`type=cursor_time&cursor=${cursorAt(4)}`), [
      'InvalidCursor',
      `Invalid cursor ${cursorAt(4)}.`,
    ]),
    refused('a cursor that is none', shard('type=cursor_time&cursor=x'), ['InvalidCursor', 'Invalid cursor x.']),

    // Pulling
    pulled('everything', pull(''), [0, 1, 2], 3, { 'x-log-end-of-cursor': '1' }),
    pulled('the same by its other name', shard(`type=log&cursor=${cursorAt(0)}&count=1000`), [0, 1, 2], 3),
    pulled('one log group', pull('&count=1'), [0], 1, { 'x-log-end-of-cursor': null }),
    pulled('from a cursor to another', shard(`type=logs&cursor=${cursorAt(1)}&end_cursor=${cursorAt(2)}`), [1], 2),
    pulled('nothing, where the one is the other', pull(`&end_cursor=${cursorAt(0)}`), [], 0),
    pulled('nothing at the end', shard(`type=logs&cursor=${cursorAt(3)}`), [], 3, { 'x-log-end-of-cursor': '1' }),
    pulled('nothing if nothing is wanted', pull('&count=0'), [], 0),
    pulled('from a time before the logstore', shard('type=logs&cursor=MTIz&count=1'), [0], 1),
    pulled('the headers alone', { ...pull('&count=2'), method: 'HEAD' }, [0, 1], 2),
    pulled(
      'without compression for a list of HTTP’s codings',
      { ...pull(''), headers: { 'accept-encoding': 'gzip, deflate, br' } },
      [0, 1, 2],
      3,
      { 'content-encoding': null },
    ),
    refused('too many', pull('&count=1001'), badCount),
    refused('fewer than none', pull('&count=-1'), badCount),
    refused('no cursor', shard('type=logs'), ['ParameterInvalid', 'Invalid cursor .']),
    refused('a cursor that is none', shard('type=logs&cursor=begin'), ['ParameterInvalid', 'Invalid cursor begin.']),
    refused('a cursor behind the end', shard(`type=logs&cursor=${cursorAt(4)}`), [
      'ParameterInvalid',
      `Invalid cursor ${cursorAt(4)}.`,
    ]),
    refused('an end that is none', pull('&end_cursor=x'), ['ParameterInvalid', 'Invalid cursor x.']),
    refused('a query', pull('&query=*&pullMode=scan_on_stream'), [
      'NotSupported',
      'PullLogs gives whole log groups: query and processor are not offered.',
    ]),

    // Groups
    done('no groups', ask('GET', GROUPS), []),
    done('a group is made', ask('POST', GROUPS, { consumerGroup: 'g1', timeout: 60, order: true })),
    done('and another one', ask('POST', GROUPS, { consumerGroup: 'a_group-2', timeout: 5 })),
    refused('one of a name that is taken', ask('POST', GROUPS, { consumerGroup: 'g1', timeout: 60, order: false }), [
      'ConsumerGroupAlreadyExist',
      'Consumer group already exist.',
    ]),
    refused('one of a name that is none', ask('POST', GROUPS, { consumerGroup: 'a b', timeout: 60 }), BAD_NEW),
    refused('one without a name', ask('POST', GROUPS, { timeout: 60 }), BAD_NEW),
    refused('one without a timeout', ask('POST', GROUPS, { consumerGroup: 'g3' }), BAD_NEW),
    refused('one of a timeout that is none', ask('POST', GROUPS, { consumerGroup: 'g3', timeout: 0 }), BAD_NEW),
    refused('one that is no JSON', ask('POST', GROUPS, '{'), NOT_JSON),
    refused(
      'one of a logstore that is not there',
      ask('POST', '/logstores/nope/consumergroups', { consumerGroup: 'g1', timeout: 60 }),
      NO_STORE,
      404,
    ),
    done('part of a group is changed', ask('PUT', `${GROUPS}/g1`, { timeout: 30 })),
    done('and another part', ask('PUT', `${GROUPS}/g1`, { order: false })),
    refused('a timeout that is none', ask('PUT', `${GROUPS}/g1`, { timeout: 'long' }), BAD_CHANGE),
    refused('a change of no group', ask('PUT', `${GROUPS}/nope`, { timeout: 30 }), NO_GROUP, 404),
    done('the groups by name', ask('GET', GROUPS), [
      { name: 'a_group-2', timeout: 5, order: false },
      { name: 'g1', timeout: 30, order: false },
    ]),

    // Checkpoints and heartbeats
    done('every shard has a checkpoint before one was saved', ask('GET', `${GROUPS}/g1`), [
      { shard: 0, checkpoint: '', updateTime: 0, consumer: '' },
    ]),
    done('but a shard that is not there has none', ask('GET', `${GROUPS}/g1?shard=7`), []),
    refused('checkpoints of no group', ask('GET', `${GROUPS}/nope`), NO_GROUP, 404),
    refused(
      'a checkpoint of a consumer that nobody has heard of',
      ask('POST', `${GROUPS}/g1?type=checkpoint&consumer=c1&forceSuccess=false`, { shard: 0, checkpoint: cursorAt(1) }),
      ['ConsumerNotExsit', 'Consumer not exist in the consumer group.'],
      404,
    ),
    done('a consumer gets the shard', ask('POST', `${GROUPS}/g1?type=heartbeat&consumer=c1`, []), [0]),
    done('another one does not', ask('POST', `${GROUPS}/g1?type=heartbeat&consumer=c2`, [0]), []),
    done(
      'the first one saves a checkpoint',
      ask('POST', `${GROUPS}/g1?type=checkpoint&consumer=c1&forceSuccess=False`, { shard: 0, checkpoint: cursorAt(1) }),
    ),
    refused(
      'the other one may not',
      ask('POST', `${GROUPS}/g1?type=checkpoint&consumer=c2&forceSuccess=false`, { shard: 0, checkpoint: cursorAt(2) }),
      ['ConsumerNotMatch', 'Consumer not match.'],
    ),
    done('and it is there', ask('GET', `${GROUPS}/g1?shard=0`), [
      {
        shard: 0,
        checkpoint: cursorAt(1),
        updateTime: expect.closeTo(Date.now() * 1000, -9),
        consumer: 'c1',
      },
    ]),
    done(
      'but by force',
      ask('POST', `${GROUPS}/g1?type=checkpoint&consumer=c2&forceSuccess=True`, { shard: 0, checkpoint: cursorAt(2) }),
    ),
    done(
      'by force it needs no consumer',
      ask('POST', `${GROUPS}/g1?type=checkpoint&forceSuccess=true`, { shard: 0, checkpoint: cursorAt(3) }),
    ),
    refused(
      'without force it does',
      ask('POST', `${GROUPS}/g1?type=checkpoint`, { shard: 0, checkpoint: cursorAt(3) }),
      ['ParameterInvalid', 'consumer :  pair is invalid'],
    ),
    refused(
      'a checkpoint that is no cursor',
      ask('POST', `${GROUPS}/g1?type=checkpoint&forceSuccess=true`, { shard: 0, checkpoint: 'not base64' }),
      ['InvalidShardCheckPoint', 'Shard checkpoint not encoded by base64.'],
    ),
    refused(
      'a checkpoint of a shard that is not there',
      ask('POST', `${GROUPS}/g1?type=checkpoint&forceSuccess=true`, { shard: 7, checkpoint: cursorAt(0) }),
      ['ShardNotExist', 'Shard not exist.'],
      404,
    ),
    refused('a checkpoint without a shard', ask('POST', `${GROUPS}/g1?type=checkpoint&forceSuccess=true`, {}), [
      'JsonInfoInvalid',
      'Shard or checkpoint is of error format.',
    ]),
    refused(
      'a checkpoint of no group',
      ask('POST', `${GROUPS}/nope?type=checkpoint&forceSuccess=true`, { shard: 0, checkpoint: cursorAt(0) }),
      NO_GROUP,
      404,
    ),
    refused('a heartbeat of no group', ask('POST', `${GROUPS}/nope?type=heartbeat&consumer=c1`, []), NO_GROUP, 404),
    refused('a heartbeat of nobody', ask('POST', `${GROUPS}/g1?type=heartbeat`, []), [
      'ParameterInvalid',
      'consumer :  pair is invalid',
    ]),
    refused('a heartbeat of something else', ask('POST', `${GROUPS}/g1?type=heartbeat&consumer=c1`, { shards: [0] }), [
      'JsonInfoInvalid',
      'The body is an array of shard ids.',
    ]),
    done('a group is deleted', ask('DELETE', `${GROUPS}/g1`)),
    refused('and is not there then', ask('DELETE', `${GROUPS}/g1`), NO_GROUP, 404),
    ...Array.from({ length: 29 }, (_, n) =>
      done(`group ${n + 2} of 30 is made`, ask('POST', GROUPS, { consumerGroup: `many-${n}`, timeout: 60 })),
    ),
    refused(
      'one more than 30',
      ask('POST', GROUPS, { consumerGroup: 'too-many', timeout: 60 }),
      ['ExceedQuota', 'A logstore has 30 consumer groups at most.'],
      403,
    ),
  ];
}
