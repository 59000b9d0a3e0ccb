// Goal: a process that ends is started again, soon at first and less often when that does not help.
import { type ChildProcess, spawn } from 'node:child_process';
import { Writable } from 'node:stream';
import pino from 'pino';
import { afterEach, expect, test } from 'vitest';
import { Keeper } from './keeper.js';
import { TIMING, type Timing } from './timing.js';

const keepers: Keeper[] = [];

afterEach(() => {
  for (const keeper of keepers.splice(0)) keeper.kill();
});

test('the pauses before a restart grow up to a bound', async () => {
  const delays = await delaysOf(endsAtOnce, { restartMs: 10, restartMsMax: 35 }, 6);
  expect(delays).toEqual([0, 10, 20, 35, 35, 35]);
});

test('a process that was healthy for long enough is started again at once', async () => {
  expect(await delaysOf(endsAtOnce, { restartMs: 10, healthyMs: 1 }, 4)).toEqual([0, 0, 0, 0]);
});

test('a process that cannot even be started is tried again like one that ended', async () => {
  const noMemory = () => {
    throw new Error('spawn ENOMEM');
  };
  const noSuchFile = () => spawn('/does/not/exist');
  expect(await delaysOf(noMemory, { restartMs: 10 }, 3)).toEqual([0, 10, 20]);
  expect(await delaysOf(noSuchFile, { restartMs: 10 }, 3)).toEqual([0, 10, 20]);
});

function endsAtOnce(): ChildProcess {
  return spawn(process.execPath, ['-e', 'process.exit(3)']);
}

/** The first `count` pauses of a keeper, in milliseconds, as it logs them. */
function delaysOf(start: () => ChildProcess, timing: Partial<Timing>, count: number): Promise<number[]> {
  const delays: number[] = [];
  return new Promise((resolve) => {
    const log = pino(
      new Writable({
        write(line, _encoding, done) {
          delays.push(JSON.parse(String(line)).delayMs);
          if (delays.length === count) {
            keeper.kill();
            resolve(delays);
          }
          done();
        },
      }),
    );
    const keeper = new Keeper({ name: 'it', start, firstBeatMsMax: 60_000, timing: { ...TIMING, ...timing }, log });
    keepers.push(keeper);
    keeper.start();
  });
}
