// Goal: the operators' listener takes hostile requests as calmly as the public one, and gives nothing to pages of others.
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeAnswer, sendRaw } from '../support/raw-http.js';
import { removeData, type Service, startService } from '../support/service.js';
import { chunked, post } from './requests.js';

const PROJECTS = '/api/v1/projects';

let service: Service;
let authorization: string;

beforeAll(async () => {
  service = await startService({ flags: ['--request-timeout', '1s', '--headers-timeout', '1s'] });
  const key = JSON.parse(await readFile(path.join(service.data, 'access-key'), 'utf8')) as {
    id: string;
    secret: string;
  };
  authorization = `Authorization: Bearer ${key.id}:${key.secret}`;
});

afterAll(async () => {
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
});

const CHUNKED = 'Transfer-Encoding: chunked';
const project = (name: string) => JSON.stringify({ name });

const CASES: readonly [name: string, body: string | Buffer, headers: readonly string[], answers: readonly string[]][] =
  [
    ['a body in chunks', chunked('{"na', 'me":"chunked"}'), [CHUNKED], ['201']],
    ['a body that is asked for first', project('expected'), ['Expect: 100-continue'], ['100', '201']],
    ['a body that is too large', 'x'.repeat(2_000_000), [], ['400 PostBodyInvalid']],
    ['a body of 20 MB', 'x'.repeat(20_000_000), [], ['400 PostBodyInvalid']],
    ['broken chunks', 'zz\r\n', [CHUNKED], ['400 BadRequest']],
    ['a body that does not come', '{', ['Content-Length: 100'], ['408 RequestTimeout']],
    ['no JSON', '{"name":', [], ['400 PostBodyInvalid']],
    ['bytes that are no text', Buffer.from('7b226e616d65223a22ff227d', 'hex'), [], ['400 PostBodyInvalid']],
    ['deep nesting', '['.repeat(50_000), [], ['400 PostBodyInvalid']],
    ['no object', '"name"', [], ['400 ParameterInvalid']],
    ['a prototype', '{"__proto__":{"name":"inherited"}}', [], ['400 ParameterInvalid']],
    ['a name that is a path', project('../../etc'), [], ['400 ParameterInvalid']],
    ['a name that is SQL', project("a'; DROP TABLE logs"), [], ['400 ParameterInvalid']],
  ];

test.each(CASES)('%s', async (_name, body, headers, expected) => {
  const bytes = post(body, { path: PROJECTS, headers: [authorization, ...headers] });
  const answers = await sendRaw(service.adminUrl, bytes, { answers: expected.length });
  expect(answers.map((answer) => (answer.status < 300 ? String(answer.status) : describeAnswer(answer)))).toEqual(
    expected,
  );
  const last = answers.at(-1);
  expect(last?.headers).toHaveProperty('x-log-requestid');
  expect(last?.headers).toHaveProperty('x-content-type-options', 'nosniff');
  expect(last?.headers).not.toHaveProperty('access-control-allow-origin');
});

test.each([
  ['no key', []],
  ['a key that is none', ['Authorization: Bearer a:b']],
  ['a secret that is the beginning of the right one', () => [authorization.slice(0, -1)]],
  ['a secret that is longer than the right one', () => [`${authorization}x`]],
  ['another scheme', ['Authorization: Basic YTpi']],
])('with %s nothing is done', async (_name, headers) => {
  const bytes = post(project('stolen'), {
    path: PROJECTS,
    headers: typeof headers === 'function' ? headers() : headers,
  });
  const [answer] = await sendRaw(service.adminUrl, bytes);
  expect(answer && describeAnswer(answer)).toBe('401 Unauthorized');
});

test('only what was asked for with the key has been made', async () => {
  const { projects } = (await (await service.admin('GET', PROJECTS)).json()) as { projects: { name: string }[] };
  expect(projects.map(({ name }) => name).sort()).toEqual(['chunked', 'default', 'expected']);
});
