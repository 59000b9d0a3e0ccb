/**
 * Copies all logs of one store to another, in rounds, while logs arrive: the first copies what there is, each further one what has
 * come meanwhile, until a round is short. What is still missing then is in the spool, which holds what it has loaded for a while.
 *
 * A round counts the logs of each hour of the source and compares that with what earlier rounds have found the same on both sides.
 * Hours that differ are copied, and compared by a sum over their content: docs/decisions/0016-migration.md
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { HourCount } from '../store/transfer.js';
import { copyPiece, type Sides } from './copy-piece.js';
import { type Piece, piecesOf } from './pieces.js';
import type { ProgressFile } from './progress-file.js';

export interface MigrationOptions extends Sides {
  readonly progress: ProgressFile;
  /** Of each piece that was copied, how many logs it has; and at the begin of each round how many logs are to be copied. */
  readonly onRound: (logs: number) => void;
  readonly onPiece: (logs: number) => void;
  readonly wallMs: () => number;
}

export interface Migrated {
  /** In all hours that are the same on both sides. */
  readonly logs: number;
  readonly copiedLogs: number;
  readonly rounds: number;
  /** Everything that the source had at this moment is there. */
  readonly wholeAtMs: number;
}

/** While one piece is being read another one is being inserted. */
const AT_ONCE = 2;

/** What comes within a round of this length is no more than the spool can bring by itself, many times over. */
const SHORT_ROUND_MS = 30_000;
/** Beyond, logs arrive faster than they can be copied. */
const ROUNDS_MAX = 20;
/** What was inserted into the source just now becomes visible day by day. */
const SETTLE_MS = 1000;

/** Nobody else may write logs to the target. Throws an Error if it cannot be brought to an end. */
export async function migrateLogs(options: MigrationOptions, signal: AbortSignal): Promise<Migrated> {
  const { progress, to, wallMs } = options;
  await to.settle(signal);
  let copiedLogs = 0;
  for (let rounds = 1; rounds <= ROUNDS_MAX; rounds++) {
    const beganAtMs = wallMs();
    const round = await copyRound(options, signal);
    copiedLogs += round.copiedLogs;
    if (round.isWhole && wallMs() - beganAtMs < SHORT_ROUND_MS) {
      const logs = [...progress.hours()].reduce((sum, hour) => sum + hour.logs, 0);
      return { logs, copiedLogs, rounds, wholeAtMs: beganAtMs };
    }
    if (!round.isWhole) await sleep(SETTLE_MS, undefined, { signal });
  }
  throw new Error(
    `after ${ROUNDS_MAX} rounds the two stores still differ: logs arrive, or are deleted, faster than they are copied`,
  );
}

interface Round {
  readonly copiedLogs: number;
  /** All that was there at its begin is the same on both sides. */
  readonly isWhole: boolean;
}

async function copyRound(options: MigrationOptions, signal: AbortSignal): Promise<Round> {
  const { from, to, progress, onRound, onPiece, wallMs } = options;
  const today = new Date(wallMs()).toISOString().slice(0, 10);
  const hours = await from.hours(today, signal);
  // Later than the hours, so that these have nothing beyond it.
  const lastSeqs = await from.lastSeqs(signal);
  await removeGone(options, hours, today, signal);
  const pieces = piecesOf(hours.filter((hour) => progress.of(hour)?.names !== hour.names));
  onRound(pieces.reduce((sum, { logs }) => sum + logs, 0));
  let [copiedLogs, isWhole] = [0, true];
  const copy = async (piece: Piece) => {
    const frozen = { today, lastSeqs: lastSeqs.get(piece.span.logstoreId) ?? new Map<number, number>() };
    const copied = await copyPiece({ from, to }, piece, frozen, signal);
    await progress.note(copied.same);
    if (copied.different.length > 0) isWhole = false;
    copiedLogs += piece.logs;
    onPiece(piece.logs);
  };
  await eachOf(pieces, AT_ONCE, copy);
  return { copiedLogs, isWhole };
}

/** Hours that were copied and have no logs any more. Where their retention has ended, the target lets them go by itself. */
async function removeGone(
  { to, progress }: MigrationOptions,
  hours: readonly HourCount[],
  today: string,
  signal: AbortSignal,
): Promise<void> {
  const keyOf = ({ logstoreId, hour }: HourCount) => `${logstoreId} ${hour}`;
  const there = new Set(hours.map(keyOf));
  const gone = [...progress.hours()].filter((hour) => hour.logs > 0 && !there.has(keyOf(hour)));
  if (gone.length === 0) return;
  const alive = new Set((await to.hours(today, signal)).map(keyOf));
  for (const { span } of piecesOf(gone.filter((hour) => alive.has(keyOf(hour))))) await to.remove(span, signal);
  await progress.note(gone.map((hour) => ({ ...hour, logs: 0, names: '0', sum: '0' })));
}

/** So many at a time, in order. The first that fails ends it, when those under way have ended. */
async function eachOf<T>(all: readonly T[], atOnce: number, work: (one: T) => Promise<void>): Promise<void> {
  const left = all.values();
  const failures: unknown[] = [];
  const run = async () => {
    for (const one of left) {
      if (failures.length > 0) return;
      await work(one).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, run));
  if (failures.length > 0) throw failures[0];
}
