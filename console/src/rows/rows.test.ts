// Goal: what a log says is shown whole, in a useful order, and not one digit different.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layOutJson } from './json-value.js';
import { entriesOf, rowOf, summaryOf } from './row.js';
import { toneOf } from './tone.js';

test('fields come before labels, and empty labels not at all', () => {
  const log = { __time__: '5', __topic__: 'web', __source__: '', '__tag__:app': 'shop', event: 'buy', note: '' };
  const row = rowOf({ id: '5123456789-0-1-2', timeNs: '5123456789', log });
  expect(row.timeMs).toBe(5123);
  expect(entriesOf(row)).toEqual([
    ['event', 'buy'],
    ['note', ''],
    ['__topic__', 'web'],
    ['__tag__:app', 'shop'],
  ]);
});

test('in one line what tells most comes first', () => {
  const log = { app: 'shop', zone: 'eu', Message: 'boom', event: 'error', __topic__: 'web' };
  const names = summaryOf(rowOf({ id: 'x', timeNs: '0', log })).map(([name]) => name);
  expect(names).toEqual(['event', 'Message', 'app', 'zone', '__topic__']);
});

test.each([
  [{ level: 'ERROR' }, 'bad'],
  [{ severity: 'warning' }, 'warn'],
  [{ level: 'info', severity: 'error' }, null],
  [{ message: 'error' }, null],
])('the tone of %j is %s', (log, tone) => {
  expect(toneOf(rowOf({ id: 'x', timeNs: '0', log }))).toBe(tone);
});

test('JSON is laid out as JSON.stringify does', () => {
  const value = fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()));
  fc.assert(
    fc.property(value, (json) => {
      expect(layOutJson(JSON.stringify(json))).toBe(JSON.stringify(json, null, 2));
    }),
  );
});

test('numbers keep their digits, and what is no object stays as it is', () => {
  expect(layOutJson('{"id":12345678901234567890,"e":[]}')).toBe('{\n  "id": 12345678901234567890,\n  "e": []\n}');
  expect(['12', '"a"', '{a}', '[1,', ''].map(layOutJson)).toEqual([null, null, null, null, null]);
});
