// Goal: what a value looks like is told as a person would tell it, whatever text comes.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { typeOf, VALUE_TYPES } from './value-type.js';

test.each([
  ['', 'empty'],
  ['0', 'integer'],
  ['-42', 'integer'],
  ['123456789012345678', 'integer'],
  ['12.50', 'number'],
  ['-1.2e-7', 'number'],
  ['.5', 'number'],
  ['1795046385', 'timestamp'],
  ['1795046385000', 'timestamp'],
  ['13800138000', 'integer'],
  ['2026-11-22', 'timestamp'],
  ['2026-11-22T10:00:00.123Z', 'timestamp'],
  ['2026-11-22 10:00:00 +0800', 'timestamp'],
  ['true', 'boolean'],
  ['NO', 'boolean'],
  ['https://shop.example.com/a?b=c', 'url'],
  ['f47ac10b-58cc-4372-a567-0e02b2c3d479', 'id'],
  ['9f3a01c79f3a01c79f3a01c7', 'id'],
  ['internationalisation', 'text'],
  ['{"a":1}', 'json'],
  ['[1,2', 'text'],
  [`[${'1,'.repeat(5000)}1]`, 'json'],
  ['12 EUR', 'text'],
  ['3.2.0', 'text'],
  ['-', 'text'],
  ['+', 'text'],
])('%s is %s', (value, type) => {
  expect(typeOf(value)).toBe(type);
});

test('any text has a type', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => VALUE_TYPES.includes(typeOf(text))));
});

test.each(['1', 'a', '-', '=', '1a', '{', 'a://'])('a long text of %s takes no longer than reading it', (part) => {
  const value = part.repeat(1_000_000);
  // Any pattern that goes back and forth would not come to an end before the test does.
  for (let n = 0; n < 100; n++) expect(VALUE_TYPES).toContain(typeOf(value));
});
