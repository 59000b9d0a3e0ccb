// Goal: a value never becomes a part of the query's grammar, and only what is meant as a variable is one.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitQuery } from './edit-query.js';
import { fillIn, variablesOf } from './variables.js';

describe('variables are found', () => {
  test.each([
    ['event:$event and $word', ['event', 'word']],
    ['event:$event | SELECT count(*) WHERE path = $path AND event = $event', ['event', 'path']],
    ['"costs $five" and "a\\"$b" $c', ['c']],
    ['cost\\$five', []],
    ['* | SELECT \'$a\', "$b", $c -- $d\n/* $e */ , $f', ['c', 'f']],
    ["* | SELECT 'it''s $a'", []],
    ['$ $1 a$ 5$', []],
  ])('in %s', (query, names) => {
    expect(variablesOf(query)).toEqual(names);
  });
});

describe('values are put in', () => {
  test.each([
    ['event:$event', { event: 'buy' }, 'event:buy'],
    ['event:$event', { event: 'a "b" or c' }, 'event:"a \\"b\\" or c"'],
    ['event:$event', { event: 'not' }, 'event:"not"'],
    ['event:$event', { event: '' }, 'event:*'],
    ['event:$toString', {}, 'event:*'],
    ['* | SELECT $a', { a: "it's" }, "* | SELECT 'it''s'"],
    ['* | SELECT $a', {}, "* | SELECT ''"],
    ['event:$event', { event: 'x | SELECT 1' }, 'event:"x | SELECT 1"'],
    ['event:$event', { event: '$event' }, 'event:"$event"'],
  ])('%s with %j', (query, values, filled) => {
    expect(fillIn(query, values)).toBe(filled);
  });
});

test('whatever a value is, the query keeps its parts, and a value is no variable', () => {
  const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 });
  fc.assert(
    fc.property(value, value, (a, b) => {
      const { search, rest } = splitQuery(fillIn('x:$a and y | SELECT $b FROM log', { a, b }));
      expect(search).toMatch(/^x:(?:[\p{L}\p{N}_.-]+|"(?:[^"\\]|\\.)*") and y $/su);
      expect(rest).toMatch(/^\| SELECT '(?:[^']|'')*' FROM log$/s);
      expect(rest.slice("| SELECT '".length, -"' FROM log".length).replaceAll("''", "'")).toBe(b);
      expect(variablesOf(`${search}${rest}`)).toEqual([]);
    }),
  );
});
