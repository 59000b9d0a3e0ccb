// Goal: a call to another process ends in its answer, its error or a bounded wait, whatever happens to that process.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ApiError } from '../errors.js';
import { Calls } from './calls.js';

interface ChildProcedures {
  double(n: number): Promise<number>;
  /** Doubles by asking back. */
  doubleBack(n: number): Promise<number>;
  refuse(logstore: string): Promise<void>;
  fail(message: string): Promise<void>;
  never(nothing: null): Promise<void>;
}

const CHILD = `
  const { Calls } = await import(${JSON.stringify(new URL('../../dist/src/supervisor/calls.js', import.meta.url).href)});
  const { ApiError } = await import(${JSON.stringify(new URL('../../dist/src/errors.js', import.meta.url).href)});
  const parent = new Calls(process, {
    double: async (n) => 2 * n,
    doubleBack: async (n) => parent.ask('doubleForChild', n, 5000),
    refuse: async (logstore) => { throw new ApiError('LogStoreNotExist', { logstore }); },
    fail: async (message) => { throw new TypeError(message); },
    never: () => new Promise(() => {}),
  });
`;

let child: ChildProcess;
let calls: Calls<ChildProcedures, { doubleForChild(n: number): Promise<number> }>;

beforeEach(() => {
  child = spawn(process.execPath, ['--input-type=module', '-e', CHILD], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  calls = new Calls(child, { doubleForChild: async (n: number) => 2 * n });
});

afterEach(async () => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
});

test('answers find the calls they belong to, both ways', async () => {
  const numbers = Array.from({ length: 100 }, (_, n) => n);
  const doubled = numbers.map((n) => 2 * n);
  expect(await Promise.all(numbers.map((n) => calls.ask('double', n, 5000)))).toEqual(doubled);
  expect(await Promise.all(numbers.map((n) => calls.ask('doubleBack', n, 5000)))).toEqual(doubled);
});

test('what the other end offers is called as if it were here', async () => {
  const { double, refuse } = calls.procedures(5000);
  expect(await double(21)).toBe(42);
  await expect(refuse('shop')).rejects.toBeInstanceOf(ApiError);
  await expect(calls.procedures(50).never(null)).rejects.toBeInstanceOf(ApiError);
});

test('an ApiError arrives as what it was, any other error as its message', async () => {
  const refused = await calls.ask('refuse', 'web', 5000).catch((error) => error);
  expect(refused).toBeInstanceOf(ApiError);
  expect(refused).toMatchObject({ status: 404, code: 'LogStoreNotExist', message: 'logstore web does not exist.' });
  await expect(calls.ask('fail', 'out of luck', 5000)).rejects.toThrow('out of luck');
});

test('no answer is waited for longer than told', async () => {
  await calls.ask('double', 1, 5000);
  await expect(calls.ask('never', null, 50)).rejects.toMatchObject({
    name: 'ApiError',
    cause: { message: 'no answer to never in 50 ms' },
  });
});

test('calls to a process that ends, or has ended, are rejected', async () => {
  await calls.ask('double', 1, 5000);
  const waiting = calls.ask('never', null, 60_000);
  child.kill('SIGKILL');
  await expect(waiting).rejects.toMatchObject({ cause: { message: 'the process ended' } });
  await expect(calls.ask('double', 1, 60_000)).rejects.toMatchObject({ cause: { message: 'the process ended' } });
  calls.tell('double', 1);
});
