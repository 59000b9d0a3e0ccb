// Goal: each rule of the PutWebtracking body by name, and no body that costs more than its size.
import { describe, expect, test } from 'vitest';
import { FIELDS_PER_LOG_MAX, JSON_DEPTH_MAX, VALUE_BYTES_MAX } from '../model/limits.js';
import { createScanner, type ScanResult } from './scan.js';

const scanner = createScanner({ logsMax: 4096, nonStringValues: 'store' });
const strictScanner = createScanner({ logsMax: 4096, nonStringValues: 'refuse' });

const scan = (body: string): ScanResult => scanner.scan(Buffer.from(body));

/** The canonical text, with its opening brace; or the name of the error. */
function outcome(result: ScanResult): string {
  if (result.kind === 'refused') return result.error;
  const { bytes, start, end } = result.body;
  return `{${bytes.toString('utf8', start, end)}`;
}

const logs = (...entries: string[]) => `{"__logs__":[${entries.join(',')}]}`;
/** Members of an object. */
const many = (count: number) => Array.from({ length: count }, (_, n) => `"${n}":""`).join();
/** A body of one log with this member. */
const withField = (member: string) => logs(`{${member}}`);

describe('a clean body is answered with the bytes as they came', () => {
  test.each([
    [
      'the form of the documentation',
      '{"__topic__":"t","__source__":"s","__logs__":[{"a":"1"},{"a":"2"}],"__tags__":{"x":"y"}}',
    ],
    ['the order of the SDKs', '{"__logs__":[{"a":"1"}],"__source__":"s","__tags__":{"x":"y"},"__topic__":"t"}'],
    ['spaces between tokens', '{ "__logs__" : [ { "a" : "1" , "b" : "2" } ] }'],
    ['escapes in values', withField(String.raw`"a":"\"\\\/\b\f\n\r\t\u4e2d\ud83d\ude00"`)],
    ['escapes in keys', withField(String.raw`"\u4e2d\"":"1"`)],
    ['text of any script', withField('"键":"值 é 😀 \u2028 \x7f"')],
    ['keys that objects in JavaScript have', withField('"__proto__":"1","constructor":"2","toString":"3"')],
    ['no logs', '{"__logs__":[]}'],
  ])('%s', (_what, text) => {
    const body = Buffer.from(text);
    const result = scanner.scan(body);
    expect(result).toMatchObject({ kind: 'body', body: { start: 1, end: body.length } });
    expect(result.kind === 'body' && result.body.bytes).toBe(body);
    expect(outcome(result)).toBe(text);
  });

  test('what stands around the object is left out', () => {
    expect(outcome(scan(' \n{"__logs__":[{"a":"1"}]}\r\n\t '))).toBe('{"__logs__":[{"a":"1"}]}');
    expect(outcome(scan('\ufeff{"__logs__":[{"a":"1"}]}'))).toBe('{"__logs__":[{"a":"1"}]}');
  });
});

describe('values become strings of their source text', () => {
  test.each([
    ['7998', '"7998"'],
    ['1.50', '"1.50"'],
    ['12345678901234567890', '"12345678901234567890"'],
    ['1e999', '"1e999"'],
    ['-0', '"-0"'],
    ['1E+2', '"1E+2"'],
    ['true', '"true"'],
    ['false', '"false"'],
    ['null', '"null"'],
    ['{}', '"{}"'],
    ['[ 1, 2.0 ,\n{ "b" : [ ] } ]', String.raw`"[1,2.0,{\"b\":[]}]"`],
    [
      String.raw`{"x y":"a \" b\\", "u":"\u00e9\ud800"}`,
      String.raw`"{\"x y\":\"a \\\" b\\\\\",\"u\":\"\\u00e9\\ud800\"}"`,
    ],
  ])('%s', (value, stored) => {
    expect(outcome(scan(withField(`"a":${value}`)))).toBe(withField(`"a":${stored}`));
    expect(outcome(scan(`{"__tags__":{"a":${value}},"__logs__":[]}`))).toBe(
      `{"__tags__":{"a":${stored}},"__logs__":[]}`,
    );
    expect(outcome(scan(`{"__topic__":${value},"__logs__":[]}`))).toBe(
      value === 'null' ? '{"__logs__":[]}' : `{"__topic__":${stored},"__logs__":[]}`,
    );
  });

  test('or are refused, where the strict form is wanted', () => {
    for (const value of ['1', 'null', '[]', '{}', 'true']) {
      expect(outcome(strictScanner.scan(Buffer.from(withField(`"a":${value}`))))).toBe('PostBodyInvalid');
      const tags = `{"__tags__":{"a":${value}},"__logs__":[]}`;
      expect(outcome(strictScanner.scan(Buffer.from(tags)))).toBe('PostBodyInvalid');
    }
    expect(outcome(strictScanner.scan(Buffer.from(withField('"__time__":1,"a":"1"'))))).toBe(
      withField('"__client_time__":"1","a":"1"'),
    );
  });
});

