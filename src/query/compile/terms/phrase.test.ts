// Goal: a phrase is one expression of literal words, and without a field it is looked for text by text.
import { expect, test } from 'vitest';
import { compiled } from '../../../../test/support/query/searcher.js';
import { HAN } from '../word-rules.js';

test('in a field', () => {
  const { sql, parameters } = compiled('path:#"a.b  (c)"');
  expect(sql).toMatch(/^\(match\(concat\('\\n', lowerUTF8\(translate\(fields\[\{p0:String\}\], .*\{p1:String\}\)\)\)$/);
  expect(parameters).toEqual({ p0: 'path', p1: '\na\\.b\n+c\n' });
});

test('anywhere: somewhere in the log, and then in one of its texts', () => {
  const { sql, parameters } = compiled('#"a b"');
  expect(sql).toMatch(
    /^\(match\(.*arrayStringConcat.* AND arrayExists\(text -> match\(.*\btext\b.*, arrayConcat\(\[topic, source\]/,
  );
  expect(parameters).toEqual({ p0: '\na\n+b\n', p1: '\na\n+b\n' });
});

test('of one word it is that word', () => {
  expect(compiled('path:#"a"')).toEqual(compiled('path:a'));
  expect(compiled('__topic__:#"a b"')).toEqual(compiled('__topic__:"a b"'));
});

test('Chinese characters need nothing between them', () => {
  const index = { keys: { v: { type: 'text', chn: true } } } as const;
  expect(compiled('v:#"支付 x y"', index).parameters['p1']).toBe(`支\n*付\n*x\n+y[\n${HAN}]`);
});
