/**
 * Reading a shard by cursor: GetCursor, GetCursorTime and PullLogs, all of them on the shard's own path.
 *
 * A cursor of before what is kept stands for the first log group that is; one behind the end is no cursor.
 */
import { ApiError } from '../errors.js';
import { sendBytes, sendJson } from '../http/answer.js';
import { ClientGone } from '../http/body.js';
import { answerCodec, compressAside } from '../http/compress.js';
import type { Exchange, Route } from '../http/route.js';
import type { RouteDoc } from '../http/route-doc.js';
import type { Logstore } from '../model/catalog.js';
import { cursorNumber, decodeCursor, encodeCursor } from '../model/cursor.js';
import { StoreUnavailable } from '../store/store.js';
import type { ConsumeDeps } from './deps.js';
import { type Admitted, admit, readShard, refuse } from './requests.js';
import { type Pulled, ShardReader } from './shard-reader.js';
import type { ShardPlace } from './statements.js';

const PATH = '/logstores/:logstore/shards/:shard';

/** Log groups in an answer. SLS: 1000. */
const COUNT_MAX = 1000;

/** Answers that are being made at a time; each may have 10 MB in memory, and compressed once more. */
const PULLS_MAX = 8;

const DOCS = {
  cursor: {
    id: 'GetCursor',
    tag: 'SLS: consuming',
    summary: 'The cursor of a time, or of the beginning or end of a shard.',
    access: 'signed',
    query: { from: 'Unix seconds, begin or end.' },
    answer: { types: ['application/json'] },
    errors: ['ShardNotExist', 'ParameterInvalid'],
  },
  cursorTime: {
    id: 'GetCursorTime',
    tag: 'SLS: consuming',
    summary: 'When the log group at a cursor was received.',
    access: 'signed',
    query: { cursor: 'As GetCursor and PullLogs give it.' },
    answer: { types: ['application/json'] },
    errors: ['ShardNotExist', 'ParameterInvalid'],
  },
  logs: {
    id: 'PullLogs',
    tag: 'SLS: consuming',
    summary: 'Log groups from a cursor on, in the order they were acknowledged.',
    access: 'signed',
    query: { cursor: 'Where to begin.', end_cursor: 'Where to stop.', count: 'Log groups at most, 1 to 1000.' },
    headers: { 'accept-encoding': 'lz4, zstd, deflate or gzip' },
    answer: { types: ['application/x-protobuf'] },
    errors: ['ShardNotExist', 'ParameterInvalid'],
  },
  log: {
    id: 'PullLogsOld',
    tag: 'SLS: consuming',
    summary: 'The same, as old SDKs ask for it.',
    access: 'signed',
    query: { cursor: 'Where to begin.', end_cursor: 'Where to stop.', count: 'Log groups at most, 1 to 1000.' },
    headers: { 'accept-encoding': 'lz4, zstd, deflate or gzip' },
    answer: { types: ['application/x-protobuf'] },
    errors: ['ShardNotExist', 'ParameterInvalid'],
  },
} satisfies Record<string, RouteDoc>;

export function shardRoutes(deps: ConsumeDeps): Route[] {
  const { store } = deps;
  const reader = store && new ShardReader({ ...deps, store });
  let pullCount = 0;

  const route = (type: string, doc: RouteDoc, handle: (exchange: Exchange, asked: Asked) => Promise<void>): Route => ({
    method: 'GET',
    path: PATH,
    type,
    doc,
    async handle(exchange) {
      const admitted = admit(deps, exchange, 'log:GetCursorOrData');
      const shard = readShard(exchange.params['shard'] ?? '');
      if (shard === undefined || !deps.shards.all.includes(shard + 1)) {
        throw new ApiError('ShardNotExist', { shard: exchange.params['shard'] ?? '' });
      }
      if (reader === undefined) throw new ApiError('NotSupported', { reason: 'This service runs without a store.' });
      try {
        const nowSeconds = deps.clock.wallMs() / 1000;
        const place = { logstoreId: admitted.logstore.id, shard: shard + 1 };
        await handle(exchange, { ...admitted, nowSeconds, reader, place });
      } catch (thrown) {
        throw thrown instanceof StoreUnavailable ? new ApiError('ServerBusy', {}, { cause: thrown }) : thrown;
      }
    },
  });

  const pullLogs = async (exchange: Exchange, asked: Asked): Promise<void> => {
    if (pullCount >= PULLS_MAX) throw new ApiError('ServerBusy');
    pullCount += 1;
    try {
      await answerPull(exchange, asked);
    } finally {
      pullCount -= 1;
    }
  };
  return [
    route('cursor', DOCS.cursor, async (exchange, asked) => {
      const seq = await findSeq(asked);
      sendJson(exchange, 200, { cursor: encodeCursor(asked.logstore, seq) });
    }),
    route('cursor_time', DOCS.cursorTime, async (exchange, asked) => {
      sendJson(exchange, 200, { cursor_time: await findTime(asked) });
    }),
    // The documents have one, most SDKs the other.
    route('logs', DOCS.logs, pullLogs),
    route('log', DOCS.log, pullLogs),
  ];
}