describe('what is not stored is cut, with the commas right', () => {
  test.each([
    ['a __time__ that is none', '{"a":"1","b":"2","__time__":{"x":[1]}}', '{"a":"1","b":"2"}'],
    ['__time__ with what no value may have', String.raw`{"__time__":"\ud800","a":"1"}`, '{"a":"1"}'],
    ['a __time__ that is too long', `{"a":"1","__time__":"${'1'.repeat(65)}"}`, '{"a":"1"}'],
    ['no __time__', '{"__time__":null, "__time__":"" , "a":"1","__time__":true}', '{"a":"1"}'],
    ['an earlier duplicate', '{"a":"1","b":"2","a":"3"}', '{"b":"2","a":"3"}'],
    ['earlier duplicates', '{"a":1,"a":2,"a":3}', '{"a":"3"}'],
    ['a duplicate in another spelling', String.raw`{"k":"1","\u006b":"2"}`, String.raw`{"\u006b":"2"}`],
    ['a duplicate next to __time__', '{"a":"1","__time__":[],"a":"2"}', '{"a":"2"}'],
  ])('%s', (_what, log, stored) => {
    expect(outcome(scan(logs(log)))).toBe(logs(stored));
    expect(outcome(scan(logs('{"z":"0"}', log, '{"z":"1"}')))).toBe(logs('{"z":"0"}', stored, '{"z":"1"}'));
  });

  test.each([
    ['first', '{"__time__":1,"a":"1","b":"2"}', '{"__client_time__":"1","a":"1","b":"2"}'],
    [
      'between',
      '{"a":"1", "__time__" : "03/22 08:51:01" ,"b":"2"}',
      '{"a":"1", "__client_time__":"03/22 08:51:01" ,"b":"2"}',
    ],
    ['last', '{"a":"1","__time__":-1.5e3}', '{"a":"1","__client_time__":"-1.5e3"}'],
    ['twice', '{"__time__":1,"__time__":2,"a":"1"}', '{"__client_time__":"2","a":"1"}'],
    ['in another spelling', String.raw`{"__t\u0069me__":1,"a":"1"}`, '{"__client_time__":"1","a":"1"}'],
    [
      'as long as can be',
      `{"a":"1","__time__":"${'1'.repeat(64)}"}`,
      `{"a":"1","__client_time__":"${'1'.repeat(64)}"}`,
    ],
    ['by its other name, later', '{"__time__":1,"__client_time__":"2","a":"1"}', '{"__client_time__":"2","a":"1"}'],
    ['by its other name, before', '{"__client_time__":"2","__time__":1,"a":"1"}', '{"__client_time__":"1","a":"1"}'],
    [
      'one that is none does not count',
      '{"__client_time__":"2","__time__":[],"a":"1"}',
      '{"__client_time__":"2","a":"1"}',
    ],
  ])('__time__ is kept as what the client says: %s', (_what, log, stored) => {
    expect(outcome(scan(logs(log)))).toBe(logs(stored));
    expect(outcome(scan(logs('{"z":"0"}', log, '{"z":"1"}')))).toBe(logs('{"z":"0"}', stored, '{"z":"1"}'));
  });

  test.each([
    ['seconds', '1795046385', 1_795_046_385_000],
    ['of the last log that tells', '1"},{"a":"1"},{"a":"1","__time__":"1795046385.5', 1_795_046_385_500],
    ['milliseconds', '1795046385123', 1_795_046_385_123],
    ['no number', '03/22 08:51:01', undefined],
    ['a small number', '12345678', undefined],
  ])('the time by the client is read: %s', (_what, text, clientTimeMs) => {
    expect(scan(logs(`{"a":"1","__time__":"${text}"}`, '{"b":"1"}'))).toMatchObject({ body: { clientTimeMs } });
  });

  test.each([
    ['all', ['{}', '{"__time__":1}'], []],
    ['the first', ['{}', '{ }', '{"a":"1"}'], ['{"a":"1"}']],
    ['the middle', ['{"a":"1"}', '{}', '{"__time__":1}', '{"b":1}'], ['{"a":"1"}', '{"b":"1"}']],
    ['the last', ['{"a":"1"}', '{}'], ['{"a":"1"}']],
  ])('logs without fields: %s', (_what, entries, stored) => {
    const result = scan(logs(...entries));
    expect(outcome(result)).toBe(logs(...stored));
    expect(result).toMatchObject({ body: { logCount: stored.length } });
  });

  test.each([
    ['unknown first', '{"id":12,"__logs__":[{"a":"1"}]}'],
    ['unknown last', '{"__logs__":[{"a":"1"}],"crc":"00000000","len":[{}]}'],
    ['unknown on both sides', String.raw`{"x":"\ud800", "\u0069d":1,"__logs__":[{"a":"1"}] , "":{"__logs__":1}}`],
    ['a null topic', '{"__topic__":null,"__logs__":[{"a":"1"}]}'],
    ['null tags', '{"__logs__":[{"a":"1"}],"__tags__":null,"__source__":null}'],
    ['a topic made null later', '{"__topic__":"t","__logs__":[{"a":"1"}],"__topic__":null}'],
    ['earlier logs', '{"__logs__":[{"b":1},{}],"__logs__":[{"a":"1"}]}'],
    ['earlier logs, all wrong', String.raw`{"__logs__":[{"":"\ud800"},7],"__logs__":{},"__logs__":[{"a":"1"}]}`],
    ['an escaped name', String.raw`{"\u005f_lo\u0067s__":[{"a":"1"}]}`],
    ['an escaped name as the later one', String.raw`{"__logs__":[{"a":"0"}],"__logs_\u005f":[{"a":"1"}]}`],
  ])('members: %s', (_what, body) => {
    expect(outcome(scan(body))).toBe('{"__logs__":[{"a":"1"}]}');
  });

  test('members that stay keep their order and get one comma', () => {
    expect(outcome(scan('{"x":1,"__topic__":"t","y":2 , "z":3,"__logs__":[{"a":1}],"__source__":4,"w":5}'))).toBe(
      '{"__topic__":"t","__logs__":[{"a":"1"}],"__source__":"4"}',
    );
  });

  test('newlines between tokens become spaces, and the body itself stays as it was', () => {
    const pretty = Buffer.from(JSON.stringify({ __logs__: [{ a: '1', b: 'x\ny' }] }, null, 1));
    const before = Buffer.from(pretty);
    const text = outcome(scanner.scan(pretty));
    expect(text).not.toContain('\n');
    expect(JSON.parse(text)).toEqual({ __logs__: [{ a: '1', b: 'x\ny' }] });
    expect(pretty).toEqual(before);
  });
});

