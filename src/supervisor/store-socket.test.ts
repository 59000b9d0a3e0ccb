// Goal: the store's socket has a path that the kernel takes, in a directory that nobody else can enter.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { storeSocket } from './store-socket.js';

let directory: string;
let temporary: string;

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'lb-'));
  temporary = path.join(directory, 't');
});

afterEach(() => {
  fs.rmSync(directory, { recursive: true });
});

test('a short data directory holds the socket itself', () => {
  expect(storeSocket(directory, temporary)).toBe(path.join(directory, 'run', 'store.sock'));
  expect(fs.statSync(path.join(directory, 'run')).mode & 0o777).toBe(0o700);
});

test('a deep one, counted in bytes, gets a directory of its own among the temporary ones, always the same', () => {
  const deep = path.join(directory, '深'.repeat(30));
  const socket = storeSocket(deep, temporary);
  expect(path.dirname(path.dirname(socket))).toBe(temporary);
  expect(Buffer.byteLength(socket)).toBeLessThanOrEqual(103);
  expect(storeSocket(deep, temporary)).toBe(socket);
  expect(storeSocket(`${deep}2`, temporary)).not.toBe(socket);
});

test.each<[string, (socketDirectory: string) => void]>([
  ['is open to others', makeOpen],
  ['is a link to elsewhere', (socketDirectory) => fs.symlinkSync(directory, socketDirectory)],
])('a directory that %s is not used', (_what, put) => {
  put(path.join(directory, 'run'));
  expect(() => storeSocket(directory, temporary)).toThrow('must belong to us and be closed to others');
});

function makeOpen(socketDirectory: string): void {
  fs.mkdirSync(socketDirectory);
  fs.chmodSync(socketDirectory, 0o755);
}