interface Asked extends Admitted {
  readonly nowSeconds: number;
  readonly reader: ShardReader;
  readonly place: ShardPlace;
}

/** What `from` stands for: `begin`, `end`, or when the group was received. */
async function findSeq({ reader, place, parameter, nowSeconds }: Asked): Promise<number> {
  const from = parameter('from') ?? '';
  if (!/^(begin|end|\d{1,19})$/.test(from)) refuse('Parameter From is not valid.');
  const { next, loaded } = await reader.position(place);
  const since = from === 'begin' ? 0 : from === 'end' ? Number.POSITIVE_INFINITY : Number(from);
  if (since > nowSeconds) return next;
  const first = await reader.find(place, { from: 0, below: loaded }, 'first', since);
  // What is not in the store yet was received behind all of that.
  return first?.seq ?? loaded;
}

/** When the group at the cursor was received or, if there is none yet, the one before it. */
async function findTime({ reader, place, parameter, logstore }: Asked): Promise<number> {
  const cursor = parameter('cursor') ?? '';
  const { next, loaded } = await reader.position(place);
  const seq = decodeCursor(logstore, cursor);
  if (seq === undefined || seq > next) throw new ApiError('InvalidCursor', { cursor });
  const group =
    (await reader.find(place, { from: seq, below: loaded }, 'first')) ??
    (await reader.find(place, { from: 0, below: seq }, 'last'));
  return group?.received ?? logstore.createdAt;
}

async function answerPull(exchange: Exchange, { reader, place, parameter, logstore }: Asked): Promise<void> {
  if (parameter('query') !== undefined || parameter('processor') !== undefined) {
    throw new ApiError('NotSupported', {
      reason: 'PullLogs gives whole log groups: query and processor are not offered.',
    });
  }
  const count = readCount(parameter('count'));
  const from = readCursor(logstore, parameter('cursor'));
  const end = parameter('end_cursor');
  const below = end === undefined ? Number.MAX_SAFE_INTEGER : readCursor(logstore, end);
  const pulled = await reader.pull({ place, from, below, count }, goneSignal(exchange));
  try {
    if (from > pulled.position.next) refuseCursor(parameter('cursor'));
    await sendPulled(exchange, pulled, logstore);
  } finally {
    pulled.release();
  }
}

async function sendPulled(exchange: Exchange, pulled: Pulled, logstore: Logstore): Promise<void> {
  const { list } = pulled;
  const headers = describe(logstore, pulled);
  const codec = answerCodec(exchange.request.headers['accept-encoding']);
  if (list === undefined) {
    sendBytes(exchange, 200, PROTOBUF, '', headers);
  } else if (codec === null) {
    // What is sent later must not change.
    sendBytes(exchange, 200, PROTOBUF, Buffer.from(list.bytes), headers);
  } else {
    const body = await compressAside(list.bytes, codec);
    sendBytes(exchange, 200, PROTOBUF, body, [...headers, 'x-log-compresstype', codec]);
  }
}

const PROTOBUF = 'application/x-protobuf';

function describe(logstore: Logstore, { list, next, position }: Pulled): string[] {
  return [
    'x-log-cursor',
    encodeCursor(logstore, next),
    'x-log-count',
    String(list?.groupCount ?? 0),
    'x-log-bodyrawsize',
    String(list?.bytes.length ?? 0),
    ...(list === undefined
      ? []
      : [
          'x-log-read-last-cursor',
          String(cursorNumber(logstore, list.lastSeq)),
          'x-log-cursor-time',
          String(list.lastReceived),
        ]),
    ...(next >= position.next ? ['x-log-end-of-cursor', '1'] : []),
  ];
}

function readCount(text: string | undefined): number {
  if (text === undefined) return COUNT_MAX;
  if (!/^\d{1,4}$/.test(text) || Number(text) > COUNT_MAX) refuse(`ParameterCount should be in [0-${COUNT_MAX}].`);
  return Number(text);
}

function readCursor(logstore: Logstore, cursor = ''): number {
  return decodeCursor(logstore, cursor) ?? refuseCursor(cursor);
}

function refuseCursor(cursor = ''): never {
  return refuse(`Invalid cursor ${cursor}.`);
}

function goneSignal({ response }: Exchange): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort(new ClientGone('the client went away')));
  return gone.signal;
}
