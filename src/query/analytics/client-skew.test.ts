// Goal: SQL reads the time by a client as the rest of the service does, and garbage is no time.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { analyse } from '../../../test/support/query/analytics.js';
import { type Engine, startEngine } from '../../../test/support/query/engine.js';
import { CLIENT_TIME, readClientTime } from '../../model/client-time.js';

const RECEIVED_MS = 1_795_046_385_250;
const TEXTS: readonly [text: string, skewMs: number | null][] = [
  ['1795046385', 250],
  ['1795046385.125', 125],
  ['1795046385250', 0],
  ['1795046385300', -50],
  ['1795046385000.5', 250],
  ['1795046384250000', 1000],
  ['1795046381250000000', 4000],
  ['123456789', RECEIVED_MS - 123_456_789_000],
  ['12345678', null],
  ['0001795046385', null],
  ['17950463852500000000', null],
  ['1795046385.', null],
  ['1.795e9', null],
  ['-1795046385', null],
  ['03/22 08:51:01', null],
  ['1795046385 ', null],
  ['NaN', null],
  ['', null],
];

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
  await engine.insert(
    [...TEXTS.map(([text]) => [[CLIENT_TIME, text] as const]), [['n', 'no time'] as const]].map((fields, seq) => ({
      logstore: 1,
      seq,
      timeMs: RECEIVED_MS,
      fields,
    })),
  );
});
afterAll(() => engine.close());

const SECONDS = Math.floor(RECEIVED_MS / 1000);
const ASKED = { logstore: 1, from: SECONDS - 60, to: SECONDS + 60 };

test.each(TEXTS)('the time %j is so many milliseconds behind', (text, skewMs) => {
  const ms = readClientTime(text);
  expect(ms === undefined ? null : Math.round(RECEIVED_MS - ms)).toBe(skewMs);
});

test('SQL says the same of every one of them, and NULL of a log without', async () => {
  const { rows } = await analyse(engine, '* | SELECT __client_time__, __client_skew__ FROM log LIMIT 100', ASKED);
  const found = new Map(rows.map(([text = 'null', skew = 'null']) => [text, skew]));
  expect(rows).toHaveLength(TEXTS.length + 1);
  for (const [text, skewMs] of TEXTS) expect(found.get(text), text).toBe(String(skewMs));
});

test('the field is searched by range like any other', async () => {
  const { rows } = await analyse(
    engine,
    '__client_time__ in [1795046385 1795046386] | SELECT __client_skew__ AS ms FROM log WHERE __client_skew__ < 1000 ORDER BY ms',
    ASKED,
  );
  expect(rows).toEqual([['125'], ['250']]);
});
