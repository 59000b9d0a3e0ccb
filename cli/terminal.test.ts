// Goal: nothing that was logged can act on the terminal that shows it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeForTerminal } from './terminal.js';

test.each([
  ['an escape sequence', '\x1b[2J\x1b]0;title\x07', '\\u001b[2J\\u001b]0;title\\u0007'],
  ['its one-character form', '\x9b31m', '\\u009b31m'],
  ['line ends', 'a\r\nb\tc', 'a\\r\\nb\\tc'],
  ['a turned direction', 'user\u202etxt.exe\u2066', 'user\\u202etxt.exe\\u2066'],
  ['half a character', 'a\ud800b', 'a\\ud800b'],
  ['delete and NUL', '\x7f\0', '\\u007f\\u0000'],
  ['plain text of any script', 'größe 价格 😀 مرحبا', 'größe 价格 😀 مرحبا'],
])('%s', (_what, text, shown) => {
  expect(escapeForTerminal(text)).toBe(shown);
});

test('JSON stays the same JSON', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(JSON.parse(escapeForTerminal(JSON.stringify(text)))).toBe(text);
    }),
  );
});

test('nothing that acts is left, and escaping again changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = escapeForTerminal(text);
      expect(shown).not.toMatch(/\p{Cc}|\p{Bidi_Control}|\p{Zl}|\p{Zp}|\p{Surrogate}/u);
      expect(escapeForTerminal(shown)).toBe(shown);
    }),
  );
});
