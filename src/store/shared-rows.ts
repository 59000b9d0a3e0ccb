/**
 * Rows that all nodes share, in two small tables of the store. ClickHouse has neither locks nor conditional writes, but what an
 * insert has put there is seen by every read that begins later. So a lease is taken by inserting a token and looking for others:
 * of two that want it at a time, at least one sees the other and gives way.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { LeaseTaken, type SharedKind, type SharedRow, type SharedRows } from '../model/shared-rows.js';
import { openDeadline } from '../platform/deadline.js';
import type { Statement } from './store.js';

export interface TableAccess {
  ask<Row>(statement: Statement, signal: AbortSignal): Promise<Row[]>;
  /** Durable when it resolves, and seen by every read from then on. */
  insert(table: string, rows: readonly object[], signal: AbortSignal): Promise<void>;
  command(sql: string, signal: AbortSignal): Promise<void>;
}

export interface LeaseTiming {
  /** By the store's clock. Who holds it longer has lost it. */
  readonly leaseMs: number;
  /** How long one waits for others. */
  readonly waitMsMax: number;
  readonly retryMsMin: number;
  readonly retryMsMax: number;
}

const TIMING: LeaseTiming = { leaseMs: 30_000, waitMsMax: 15_000, retryMsMin: 20, retryMsMax: 200 };

/** Of a lease, what may pass until its work is cut off: the last write has to end within it. */
const WORK_PART = 0.5;

const TAKE_BACK_MS_MAX = 2000;

const STATE = `SELECT count() AS rows, sum(cityHash64(key, version, text)) AS hash FROM shared_rows FINAL WHERE kind = {kind:String}`;
const ALL = 'SELECT key, version, text FROM shared_rows FINAL WHERE kind = {kind:String}';
/** One from a time to come was given before the store's clock was set back: it would be held until then. */
const OTHERS = `SELECT count() AS count FROM (
  SELECT token, max(is_released) AS is_over, min(at) AS since FROM shared_leases WHERE at > now64(3) - INTERVAL 1 HOUR GROUP BY token
) WHERE is_over = 0 AND abs(dateDiff('millisecond', since, now64(3))) < {ms:UInt32} AND token != {token:String}`;

/** Of one kind: the others are another matter, but for the lease, which there is one of. */
export function openSharedRows(access: TableAccess, kind: SharedKind, timing: LeaseTiming = TIMING): SharedRows {
  async function take(token: string, signal: AbortSignal): Promise<boolean> {
    await access.insert('shared_leases', [{ token }], signal);
    const parameters = { token, ms: timing.leaseMs };
    const [row] = await access.ask<{ count: string }>({ sql: OTHERS, parameters }, signal);
    return row?.count === '0';
  }

  const release = (token: string, signal: AbortSignal) =>
    access.insert('shared_leases', [{ token, is_released: 1 }], signal);

  /** Nobody knows whether the token got there; if it did, and this does not, it holds all of them up until it runs out. */
  async function takeBack(token: string): Promise<void> {
    const { signal, close } = openDeadline(TAKE_BACK_MS_MAX);
    await release(token, signal).catch(() => undefined);
    close();
  }

  /** Each attempt has a token of its own: the age of one tells how long it has been held. */
  async function lease(signal: AbortSignal): Promise<string> {
    const { waitMsMax, retryMsMin, retryMsMax } = timing;
    for (const untilMs = performance.now() + waitMsMax; ; ) {
      const token = randomBytes(16).toString('hex');
      const isOurs = await take(token, signal).catch((error: unknown) => {
        void takeBack(token);
        throw error;
      });
      if (isOurs) return token;
      await release(token, signal);
      if (performance.now() > untilMs) throw new LeaseTaken('other nodes change what is shared at this moment');
      await sleep(retryMsMin + Math.random() * (retryMsMax - retryMsMin), undefined, { signal });
    }
  }

  return {
    async state(signal) {
      const [row] = await access.ask<{ rows: string; hash: string }>({ sql: STATE, parameters: { kind } }, signal);
      return `${row?.rows} ${row?.hash}`;
    },
    async read(signal) {
      const rows = await access.ask<{ key: string; version: string; text: string }>(
        { sql: ALL, parameters: { kind } },
        signal,
      );
      return rows.map(({ key, version, text }): SharedRow => ({ key, version: Number(version), text }));
    },
    write(rows, signal) {
      const ofKind = rows.map((row) => ({ kind, ...row }));
      return access.insert('shared_rows', ofKind, signal);
    },
    forget: (signal) => access.command('OPTIMIZE TABLE shared_rows FINAL', signal),
    async alone(work, signal) {
      const token = await lease(signal);
      const deadline = openDeadline(timing.leaseMs * WORK_PART, signal);
      try {
        return await work(deadline.signal);
      } finally {
        deadline.close();
        // If this fails the lease runs out by itself.
        await release(token, signal).catch(() => undefined);
      }
    },
  };
}
