// Goal: a directory has at most one holder, whoever dies and whoever races; a dead holder stops nobody.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockDirectory } from './lock.js';

const LOCK_MODULE = JSON.stringify(new URL('../../dist/src/platform/lock.js', import.meta.url).href);
/** Above the largest pid that Linux and macOS give. */
const DEAD_PID = 99_999_999;

/** Tries for the lock of the directory it is told, answers `held` or the error's text, and keeps it until told. */
const STARTER = `
  const { lockDirectory } = await import(${LOCK_MODULE});
  let lock;
  process.on('message', async ({ directory }) => {
    if (directory === undefined) lock?.release();
    lock = undefined;
    if (directory === undefined) return process.send('released');
    try {
      lock = await lockDirectory(directory, 0);
      process.send('held');
    } catch (error) {
      process.send(error.message);
    }
  });
  process.send('here');
`;

let directory: string;
const starters: ChildProcess[] = [];

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-lock-'));
});

afterEach(async () => {
  await Promise.all(starters.splice(0).map(end));
  fs.rmSync(directory, { recursive: true });
});

describe('one process', () => {
  test('takes a directory that is not there yet, and cannot take it twice', async () => {
    const deep = path.join(directory, 'a', 'b');
    const lock = await lockDirectory(deep, 0);
    await expect(lockDirectory(deep, 0)).rejects.toThrow(`${deep} is in use by the process with pid ${process.pid}`);
    lock.release();
    lock.release();
    (await lockDirectory(deep, 0)).release();
    expect(fs.readdirSync(deep)).toEqual([]);
  });

  test('waits for a live holder for as long as it was told', async () => {
    const lock = await lockDirectory(directory, 0);
    const waiting = lockDirectory(directory, 10_000);
    setTimeout(() => lock.release(), 100);
    (await waiting).release();
  });

  test('does not release what another has taken since', async () => {
    const lock = await lockDirectory(directory, 0);
    fs.unlinkSync(path.join(directory, 'lock'));
    const starter = await startStarter();
    expect(await tell(starter, directory)).toBe('held');
    lock.release();
    await expect(lockDirectory(directory, 0)).rejects.toThrow(`pid ${starter.pid}`);
  });

  test.each([
    ['a file', (file: string) => fs.writeFileSync(file, 'mine')],
    ['a link elsewhere', (file: string) => fs.symlinkSync('/etc/hosts', file)],
  ])('leaves %s of that name alone and says so', async (_what, put) => {
    put(path.join(directory, 'lock'));
    await expect(lockDirectory(directory, 0)).rejects.toThrow('is not a lock of ours');
    expect(fs.readdirSync(directory)).toEqual(['lock']);
  });
});

describe('a dead holder', () => {
  test('killed with SIGKILL, stops nobody', async () => {
    const starter = await startStarter();
    expect(await tell(starter, directory)).toBe('held');
    await expect(lockDirectory(directory, 0)).rejects.toThrow(`pid ${starter.pid}`);
    await end(starter);
    (await lockDirectory(directory, 0)).release();
    expect(fs.readdirSync(directory)).toEqual([]);
  });

  test.runIf(process.platform === 'linux')('is told from a new process of the same pid by its start', async () => {
    leaveStaleLock('aa', process.pid);
    (await lockDirectory(directory, 0)).release();
  });

  test.runIf(process.platform === 'linux')('counts as gone while its parent has not collected it', async () => {
    // The shell starts a holder and turns into a sleep, which never collects its children.
    const holder = `
      const { lockDirectory } = await import(${LOCK_MODULE});
      await lockDirectory(${JSON.stringify(directory)}, 0);
      process.kill(process.pid, 'SIGKILL');
    `;
    const parent = spawn('sh', ['-c', 'node --input-type=module -e "$1" & exec sleep 60', 'sh', holder]);
    starters.push(parent);
    await expect.poll(() => fs.readdirSync(directory)).toEqual(['lock']);
    (await lockDirectory(directory, 5000)).release();
    expect(parent.exitCode).toBeNull();
  });

  test('that died while it removed the lock of another dead holder, stops nobody', async () => {
    leaveStaleLock('aa');
    leaveStaleLock('bb', DEAD_PID, 'lock.aa');
    (await lockDirectory(directory, 0)).release();
    expect(fs.readdirSync(directory)).toEqual([]);
  });
});

test('of twenty processes that start at once, exactly one holds the directory, round after round', async () => {
  const racers = await Promise.all(Array.from({ length: 20 }, startStarter));
  for (let round = 0; round < 40; round++) {
    leaveStaleLock(`${round}`);
    const answers = await Promise.all(racers.map((racer) => tell(racer, directory)));
    expect(answers.filter((answer) => answer === 'held')).toHaveLength(1);
    await Promise.all(racers.map((racer) => tell(racer, undefined)));
    expect(fs.readdirSync(directory)).toEqual([]);
  }
});

function leaveStaleLock(id: string, pid = DEAD_PID, name = 'lock'): void {
  fs.symlinkSync(`pid=${pid} started=00000000/1 id=${id}`, path.join(directory, name));
}

async function startStarter(): Promise<ChildProcess> {
  const starter = spawn(process.execPath, ['--input-type=module', '-e', STARTER], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  starters.push(starter);
  await once(starter, 'message');
  return starter;
}

async function tell(starter: ChildProcess, what: string | undefined): Promise<unknown> {
  const answer = once(starter, 'message');
  starter.send({ directory: what });
  return (await answer)[0];
}

async function end(starter: ChildProcess): Promise<void> {
  if (starter.exitCode !== null || starter.signalCode !== null) return;
  const ended = once(starter, 'exit');
  starter.kill('SIGKILL');
  await ended;
}
