/** How long after its 200 a log is found: single marked logs, sent at intervals, looked for all the time. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MeasuredServer } from './servers.js';

/** Between an answer and the next question at least: what a time can be too long by, beside the query's own. */
const POLL_MS = 20;
/** The same in times of what the answer took: asking must not be what keeps the machine busy. */
const POLL_REST = 4;
/** Later than this counts as never. */
const PATIENCE_MS = 60_000;

/** Milliseconds from the 200 of each of `count` logs to the first query that finds it, sorted. */
export async function timeToSearchable(server: MeasuredServer, count: number, everyMs: number): Promise<Float64Array> {
  const run = Math.random().toString(36).slice(2);
  /** When each mark was acknowledged. */
  const sentAtMs = new Map<string, number>();
  const times: number[] = [];

  const sending = (async () => {
    for (let i = 0; i < count; i++) {
      const mark = `${run}-${i}`;
      const target = new URL(`/logstores/web/track?APIVersion=0.6.0&mark=${mark}`, server.publicUrl);
      const response = await fetch(target);
      if (response.status !== 200) throw new Error(`a mark was answered ${response.status}`);
      sentAtMs.set(mark, performance.now());
      await sleep(everyMs);
    }
  })();
  const looking = (async () => {
    const deadlineMs = performance.now() + count * everyMs + PATIENCE_MS;
    while (times.length < count) {
      const askedMs = performance.now();
      if (askedMs > deadlineMs) throw new Error(`${count - times.length} marks were never found`);
      const oldestMs = Math.min(askedMs, ...sentAtMs.values());
      const found = await findMarks(server, run, askedMs - oldestMs, count);
      const foundMs = performance.now();
      for (const mark of found) {
        const since = sentAtMs.get(mark);
        if (since === undefined) continue; // found before its 200 was read, or before
        times.push(foundMs - since);
        sentAtMs.delete(mark);
      }
      await sleep(Math.max(POLL_MS, POLL_REST * (foundMs - askedMs)));
    }
  })();
  await Promise.all([sending, looking]);
  return Float64Array.from(times).sort();
}

/** Those of the last `ageMs`. */
async function findMarks(server: MeasuredServer, run: string, ageMs: number, limit: number): Promise<string[]> {
  const { id, secret } = JSON.parse(fs.readFileSync(path.join(server.data ?? '', 'access-key'), 'utf8'));
  const from = Math.floor((Date.now() - ageMs) / 1000) - 1;
  const to = Math.ceil(Date.now() / 1000) + 1;
  const response = await fetch(new URL('/api/v1/projects/default/logstores/web/query', server.adminUrl), {
    method: 'POST',
    headers: { Authorization: `Bearer ${id}:${secret}` },
    body: JSON.stringify({ query: `mark:${run}*`, from, to, limit }),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(text);
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line).mark);
}
