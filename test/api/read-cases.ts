/** Reading by SLS's APIs, case by case: every form of GetLogs, GetHistograms, GetContextLogs and ListTopics, and every error. */
import { expect } from 'vitest';
import type { LogGroup } from '../support/protobuf.js';
import type { SignedCase } from './case.js';

/** A whole minute, an hour ago, in Unix seconds. */
export const T = Math.floor(Date.now() / 60_000) * 60 - 3600;

/** What the logstore has, group by group. */
export const READ_GROUPS: readonly LogGroup[] = [
  {
    topic: 'web',
    source: '192.0.2.1',
    tags: { app: 'shop' },
    logs: [
      { time: T + 1, contents: { n: '0', path: '/a' } },
      { time: T + 1, nanoseconds: 5, contents: { n: '1', path: '/b c' } },
      { time: T + 2, contents: { n: '2', 键: '值 "x"' } },
    ],
  },
  { topic: 'pay', source: '', logs: [{ time: T + 1, nanoseconds: 4, contents: { n: '3' } }] },
  { topic: 'ä', logs: [{ time: T + 59, contents: { n: '4' } }] },
  { tags: { __pack_id__: 'F00-A-9' }, logs: [1, 2].map((i) => ({ time: T + 100 + i, contents: { p: `9.${i}` } })) },
  { tags: { __pack_id__: 'F00-A-a' }, logs: [1, 2, 3].map((i) => ({ time: T + 90, contents: { p: `a.${i}` } })) },
  { tags: { __pack_id__: 'F00-A-10' }, logs: [{ time: T + 95, contents: { p: '10.1' } }] },
  { tags: { __pack_id__: 'F00-B-a' }, logs: [{ time: T + 95, contents: { p: 'other' } }] },
];

const WEB = { __topic__: 'web', __source__: '192.0.2.1', '__tag__:app': 'shop' };
const LOGS = [
  { ...WEB, __time__: `${T + 1}`, n: '0', path: '/a' },
  { __topic__: 'pay', __source__: '127.0.0.1', __time__: `${T + 1}`, __time_ns_part__: '4', n: '3' },
  { ...WEB, __time__: `${T + 1}`, __time_ns_part__: '5', n: '1', path: '/b c' },
  { ...WEB, __time__: `${T + 2}`, n: '2', 键: '值 "x"' },
  { __topic__: 'ä', __source__: '127.0.0.1', __time__: `${T + 59}`, n: '4' },
];
const RANGE = `from=${T}&to=${T + 60}`;

/** `{logstore}` has an index with a field, `{plain}` has none. */
const at = (type: string, more: string, logstore = '{logstore}') => `/logstores/${logstore}?type=${type}&${more}`;
const query = (text: string) => `query=${encodeURIComponent(text)}`;

type Expected = SignedCase['expect'];

function get(name: string, source: string, path: string, expected: Expected): SignedCase {
  return { name, source, request: { method: 'GET', path }, expect: expected };
}

/** A GetLogs that finds these logs. */
function finds(
  name: string,
  source: string,
  more: string,
  json: unknown,
  headers: Expected['headers'] = {},
): SignedCase {
  return get(name, source, at('log', more.includes('from=') ? more : `${RANGE}&${more}`), {
    status: 200,
    json,
    headers: { 'x-log-progress': 'Complete', 'x-log-count': `${(json as unknown[]).length}`, ...headers },
  });
}

function refused(name: string, path: string, error: readonly [string, string], status = 400): SignedCase {
  return get(name, 'the table of errors', path, { status, error });
}

const PAIR = (name: string, value: string) => ['ParameterInvalid', `${name} : ${value} pair is invalid`] as const;
const FROM = ['ParameterInvalid', 'The parameter from must be a positive integer'] as const;