describe('topic and source are cut at 128 bytes, before a character', () => {
  const a = (count: number) => 'a'.repeat(count);
  test.each([
    ['ASCII', `"${a(129)}"`, `"${a(128)}"`],
    ['just short enough', `"${a(128)}"`, `"${a(128)}"`],
    ['a character of three bytes', `"${a(126)}中"`, `"${a(126)}"`],
    ['a character of four bytes', `"${a(124)}😀😀"`, `"${a(124)}😀"`],
    ['an escape', `"${a(127)}${String.raw`\u00e9`}"`, `"${a(127)}"`],
    ['a pair of escapes', `"${a(125)}${String.raw`\ud83d\ude00`}"`, `"${a(125)}"`],
    [
      'escapes that are longer than what they say',
      `"${String.raw`\u0061`.repeat(128)}"`,
      `"${String.raw`\u0061`.repeat(128)}"`,
    ],
    ['a number', '1'.repeat(200), `"${'1'.repeat(128)}"`],
    ['a nested value', `["${a(125)}中"]`, String.raw`"[\"${a(125)}"`],
  ])('%s', (_what, label, stored) => {
    expect(outcome(scan(`{"__topic__":${label},"__logs__":[]}`))).toBe(`{"__topic__":${stored},"__logs__":[]}`);
    expect(outcome(scan(`{"__logs__":[],"__source__":${label}}`))).toBe(`{"__logs__":[],"__source__":${stored}}`);
  });
});

