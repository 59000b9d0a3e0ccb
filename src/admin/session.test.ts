// Goal: a session stands for the key it was made with, for its time, and for nothing else.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AccessKey } from '../model/catalog.js';
import { openSession, SESSION_SECONDS, sealSession } from './session.js';

const NOW = 1_795_046_385;
const key: AccessKey = {
  id: 'LBabc',
  secret: 'a secret',
  roles: ['read'],
  projects: null,
  isEnabled: true,
  createdAt: NOW,
};
const find = (id: string) => (id === key.id ? key : undefined);
const token = sealSession(key, NOW);

test('opens to its key until its time is over', () => {
  expect(openSession(token, NOW, find)).toBe(key);
  expect(openSession(token, NOW + SESSION_SECONDS - 1, find)).toBe(key);
  expect(openSession(token, NOW + SESSION_SECONDS, find)).toBeUndefined();
});

test('ends with its key, and with the secret of its key', () => {
  expect(openSession(token, NOW, () => undefined)).toBeUndefined();
  expect(openSession(token, NOW, () => ({ ...key, secret: 'another' }))).toBeUndefined();
});

describe('a token that was tampered with is no token', () => {
  test('whichever character is another one', () => {
    fc.assert(
      // The last character has two bits that say nothing.
      fc.property(fc.nat(token.length - 2), fc.constantFrom('.', '0', 'A', '-'), (at, char) => {
        fc.pre(token[at] !== char);
        const other = token.slice(0, at) + char + token.slice(at + 1);
        expect(openSession(other, NOW, () => key)).toBeUndefined();
      }),
    );
  });

  test('whatever text it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(openSession(text, NOW, find)).toBeUndefined();
      }),
    );
  });
});