const getLogs: readonly SignedCase[] = [
  finds('everything, in the order of time, nanoseconds and arrival', 'GetLogs', '', LOGS, {
    'x-log-processed-rows': /^\d+$/,
    'x-log-elapsed-millisecond': /^\d+$/,
    'x-log-has-sql': 'false',
    'x-log-where-query': '',
    'x-log-agg-query': '',
    'x-log-cpu-sec': '0',
    'x-log-cpu-cores': '0',
    'x-log-query-info': /"keys":\["n","path","\\u952e"\].*"limited":"0"/,
    'x-log-bodyrawsize': null,
  }),
  finds('the newest first', 'reverse', 'reverse=true', LOGS.toReversed()),
  finds('the newest first, as Python writes it', 'reverse', 'reverse=True', LOGS.toReversed()),
  finds('the newest first, as a number', 'reverse', 'reverse=1', LOGS.toReversed()),
  finds('the oldest first, said', 'reverse', 'reverse=false', LOGS),
  finds('one page', 'line, offset', 'line=2&offset=1', LOGS.slice(1, 3)),
  finds('one page from the end', 'line, offset', 'line=2&offset=1&reverse=true', LOGS.toReversed().slice(1, 3)),
  finds('nothing behind the end', 'offset', 'offset=5', []),
  finds('as if no more than 100 had been asked for', 'line', 'line=1000000', LOGS),
  finds('no log where none is asked for', 'line', 'line=0', []),
  finds('the logs of a topic', 'topic', 'topic=pay', LOGS.slice(1, 2)),
  finds('the logs of any topic where it is empty', 'Go SDK', 'topic=', LOGS),
  finds('the logs of a search', 'query', query('path:a or n:2'), [LOGS[0], LOGS[3]], {
    'x-log-where-query': 'path:a or n:2',
    'x-log-query-info': /"terms":\[\["a","path"\],\["2","n"\]\]/,
  }),
  finds('the words of a search as UTF-8', 'headers', query('键:值\n'), [LOGS[3]], {
    'x-log-where-query': Buffer.from('键:值').toString('latin1'),
  }),
  finds('the beginning of a long search in a header', 'ours', query('x'.repeat(3000)), [], {
    'x-log-where-query': /^x{2048}$/,
    'x-log-query-info': /"terms":\[\]/,
  }),
  finds('parameters without a value as absent', 'Node SDK', 'query=&line=&offset=&reverse=', LOGS),
  finds(
    'whatever else is said',
    'unknown parameters',
    'powerSql=true&accurate=1&shard=1&session=mode%3Dscan&x=y',
    LOGS,
  ),
  finds('from a nanosecond on', 'fromNs', `from=${T + 1}&fromNs=5&to=${T + 60}`, LOGS.slice(2)),
  finds('up to a nanosecond', 'toNs', `from=${T}&to=${T + 1}&toNs=5`, LOGS.slice(0, 2)),
  finds('until the end of time', 'to', `from=${T + 59}&to=99999999999&line=1`, LOGS.slice(4)),
  finds(
    'the place of a log in its pack',
    'with_pack_meta',
    `from=${T + 95}&to=${T + 96}&${query('p:10.1 | with_pack_meta')}`,
    [
      expect.objectContaining({
        p: '10.1',
        '__tag__:__pack_id__': 'F00-A-10',
        __pack_meta__: expect.stringMatching(/^0\|[\w+/]+=*\|1\|0$/),
      }),
    ],
  ),
  finds(
    'what SQL makes of them, all of it text',
    'analytics',
    query('__topic__:web | SELECT path, count(*) AS c, sum(n) AS s GROUP BY path ORDER BY path'),
    [
      { path: '/a', c: '1', s: expect.stringMatching(/^0/) },
      { path: '/b c', c: '1', s: expect.stringMatching(/^1/) },
      { path: 'null', c: '1', s: expect.stringMatching(/^2/) },
    ],
    {
      'x-log-has-sql': 'true',
      'x-log-where-query': '__topic__:web',
      'x-log-agg-query': 'SELECT path, count(*) AS c, sum(n) AS s GROUP BY path ORDER BY path',
      'x-log-query-info': /"keys":\["path","c","s"\].*"limited":"100".*"columnTypes":\["varchar","bigint"/,
    },
  ),
  finds('SQL over a topic', 'topic', `topic=pay&${query('* | SELECT count(*) AS c')}`, [{ c: '1' }]),
  finds('SQL without a search', 'analytics', query('| SELECT count(*) AS c LIMIT 7'), [{ c: '5' }], {
    'x-log-query-info': /"limited":"7"/,
  }),
  {
    ...finds('the headers alone', 'HEAD', '', LOGS),
    request: { method: 'HEAD', path: at('log', RANGE) },
    expect: { status: 200, headers: { 'x-log-progress': 'Complete', 'x-log-count': '5' } },
  },
  {
    ...finds('a logstore without an index', 'ours: everything can be searched', '', []),
    request: { method: 'GET', path: at('log', `${RANGE}&${query('any:thing or word')}`, 'plain') },
  },
  refused('an empty range', at('log', `from=${T}&to=${T}`), ['InvalidTimeRange', 'Request time range is invalid.']),
  refused('a range backwards', at('log', `from=${T}&to=${T - 1}`), [
    'InvalidTimeRange',
    'Request time range is invalid.',
  ]),
  refused('a negative from', at('log', `from=-1&to=${T}`), FROM),
  refused('no from', at('log', `to=${T}`), FROM),
  refused('a to that is no number', at('log', `from=${T}&to=now`), ['ParameterInvalid', FROM[1].replace('from', 'to')]),
  refused('a negative offset', at('log', `${RANGE}&offset=-1`), PAIR('offset', '-1')),
  refused('a negative line', at('log', `${RANGE}&line=-1`), PAIR('line', '-1')),
  refused('a line that is no number', at('log', `${RANGE}&line=ten`), PAIR('line', 'ten')),
  refused('a direction that is none', at('log', `${RANGE}&reverse=maybe`), PAIR('reverse', 'maybe')),
  refused('an offset with SQL', at('log', `${RANGE}&offset=1&${query('* | SELECT 1')}`), [
    'ParameterInvalid',
    'ErrorType:OLSQueryParseError.ErrorMessage:offset is not available for pagination in sql query, please use limit x,y syntax for pagination.',
  ]),
  {
    ...refused('a mistake in the search, with its place', '', ['', '']),
    request: { method: 'GET', path: at('log', `${RANGE}&${query('a and (b')}`) },
    expect: {
      status: 400,
      json: {
        errorCode: 'ParameterInvalid',
        errorMessage: expect.stringMatching(
          /^ErrorType:SyntaxError\.ErrorPosition,line:1,column:9\.ErrorMessage:line 1:9: ./,
        ),
      },
    },
  },
  {
    ...refused('a mistake in SQL, with its place', '', ['', '']),
    request: { method: 'GET', path: at('log', `${RANGE}&${query('a | SELECT FROM')}`) },
    expect: {
      status: 400,
      json: {
        errorCode: 'ParameterInvalid',
        errorMessage: expect.stringMatching(
          /^ErrorType:SyntaxError\.ErrorPosition,line:1,column:\d+\.ErrorMessage:line 1:\d+: ./,
        ),
      },
    },
  },
  {
    ...refused('a column that the index does not have', '', ['', '']),
    request: { method: 'GET', path: at('log', `${RANGE}&${query('* | SELECT none')}`) },
    expect: {
      status: 400,
      json: {
        errorCode: 'ParameterInvalid',
        errorMessage: expect.stringMatching(
          /^ErrorType:ColumnNotExists\..*Column 'none' cannot be resolved;please add the column in the index attribute$/,
        ),
      },
    },
  },
  refused('a field that the index does not have', at('log', `${RANGE}&${query('none:x')}`), [
    'ParameterInvalid',
    'key (none) is not config as key value config,if symbol : is in your log,please wrap : with quotation mark "',
  ]),
  refused('an unknown logstore', at('log', RANGE, 'nope'), ['LogStoreNotExist', 'logstore nope does not exist.'], 404),
  {
    ...refused(
      'an unknown project',
      at('log', RANGE),
      ['ProjectNotExist', 'The Project does not exist : nowhere.'],
      404,
    ),
    host: 'nowhere.log.example.com',
  },
];

const V2 = '/logstores/{logstore}/logs';

function postV2(name: string, source: string, body: unknown, expected: Expected, headers = {}): SignedCase {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { name, source, request: { method: 'POST', path: V2, body: text, headers }, expect: expected };
}

const meta = (more: object) => ({
  progress: 'Complete',
  aggQuery: '',
  whereQuery: '',
  hasSQL: false,
  processedRows: expect.any(Number),
  elapsedMillisecond: expect.any(Number),
  cpuSec: 0,
  cpuCores: 0,
  limited: 0,
  processedBytes: expect.any(Number),
  telementryType: '',
  powerSql: false,
  insertedSQL: '',
  terms: [],
  mode: 0,
  scanBytes: 0,
  isAccurate: true,
  columnTypes: [],
  highlights: [],
  shard: 0,
  ...more,
});

const getLogsV2: readonly SignedCase[] = [
  postV2(
    'everything',
    'GetLogsV2',
    { from: T, to: T + 60 },
    {
      status: 200,
      json: { meta: meta({ count: 5, keys: ['n', 'path', '键'] }), data: LOGS },
      headers: { 'x-log-bodyrawsize': null, 'x-log-compresstype': null },
    },
  ),
  postV2(
    'numbers as text, and what is not known',
    'JSON bodies',
    {
      from: `${T}`,
      to: `${T + 60}`,
      query: 'n:0 or 键:值',
      line: '1',
      offset: '1',
      reverse: 'true',
      forward: true,
      highlight: true,
      powerSql: false,
      session: 'mode=scan',
      unknown: {},
    },
    {
      status: 200,
      json: {
        meta: meta({
          count: 1,
          keys: ['n', 'path'],
          whereQuery: 'n:0 or 键:值',
          terms: [
            { term: '0', key: 'n' },
            { term: '值', key: '键' },
          ],
        }),
        data: LOGS.slice(0, 1),
      },
    },
  ),
  postV2(
    'SQL, all of it text',
    'GetLogsV2',
    { from: T, to: T + 60, query: 'n:* | SELECT max(path) AS m, count(*)' },
    {
      status: 200,
      json: {
        meta: meta({
          count: 1,
          keys: ['m', '_col1'],
          whereQuery: 'n:*',
          aggQuery: 'SELECT max(path) AS m, count(*)',
          hasSQL: true,
          limited: 100,
          columnTypes: ['varchar', 'bigint'],
        }),
        data: [{ m: '/b c', _col1: '5' }],
      },
    },
  ),
  ...['gzip, deflate, br, zstd', 'identity', 'br'].map((encoding) =>
    postV2(
      `a plain answer to Accept-Encoding: ${encoding}`,
      'HTTP libraries',
      { from: T, to: T + 1 },
      {
        status: 200,
        json: { meta: meta({ count: 0, keys: [] }), data: [] },
        headers: { 'x-log-bodyrawsize': null, 'x-log-compresstype': null, 'content-encoding': null },
      },
      { 'accept-encoding': encoding },
    ),
  ),
  postV2('a body that is no JSON', 'the table of errors', '{', {
    status: 400,
    error: ['PostBodyInvalid', 'The request body is not valid JSON object.'],
  }),
  postV2('a body that is no object', 'the table of errors', '[]', {
    status: 400,
    error: ['PostBodyInvalid', 'The request body is not valid JSON object.'],
  }),
  postV2(
    'a query that is no text',
    'the table of errors',
    { from: T, to: T + 1, query: { a: 1 } },
    {
      status: 400,
      error: PAIR('query', '{"a":1}'),
    },
  ),
  postV2(
    'half a line',
    'the table of errors',
    { from: T, to: T + 1, line: 1.5 },
    { status: 400, error: PAIR('line', '1.5') },
  ),
  postV2('no range', 'the table of errors', {}, { status: 400, error: FROM }),
];

const bucket = (from: number, to: number, count: number) => ({
  from: T + from,
  to: T + to,
  count,
  progress: 'Complete',
});
const counts = { status: 200, headers: { 'x-log-progress': 'Complete' } };

const getHistograms: readonly SignedCase[] = [
  ...[at('histogram', ''), '/logstores/{logstore}/index?type=histogram&'].map((path) =>
    get('counts, a second each', 'GetHistograms', `${path}from=${T}&to=${T + 3}`, {
      ...counts,
      json: [bucket(0, 1, 0), bucket(1, 2, 3), bucket(2, 3, 1)],
      headers: { 'x-log-progress': 'Complete', 'x-log-count': '4' },
    }),
  ),
  get('counts of an interval, the last of which is cut', 'interval', at('histogram', `${RANGE}&interval=25`), {
    ...counts,
    json: [bucket(0, 25, 4), bucket(25, 50, 0), bucket(50, 60, 1)],
  }),
  get(
    'counts of a search, whatever SQL is behind it',
    'ours',
    at('histogram', `${RANGE}&interval=60&topic=web&${query('n:1 | SELECT 1')}`),
    {
      ...counts,
      json: [bucket(0, 60, 1)],
    },
  ),
  get('an interval of 0 as none', 'Go SDK', at('histogram', `from=${T}&to=${T + 1}&interval=0`), {
    ...counts,
    json: [bucket(0, 1, 0)],
  }),
  refused('more buckets than anybody looks at', at('histogram', `from=0&to=${T}&interval=1`), PAIR('interval', '1')),
  refused('an empty range', at('histogram', `from=${T}&to=${T}`), [
    'InvalidTimeRange',
    'Request time range is invalid.',
  ]),
  refused(
    'an unknown logstore',
    at('histogram', RANGE, 'nope'),
    ['LogStoreNotExist', 'logstore nope does not exist.'],
    404,
  ),
];

const BAD_PACK = ['InvalidParameter', 'Invalid pack meta/id.'] as const;
const META = encodeURIComponent('0|MQ==|4|1');
const context = (more: string) => at('context_log', more);

const others: readonly SignedCase[] = [
  refused('context of no lines', context(`pack_id=F00-A-a&pack_meta=${META}`), [
    'InvalidParameter',
    'back_lines or forward_lines must be postive.',
  ]),
  refused('context of a pack that is none', context(`pack_id=nothex&pack_meta=${META}&back_lines=1`), BAD_PACK),
  refused('context of a place that is none', context('pack_id=F00-A-a&pack_meta=0%7C!%7C4%7C1&back_lines=1'), BAD_PACK),
  refused('context of a log that is not there', context(`pack_id=F00-Z-a&pack_meta=${META}&back_lines=1`), BAD_PACK),
  refused('context without its log', context('back_lines=1'), BAD_PACK),
  refused('context of half a line', context('back_lines=0.5'), PAIR('back_lines', '0.5')),
  get('topics', 'ListTopics', at('topic', ''), {
    status: 200,
    json: ['pay', 'web', 'ä'],
    headers: { 'x-log-count': '3', 'x-log-nexttoken': '' },
  }),
  get('topics, a page', 'ListTopics', at('topic', 'line=1&token=w'), {
    status: 200,
    json: ['web'],
    headers: { 'x-log-count': '1', 'x-log-nexttoken': Buffer.from('ä').toString('latin1') },
  }),
  refused(
    'topics of an unknown logstore',
    at('topic', '', 'nope'),
    ['LogStoreNotExist', 'logstore nope does not exist.'],
    404,
  ),
];

const inProject = (text: string) => `/logs?powerSql=false&${query(text)}`;
const minute = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');

const getProjectLogs: readonly SignedCase[] = [
  get(
    'SQL that names its logstore and its time',
    'GetProjectLogs',
    inProject(
      `SELECT path, count(*) AS c FROM web WHERE __time__ >= ${T} AND __time__ < ${T + 2} AND __topic__ = 'web' GROUP BY path ORDER BY path`,
    ),
    {
      status: 200,
      json: [
        { path: '/a', c: '1' },
        { path: '/b c', c: '1' },
      ],
      headers: { 'x-log-progress': 'Complete', 'x-log-count': '2', 'x-log-has-sql': 'true', 'x-log-where-query': '' },
    },
  ),
  get(
    'SQL with a date',
    'GetProjectLogs',
    inProject(
      `SELECT count(*) AS c FROM (SELECT n FROM web WHERE __date__ >= timestamp '${minute(T)}' AND __date__ < timestamp '${minute(T + 60)}' AND n IS NOT NULL)`,
    ),
    { status: 200, json: [{ c: '5' }] },
  ),
  refused('SQL about no logstore', inProject('SELECT 1'), [
    'ParameterInvalid',
    'The query names no logstore behind FROM.',
  ]),
  refused(
    'SQL about an unknown logstore',
    inProject('SELECT 1 FROM nope'),
    ['LogStoreNotExist', 'logstore nope does not exist.'],
    404,
  ),
  refused('SQL about two logstores', inProject('SELECT 1 FROM web JOIN plain ON true'), [
    'ParameterInvalid',
    'ErrorType:SyntaxError.ErrorPosition,line:1,column:24.ErrorMessage:line 1:24: Table plain does not exist',
  ]),
];

export const READ_CASES: readonly SignedCase[] = [
  ...getLogs,
  ...getLogsV2,
  ...getHistograms,
  ...others,
  ...getProjectLogs,
];