describe('a body that is encoded twice', () => {
  const inside = '{"__logs__":[{"a":"é\\n\\u4e2d"}]}';

  test('is decoded once', () => {
    expect(outcome(scan(JSON.stringify(inside)))).toBe(inside);
    expect(outcome(scan(` ${JSON.stringify(inside)}\n`))).toBe(inside);
    expect(outcome(scan(JSON.stringify(JSON.stringify(inside))))).toBe('PostBodyInvalid');
  });

  test('is refused when it is something else or broken', () => {
    for (const text of ['""', '"x"', '"{}"', '"[]"', '"{', '"{}"x', '"\\x"'])
      expect(outcome(scan(text))).toBe('PostBodyInvalid');
    expect(outcome(scan(String.raw`"\ud800"`))).toBe('InvalidEncoding');
  });
});

describe('what JSON.parse refuses is refused', () => {
  const values = [
    '',
    '01',
    '1.',
    '.5',
    '+1',
    '-',
    '1e',
    '1e+',
    '0x1',
    'NaN',
    'Infinity',
    '-Infinity',
    'nul',
    'nulll',
    'True',
  ];
  const strings = [
    `'a'`,
    '"a',
    '"\\x"',
    '"\\u00G0"',
    '"\\u12"',
    '"\\',
    '"\\"',
    '"a\tb"',
    '"a\nb"',
    '"\0"',
    '"\x1f"',
    '"a"b"',
  ];
  const nested = [
    '[1,]',
    '[,1]',
    '[1 2]',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{,}',
    '{a:1}',
    '{"a" 1}',
    '[}',
    '{]',
    '[',
    '{',
  ];
  test.each([...values, ...strings, ...nested])('a value %j', (value) => {
    const bodies = [
      withField(`"a":${value}`),
      `{"x":${value},"__logs__":[]}`,
      `{"__logs__":[],"__topic__":${value}}`,
      value,
    ];
    for (const body of bodies) {
      expect(() => JSON.parse(body)).toThrow(SyntaxError);
      expect(outcome(scan(body))).toBe('PostBodyInvalid');
    }
  });

  test.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['a byte order mark', '\ufeff'],
    ['two byte order marks', '\ufeff\ufeff{"__logs__":[]}'],
    ['a byte order mark behind a space', ' \ufeff{"__logs__":[]}'],
    ['something behind the object', '{"__logs__":[]}x'],
    ['another object', '{"__logs__":[]}{"__logs__":[]}'],
    ['a comma behind the object', '{"__logs__":[]},'],
    ['a NUL behind the object', '{"__logs__":[]}\0'],
    ['no end', '{"__logs__":[{"a":"1"}'],
    ['a trailing comma in the object', '{"__logs__":[],}'],
    ['a trailing comma in the logs', '{"__logs__":[{"a":"1"},]}'],
    ['a trailing comma in a log', '{"__logs__":[{"a":"1",}]}'],
    ['a key without quotes', '{__logs__:[]}'],
    ['white space of other alphabets', '{\u00a0"__logs__":[]}'],
    ['a form feed', '{\f"__logs__":[]}'],
    ['a comment', '{/**/"__logs__":[]}'],
  ])('%s', (_what, body) => {
    expect(outcome(scan(body))).toBe('PostBodyInvalid');
  });

  test.each([
    ['a quote', String.raw`{"a\"b":"1"}`, '{"a"b":"1"}'],
    ['a backslash', String.raw`{"a\\":"1"}`, String.raw`{"a\":"1"}`],
    ['a newline', String.raw`{"a\n":"1"}`, '{"a\n":"1"}'],
  ])('a key with %s that is escaped in one log and not in the next', (_what, escaped, bare) => {
    expect(outcome(scan(logs(escaped, bare)))).toBe('PostBodyInvalid');
  });

  test('however it is cut short', () => {
    const body = Buffer.from(
      '{"__topic__":"t","__logs__":[{"a":"\\u4e2d中","n":-1.5e3,"o":{"x":[true]}}],"__tags__":{"k":null}}',
    );
    expect(outcome(scanner.scan(body))).not.toBe('PostBodyInvalid');
    for (let end = 0; end < body.length; end++) {
      expect(outcome(scanner.scan(body.subarray(0, end)))).toBe('PostBodyInvalid');
    }
  });
});

