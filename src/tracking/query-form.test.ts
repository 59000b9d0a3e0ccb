// Goal: a query string becomes the one log that its pairs spell, by the same rules as a posted log.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { QUERY_BYTES_MAX } from '../model/limits.js';
import { createQueryForm, type Field } from './query-form.js';
import { createScanner } from './scan.js';

const readQuery = createQueryForm(createScanner({ logsMax: 4096, nonStringValues: 'store' }));

/** The stored group as JSON text, or the name of the error. */
function read(query: string, extraFields: Field[] = [], ignored: string[] = []): string {
  const result = readQuery(Buffer.from(query).toString('latin1'), extraFields, new Set(ignored));
  if (result.kind === 'refused') return result.error;
  const { bytes, start, end } = result.body;
  return `{${bytes.toString('utf8', start, end)}`;
}

const oneLog = (fields: string) => `{"__logs__":[{${fields}}]}`;

describe('pairs become fields, in order', () => {
  test.each([
    ['plain', 'a=1&b=2&c=x-y_z.~', '"a":"1","b":"2","c":"x-y_z.~"'],
    ['the version of the API is none', 'APIVersion=0.6.0&a=1&APIVersion=0.6.0', '"a":"1"'],
    ['but a name in other letters is', 'apiversion=1&APIVersion2=2', '"apiversion":"1","APIVersion2":"2"'],
    ['plus is a space', 'a+b=c+d', '"a b":"c d"'],
    ['percent escapes', '%61=%31&n=%E4%B8%AD%e6%96%87&s=%20%2B%26%3D%25', '"a":"1","n":"中文","s":" +&=%"'],
    [
      'a percent sign that is no escape',
      'a=100%&b=%zz&c=%4&d=%&e=%%41',
      '"a":"100%","b":"%zz","c":"%4","d":"%","e":"%A"',
    ],
    ['bytes that clients forgot to escape', 'j={"a":1}&w=\\n&u=中', String.raw`"j":"{\"a\":1}","w":"\\n","u":"中"`],
    ['control characters', 'a=%00%01%0a%1f%7f', String.raw`"a":"\u0000\u0001\u000a\u001f${'\x7f'}"`],
    ['no equals sign', 'a&b=&c', '"a":"","b":"","c":""'],
    ['more equals signs', 'a=b=c&d==', '"a":"b=c","d":"="'],
    ['empty pieces', '&&a=1&&&b=2&', '"a":"1","b":"2"'],
    ['empty keys', '=1&a=2&=', '"a":"2"'],
    ['a repeated key: the last one', 'a=1&b=2&a=3&%61=4', '"b":"2","a":"4"'],
    ['__time__ is kept for what the client says', '__time__=1&a=1', '"__client_time__":"1","a":"1"'],
    ['an array look-alike', 'a[]=1&a[]=2', '"a[]":"2"'],
    ['names that objects have', '__proto__=1&constructor=2', '"__proto__":"1","constructor":"2"'],
  ])('%s', (_what, query, fields) => {
    expect(read(query)).toBe(oneLog(fields));
  });

  test('nothing to store is no error', () => {
    for (const query of ['', '&', '=', 'APIVersion=0.6.0', '__time__=1', '__tag__:=1']) {
      expect(readQuery(query, [], new Set())).toMatchObject({ kind: 'body', body: { logCount: 0 } });
    }
  });
});

test('topic, source and tags go to the group', () => {
  expect(read('__topic__=t%22&a=1&__source__=s&__tag__:x=1&__tag__:%79=+&__tag__:x=2&__tag__:=3&b=2')).toBe(
    String.raw`{"__logs__":[{"a":"1","b":"2"}],"__topic__":"t\"","__source__":"s","__tags__":{"y":" ","x":"2"}}`,
  );
  expect(read('__topic__=1&__topic__=2&a=1')).toBe('{"__logs__":[{"a":"1"}],"__topic__":"2"}');
  expect(read(`__topic__=${'中'.repeat(50)}&a=1`)).toBe(`{"__logs__":[{"a":"1"}],"__topic__":"${'中'.repeat(42)}"}`);
  expect(read('__tag__=1&__topic_=2&__tag__%3Ax=3')).toBe(
    '{"__logs__":[{"__tag__":"1","__topic_":"2"}],"__tags__":{"x":"3"}}',
  );
});

test('extra fields give way to fields of the same name', () => {
  const extra: Field[] = [
    ['__userAgent__', 'Mozilla "5.0" é'],
    ['__referer__', ''],
  ];
  expect(read('a=1', extra)).toBe(oneLog(String.raw`"__userAgent__":"Mozilla \"5.0\" é","__referer__":"","a":"1"`));
  expect(read('__referer__=mine&a=1', extra)).toBe(
    oneLog(String.raw`"__userAgent__":"Mozilla \"5.0\" é","__referer__":"mine","a":"1"`),
  );
});

test('ignored parameters are no fields', () => {
  expect(read('project=p&a=1', [], ['project'])).toBe(oneLog('"a":"1"'));
  expect(read('project=p&a=1')).toBe(oneLog('"project":"p","a":"1"'));
});

describe('errors', () => {
  test.each([
    ['bytes that are not UTF-8', 'a=%ff', 'InvalidEncoding'],
    ['half a character', 'a=%E4%B8', 'InvalidEncoding'],
    ['a surrogate in UTF-8', 'a=%ED%A0%80', 'InvalidEncoding'],
    ['the same in a key', '%ff=1', 'InvalidEncoding'],
    ['a reserved key', '__partition_time__=1', 'InvalidKey'],
    ['a long key', `${'k'.repeat(129)}=1`, 'InvalidKey'],
    ['a control character in a key', 'a%0a=1', 'InvalidKey'],
    ['a long query', `a=${'v'.repeat(QUERY_BYTES_MAX)}`, 'PostBodyTooLarge'],
  ])('%s', (_what, query, error) => {
    expect(read(query)).toBe(error);
  });

  test('the longest query is one that is not too long, whatever it is made of', () => {
    for (const unit of ['a', '"', '%01', '&', 'a&', '+', '%', '=', '%22=%22&']) {
      const query = unit.repeat(Math.floor(QUERY_BYTES_MAX / unit.length));
      expect(read(query)).toMatch(/^\{|^InvalidKey$/);
    }
  });
});

test('what URLSearchParams writes is read back', () => {
  const pairs = fc.array(
    fc.tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), fc.string({ unit: 'grapheme' })),
    {
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(pairs, (list) => {
      const fields = list.filter(
        ([key]) => !/^__|^APIVersion$/.test(key) && ![...key].some((character) => character < ' '),
      );
      const expected = Object.fromEntries(fields);
      const text = read(new URLSearchParams(fields).toString());
      expect(JSON.parse(text)).toEqual({ __logs__: fields.length === 0 ? [] : [expected] });
    }),
    { numRuns: 500 },
  );
});
