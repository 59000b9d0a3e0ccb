// Goal: a service that is told to stop under load ends in order and in time, and has kept all that it answered with 200.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { expect, test } from 'vitest';
import { Trial } from '../support/crash/trial.js';

const STOPS = 3;

test('SIGTERM while clients send: exit code 0 within 10 s, every 200 is kept', { timeout: 120_000 }, async () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'logboom-stop-'));
  const trial = new Trial({ data: path.join(directory, 'data'), workers: 2, seed: 1 });
  try {
    await trial.begin();
    for (let stop = 1; stop <= STOPS; stop++) {
      await trial.nextAcknowledged();
      const startedMs = performance.now();
      expect(await trial.service.service.stop()).toBe(0);
      expect(performance.now() - startedMs).toBeLessThan(10_000);
      expect(trial.service.processes()).toEqual([]);
      await trial.service.start();
    }
    expect(await trial.account({ since: 'begin' })).toEqual([]);
    expect(trial.figures.acknowledged.batches).toBeGreaterThan(STOPS);
  } finally {
    await trial.end();
  }
  fs.rmSync(directory, { recursive: true });
});
