// Goal: a backup made while logs arrive has each log that was acknowledged before, and a service restored from it has each once.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { removeData, type Service, startService } from './support/service.js';

const COMMAND = path.resolve(import.meta.dirname, '../bin/logboom');
/** Requests under way at a time. */
const SENDERS = 4;

/** Resolves to what the command wrote, if it succeeded. */
async function logboom(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if ((await ended) !== 0) throw new Error(err);
  return out;
}

/** Sends numbered logs until it is stopped. */
class Senders {
  readonly acknowledged: number[] = [];
  sent = 0;
  #isStopping = false;
  readonly #ended: Promise<unknown>;

  constructor(service: Service, from: number) {
    this.sent = from;
    this.#ended = Promise.all(Array.from({ length: SENDERS }, () => this.#send(service)));
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#ended;
  }

  async #send({ publicUrl }: Service): Promise<void> {
    while (!this.#isStopping) {
      const n = this.sent++;
      // A connection for each, so that every worker gets some.
      const headers = { connection: 'close' };
      const answer = await fetch(`${publicUrl}/logstores/web/track?APIVersion=0.6.0&n=${n}`, { headers });
      if (answer.status === 200) this.acknowledged.push(n);
    }
  }
}

const numbers = (logs: readonly Record<string, string>[]) => logs.map((log) => Number(log['n'])).sort((a, b) => a - b);

test('under load, and restored to another directory', async () => {
  const place = mkdtempSync(path.join(tmpdir(), 'logboom-backup-'));
  const [backup, data] = [path.join(place, 'backup'), path.join(place, 'data')];
  // Segments of every kind: loaded and held, sealed, and being written.
  const flags = ['--workers', '2', '--spool-segment-age-max', '150ms'];
  const service = await startService({ flags });
  await service.allWorkers();
  const senders = new Senders(service, 0);
  await service.logs('web', { count: 100 });
  const before = [...senders.acknowledged];

  expect(await logboom('backup', backup, '--data', service.data)).toContain('is a backup');
  await senders.stop();
  const { sent } = senders;
  expect(await logboom('restore', backup, '--data', data)).toContain('is restored');
  expect(await service.stop()).toBe(0);

  // With fewer workers one of them has the spool of another as well.
  const restored = await startService({ data });
  const more = new Senders(restored, 1_000_000);
  await expect.poll(() => more.acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(4);
  await more.stop();
  const expected = [...before, ...more.acknowledged];
  let found: readonly number[] = [];
  const lacking = async () => {
    found = numbers(await restored.logs('web'));
    const there = new Set(found);
    return expected.filter((n) => !there.has(n));
  };
  await expect.poll(lacking, { timeout: 20_000 }).toEqual([]);
  expect(new Set(found).size, 'each once').toBe(found.length);
  // Groups that came while it was made may be in it as well.
  expect(found.filter((n) => n >= sent && n < 1_000_000)).toEqual([]);
  expect(restored.output()).not.toContain('the store had lost logs');
  expect(await restored.stop()).toBe(0);
  await removeData(service.data);
  await rm(place, { recursive: true });
}, 180_000);
