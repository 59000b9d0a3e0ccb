// Goal: a rule does what it says, in order, to what was sent and not to what JavaScript makes of it; and what it leaves is judged as ever.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createScanner } from '../tracking/scan.js';
import { Mender } from './mend.js';
import { RULE, type Rule } from './rule.js';
import { printSourceLog, readSourceLog } from './source-log.js';

const mender = new Mender({ nonStringValues: 'refuse' });

describe('steps', () => {
  test.each<[string, string, Rule, Record<string, string>]>([
    ['drop a field, all of its name', '{"a":1,"b":"x","a":2}', [{ do: 'dropField', field: 'a' }], { b: 'x' }],
    ['drop a field whose name is empty', '{"":"x","b":"y"}', [{ do: 'dropField', field: '' }], { b: 'y' }],
    ['rename; the last of two counts', '{"a":"1","b":"2"}', [{ do: 'rename', field: 'a', to: 'b' }], { b: '2' }],
    [
      'rename what is spelled with escapes',
      '{"\\u0001":"x"}',
      [{ do: 'rename', field: '\u0001', to: 'c' }],
      { c: 'x' },
    ],
    ['cast a number: its digits', '{"n":12345678901234567890.50}', [{ do: 'cast' }], { n: '12345678901234567890.50' }],
    ['cast null, true, nested', '{"a":null,"b":true,"c":{ "x" : [1, " "] }}', [{ do: 'cast' }], CAST],
    ['cast one field alone', '{"a":"x","b":1}', [{ do: 'cast', field: 'b' }], { a: 'x', b: '1' }],
    ['cast half a surrogate pair', '{"a":"x\\ud800y"}', [{ do: 'cast' }], { a: 'x\ufffdy' }],
    ['cut between characters', '{"a":"x中中"}', [{ do: 'cut', bytes: 6 }], { a: 'x中' }],
    ['cut what was cast before', '{"a":123456}', [{ do: 'cast' }, { do: 'cut', field: 'a', bytes: 3 }], { a: '123' }],
    ['wrap what is no log', '["x"]', [{ do: 'wrap', field: 'items' }, { do: 'cast' }], { items: '["x"]' }],
    ['wrap does nothing to a log', '{"a":"b"}', [{ do: 'wrap', field: 'items' }], { a: 'b' }],
  ])('%s', (_what, text, rule, log) => {
    expect(mender.mend(RULE.parse(rule), text)).toMatchObject({ kind: 'good', log });
  });

  test.each<[string, Rule]>([
    ['{"a":"b"}', [{ do: 'dropLog' }]],
    ['{"a":"b"}', [{ do: 'dropField', field: 'a' }]],
    ['{"text":"that was cu', [{ do: 'dropLog' }]],
  ])('%s is dropped by %j', (text, rule) => {
    expect(mender.mend(rule, text)).toEqual({ kind: 'dropped' });
  });

  test.each<[string, Rule, string, string | null]>([
    ['{"a":1}', [], 'ValueNotString', 'a'],
    ['{"":"x"}', [{ do: 'cast' }], 'KeyEmpty', ''],
    ['{"a":"x"}', [{ do: 'rename', field: 'a', to: '__topic__' }], 'KeyReserved', '__topic__'],
    ['7', [{ do: 'cast' }], 'LogNotObject', null],
    ['{"a":"cu', [{ do: 'cast' }], 'TextCut', null],
    [`${'['.repeat(62)}${']'.repeat(62)}`, [{ do: 'wrap', field: 'a' }], 'TooDeep', null],
  ])('%.30s is still bad under %j: %s', (text, rule, reason, field) => {
    expect(mender.mend(rule, text)).toMatchObject({ kind: 'bad', reason, field });
  });
});

const CAST = { a: 'null', b: 'true', c: '{"x":[1," "]}' };

test('without a rule a log is what tracking would have made of it, and cast is what tracking does where it may', () => {
  const scanner = createScanner({ logsMax: 1, nonStringValues: 'store' });
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue()), fc.nat(2), (log, indent) => {
      const text = JSON.stringify(log, null, indent);
      const scanned = scanner.scan(Buffer.from(`{"__logs__":[${text}]}`));
      const mended = mender.mend([{ do: 'cast' }], text);
      if (scanned.kind === 'refused') {
        expect(mended.kind).toBe('bad');
      } else if (scanned.body.logCount === 0) {
        expect(mended.kind).toBe('dropped');
      } else {
        const { bytes, start, end } = scanned.body;
        const { __logs__ } = JSON.parse(`{${bytes.toString('utf8', start, end)}`) as { __logs__: [object] };
        expect(mended).toMatchObject({ kind: 'good', log: __logs__[0] });
      }
    }),
  );
});

test('what is taken apart and put together says the same, and what is no JSON is seen', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (json, at) => {
      const log = readSourceLog(json);
      expect(log && JSON.parse(printSourceLog(log))).toEqual(JSON.parse(json));
      const cut = json.slice(0, at % json.length);
      expect(readSourceLog(cut) === null).toBe(!isJson(cut));
    }),
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