describe('errors', () => {
  test.each([
    ['an array', '[]', 'PostBodyInvalid'],
    ['no __logs__', '{}', 'PostBodyInvalid'],
    ['__logs__ a string', '{"__logs__":"x"}', 'PostBodyInvalid'],
    ['__logs__ null', '{"__logs__":null}', 'PostBodyInvalid'],
    ['a log that is a string', logs('"x"'), 'PostBodyInvalid'],
    ['a log that is an array', logs('[]'), 'PostBodyInvalid'],
    ['tags an array', '{"__logs__":[],"__tags__":[]}', 'PostBodyInvalid'],
    ['tags a string', '{"__logs__":[],"__tags__":""}', 'PostBodyInvalid'],
    ['an empty key', withField('"":"v"'), 'InvalidKey'],
    ['a key of 129 bytes', withField(`"${'k'.repeat(129)}":"v"`), 'InvalidKey'],
    ['a key of 43 characters, 129 bytes', withField(`"${'中'.repeat(43)}":"v"`), 'InvalidKey'],
    ['a key with an escaped control character', withField(String.raw`"a\u001f":"v"`), 'InvalidKey'],
    ['a key with an escaped newline', withField(String.raw`"a\n":"v"`), 'InvalidKey'],
    ['a reserved key', withField('"__source__":"v"'), 'InvalidKey'],
    ['a reserved key in another spelling', withField(String.raw`"__\u0074opic__":"v"`), 'InvalidKey'],
    ['__partition_time__', withField('"__partition_time__":"v"'), 'InvalidKey'],
    ['_extract_others_', withField('"_extract_others_":"v"'), 'InvalidKey'],
    ['__extract_others__', withField('"__extract_others__":"v"'), 'InvalidKey'],
    ['an empty tag key', '{"__logs__":[],"__tags__":{"":"v"}}', 'InvalidKey'],
    ['half a surrogate pair in a value', withField(String.raw`"a":"\ud800"`), 'InvalidEncoding'],
    ['the second half alone', withField(String.raw`"a":"\udc00"`), 'InvalidEncoding'],
    ['the halves the wrong way round', withField(String.raw`"a":"\udc00\ud800"`), 'InvalidEncoding'],
    ['a first half before another escape', withField(String.raw`"a":"\ud800\u0041"`), 'InvalidEncoding'],
    ['half a pair in a key', withField(String.raw`"\ud800":"v"`), 'InvalidEncoding'],
    ['half a pair in a tag', String.raw`{"__logs__":[],"__tags__":{"a":"\ud800"}}`, 'InvalidEncoding'],
    ['half a pair in the topic', String.raw`{"__logs__":[],"__topic__":"\ud800"}`, 'InvalidEncoding'],
    ['a value over the limit', withField(`"a":"${'v'.repeat(VALUE_BYTES_MAX + 1)}"`), 'PostBodyTooLarge'],
    ['a nested value over the limit', withField(`"a":[${'1'.repeat(VALUE_BYTES_MAX - 1)}]`), 'PostBodyTooLarge'],
    ['4097 logs', logs(...Array<string>(4097).fill('{}')), 'PostBodyTooLarge'],
    [
      'nested too deep',
      withField(`"a":${'['.repeat(JSON_DEPTH_MAX - 2)}${']'.repeat(JSON_DEPTH_MAX - 2)}`),
      'PostBodyInvalid',
    ],
    ['an unknown member nested too deep', `{"x":${'['.repeat(64)}${']'.repeat(64)},"__logs__":[]}`, 'PostBodyInvalid'],
  ])('%s', (_what, body, error) => {
    expect(outcome(scan(body))).toBe(error);
  });

  test.each([
    ['4096 logs', logs(...Array<string>(4096).fill('{"a":"1"}'))],
    ['a key of 128 bytes', withField(`"${'k'.repeat(128)}":"v"`)],
    ['a key of 128 bytes in escapes', withField(`"${String.raw`\u006b`.repeat(128)}":"v"`)],
    ['a value at the limit', withField(`"a":"${'v'.repeat(VALUE_BYTES_MAX)}"`)],
    ['a value at the limit in escapes', withField(`"a":"${String.raw`\u0076`.repeat(500_000)}"`)],
    ['reserved names as tags', '{"__logs__":[],"__tags__":{"__source__":"v","__time__":"1"}}'],
    ['a DEL in a key', withField('"a\x7f":"v"')],
  ])('none for %s', (_what, body) => {
    expect(outcome(scan(body))).toBe(body);
  });

  test('spaces between the tokens of a nested value do not count for its size', () => {
    const spaces = ' '.repeat(VALUE_BYTES_MAX);
    expect(outcome(scan(withField(`"a":[1,${spaces}2]`)))).toBe(withField('"a":"[1,2]"'));
  });

  test('the deepest nesting allowed', () => {
    const nested = `${'['.repeat(JSON_DEPTH_MAX - 3)}${']'.repeat(JSON_DEPTH_MAX - 3)}`;
    expect(outcome(scan(withField(`"a":${nested}`)))).toBe(withField(`"a":"${nested}"`));
  });

  test.each([
    ['syntax before all others', `{"__logs__":[{"":"v"}${',{}'.repeat(5000)}`, 'PostBodyInvalid'],
    ['shape before the number of logs', `{"__logs__":[{}${',{}'.repeat(5000)}],"__tags__":1}`, 'PostBodyInvalid'],
    ['the number of logs before keys', `{"__logs__":[{"":"v"}${',{}'.repeat(5000)}]}`, 'PostBodyTooLarge'],
    ['keys before encoding, in one log', logs(String.raw`{"a":"\ud800","":"v"}`), 'InvalidKey'],
    [
      'encoding before sizes, in one log',
      logs(`{"a":"${'v'.repeat(VALUE_BYTES_MAX + 1)}","b":"\\ud800"}`),
      'InvalidEncoding',
    ],
    ['the first log before the second', logs(String.raw`{"a":"\ud800"}`, '{"":"v"}'), 'InvalidEncoding'],
    ['logs before tags', String.raw`{"__tags__":{"":""},"__logs__":[{"a":"\ud800"}]}`, 'InvalidEncoding'],
    ['tags before the topic', String.raw`{"__topic__":"\ud800","__logs__":[],"__tags__":{"":""}}`, 'InvalidKey'],
    ['keys before the number of fields', logs(`{${many(FIELDS_PER_LOG_MAX + 1)},"__topic__":""}`), 'InvalidKey'],
    [
      'encoding before the number of fields',
      logs(`{${many(FIELDS_PER_LOG_MAX + 1)},"a":"\\ud800"}`),
      'InvalidEncoding',
    ],
    [
      'the number of fields, __time__ and duplicates included',
      logs(`{${many(FIELDS_PER_LOG_MAX)},"__time__":1}`),
      'PostBodyTooLarge',
    ],
    [
      'no error: as many fields as may be',
      logs(`{${many(FIELDS_PER_LOG_MAX)}}`),
      logs(`{${many(FIELDS_PER_LOG_MAX)}}`),
    ],
  ])('in order: %s', (_what, body, error) => {
    expect(outcome(scan(body))).toBe(error);
  });

  test('say where', () => {
    expect(scan('{"__logs__":[{"a":01}]}')).toMatchObject({ reason: 'not JSON', offset: 19 });
    expect(scan('{"__logs__":[{"a":"1"},{"b":"2","":"3"}]}')).toMatchObject({ reason: 'a key is empty', offset: 32 });
  });
});

