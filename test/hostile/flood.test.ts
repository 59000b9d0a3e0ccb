// Goal: behind a trusted proxy each client has a limit of its own: one that floods is told to wait, the others notice nothing.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeAnswer, sendRaw } from '../support/raw-http.js';
import { removeData, type Service, startService } from '../support/service.js';
import { bodyOf, chunked, get, post } from './requests.js';

let service: Service;

beforeAll(async () => {
  const rates = ['--quota-address-requests', '1', '--quota-address-bytes', '20KB'];
  const blocked = ['--blocked-addresses', '203.0.113.0/24,2001:db8:bad::/48'];
  service = await startService({ flags: ['--trusted-proxies', '127.0.0.1,10.0.0.0/8', ...rates, ...blocked] });
});

afterAll(async () => {
  expect(await service.stop()).toBe(0);
  await removeData(service.data);
});

const THROTTLED = '403 ShardWriteQuotaExceed';
const from = (address: string) => `X-Forwarded-For: ${address}`;
const getFrom = (address: string) => get('x', (text) => text.replace('\r\n', `\r\n${from(address)}\r\n`));

async function send(...requests: (string | Buffer)[]): Promise<string[]> {
  const bytes = Buffer.concat(requests.map((request) => Buffer.from(request)));
  return (await sendRaw(service.publicUrl, bytes, { answers: requests.length })).map(describeAnswer);
}

test('one that floods by GET is told to wait', async () => {
  const answers = await sendRaw(service.publicUrl, getFrom('198.51.100.1').repeat(40), { answers: 40 });
  const refused = answers.filter(({ status }) => status === 403);
  // A burst of ten seconds, and what time the test takes.
  expect(refused.length).toBeGreaterThan(10);
  for (const answer of refused) {
    expect(describeAnswer(answer)).toBe(THROTTLED);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(answer.headers['access-control-allow-origin']).toBe('*');
  }
  expect(await send(getFrom('198.51.100.2'))).toEqual(['200']);
});

test('one that floods with bytes, too, whether their length is announced or not', async () => {
  const large = bodyOf('x'.repeat(900_000));
  const headers = (address: string) => ({ headers: [from(address), 'Transfer-Encoding: chunked'] });
  expect(await send(post(large, { headers: [from('198.51.100.3')] }))).toEqual(['200']);
  expect(await send(post(bodyOf('x'), { headers: [from('198.51.100.3')] }))).toEqual([THROTTLED]);
  expect(await send(post(chunked(large), headers('198.51.100.4')))).toEqual(['200']);
  expect(await send(post(chunked(bodyOf('x')), headers('198.51.100.4')))).toEqual([THROTTLED]);
  expect(await send(post(bodyOf('x'), { headers: [from('198.51.100.5')] }))).toEqual(['200']);
});

test('what a client claims of itself does not make it another', async () => {
  const claims = (n: number) => getFrom(`1.2.3.${n}, 198.51.100.6`);
  const answers = await send(...Array.from({ length: 40 }, (_, n) => claims(n)));
  expect(answers.filter((answer) => answer === THROTTLED).length).toBeGreaterThan(10);
});

test.each([
  ['an address', '203.0.113.9', '401 Unauthorized'],
  ['IPv4 in IPv6', '::ffff:203.0.113.9', '401 Unauthorized'],
  ['behind another proxy', '203.0.113.9, 10.1.1.1', '401 Unauthorized'],
  ['IPv6', '2001:db8:bad:1::1', '401 Unauthorized'],
  ['with a zone', '2001:db8:bad:1::1%eth0', '401 Unauthorized'],
  ['one that is only claimed', '203.0.113.9, 198.51.100.77', '200'],
  ['a neighbour', '203.0.114.9', '200'],
])('blocked: %s', async (_what, address, answer) => {
  expect(await send(getFrom(address))).toEqual([answer]);
});

test.each([
  ['a chain of 4000 hops', `${'10.1.1.1, '.repeat(4000)}10.1.1.1`],
  ['sixty kilobytes of one hop', 'a'.repeat(60_000)],
  ['nothing but commas', ','.repeat(60_000)],
  ['bytes over 0x7f', '\u00e9\u00ff'],
  ['brackets, ports, zones', '[::1%25eth0]:80, 1.2.3.4:5, ::%'],
])('a header that is no list of addresses does no harm: %s', async (_what, header) => {
  const [answer] = await sendRaw(service.publicUrl, Buffer.from(getFrom(header), 'latin1'));
  expect([200, 403]).toContain(answer?.status);
});