test('tags of single logs are noticed, in whatever spelling, unless they are cut', () => {
  const hasLogTags = (body: string) =>
    scan(body).kind === 'body' && (scan(body) as { body: { hasLogTags: boolean } }).body.hasLogTags;
  expect(hasLogTags(logs('{"a":"1"}', '{"__tag__:x":"1"}', '{"a":"1"}'))).toBe(true);
  expect(hasLogTags(logs(String.raw`{"\u005f_tag__:":"1"}`))).toBe(true);
  expect(hasLogTags(logs('{"__tag__":"1","_tag__:x":"1"}'))).toBe(false);
  expect(hasLogTags('{"__logs__":[{"__tag__:x":"1"}],"__logs__":[]}')).toBe(false);
  expect(hasLogTags('{"__logs__":[{"a":"1"}],"__tags__":{"__tag__:x":"1"}}')).toBe(false);
});

describe('hostile bodies cost no more than their size', () => {
  const MB = 1024 * 1024;
  const numbered = (count: number, member: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => member(n)).join();
  const bodies: [string, string, string][] = [
    ['1.4 million brackets', `{"__logs__":[{"a":${'['.repeat(1.4 * MB)}`, 'PostBodyInvalid'],
    ['1.4 million braces', `{"x":${'{"":'.repeat(0.7 * MB)}`, 'PostBodyInvalid'],
    ['100,000 keys in a log', logs(`{${numbered(100_000, (n) => `"key${n}":"v"`)}}`), 'PostBodyTooLarge'],
    ['100,000 duplicate keys', logs(`{${numbered(100_000, (n) => `"k":"${n}"`)}}`), 'PostBodyTooLarge'],
    ['as many fields as may be, all the same', logs(`{${numbered(FIELDS_PER_LOG_MAX, (n) => `"k":${n}`)}}`), `"9999"`],
    [
      '300 logs of 1000 numbers',
      logs(...Array<string>(300).fill(`{${numbered(1000, (n) => `"${n}":${n}`)}}`)),
      '"0":"0"',
    ],
    ['300,000 different keys', logs(numbered(300, (l) => `{${numbered(1000, (n) => `"${l}-${n}":""`)}}`)), '"0-0":""'],
    ['300,000 unknown members', `{${numbered(300_000, (n) => `"${n}":0`)},"__logs__":[]}`, '{"__logs__":[]}'],
    ['140,000 __logs__', `{${numbered(140_000, () => '"__logs__":[{"a":1}]')}}`, '{"__logs__":[{"a":"1"}]}'],
    [
      '3 MB of escapes',
      logs(`{"a":"${String.raw`\u0041`.repeat(0.16 * MB)}","b":"${'\\\\'.repeat(1 * MB)}"}`),
      '{"__logs__":[{"a":"\\u0041',
    ],
    ['3 MB of one key', logs(`{"${String.raw`\u0041`.repeat(0.5 * MB)}":""}`), 'InvalidKey'],
    ['3 MB of white space', `{"__logs__":[${'\n'.repeat(3 * MB)}]}`, '{"__logs__":[ '],
    ['1 million empty logs', logs(`{}${',{}'.repeat(1_000_000)}`), 'PostBodyTooLarge'],
    ['a pretty-printed log', `{"__logs__":[\n${numbered(4000, () => '{\n    "a": "1"\n}\n')}]}`, '{"__logs__":[ {'],
    ['3 MB of nested text', logs(`{"a":[${'"\\"",'.repeat(150_000)}0]}`), '"[\\"'],
    ['a long topic', `{"__topic__":"${'中'.repeat(MB)}","__logs__":[]}`, '{"__topic__":"中'],
  ];

  test.each(bodies)('%s', (_what, body, start) => {
    const bytes = Buffer.from(body);
    expect(bytes.length).toBeLessThan(6 * MB);
    const times = Array.from({ length: 5 }, () => {
      const before = process.cpuUsage();
      scanner.scan(bytes);
      return process.cpuUsage(before).user / 1000;
    });
    // Generous, as others may share the machine: quadratic work on such bodies takes seconds.
    expect(Math.min(...times)).toBeLessThan(150);
    const result = scanner.scan(bytes);
    expect(outcome(result)).toContain(start);
  });
});
