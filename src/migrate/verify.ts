/** Whether a store has the logs of another: every hour of every logstore, counted and added up on both sides. */
import type { HourCount } from '../store/transfer.js';
import { compare, type Difference, type Sides } from './copy-piece.js';
import { piecesOf } from './pieces.js';

export interface VerifyOptions extends Sides {
  readonly onRound: (logs: number) => void;
  readonly onPiece: (logs: number) => void;
  readonly wallMs: () => number;
}

export interface Verified {
  /** What is the same on both sides. */
  readonly logs: number;
  readonly hours: number;
  readonly different: readonly Difference[];
}

export async function verifyLogs(options: VerifyOptions, signal: AbortSignal): Promise<Verified> {
  const { from, to, onRound, onPiece, wallMs } = options;
  const today = new Date(wallMs()).toISOString().slice(0, 10);
  const hours = union(await from.hours(today, signal), await to.hours(today, signal));
  // Later than the hours. What the target has beyond it came after the switch-over.
  const lastSeqs = await from.lastSeqs(signal);
  onRound(hours.reduce((sum, { logs }) => sum + logs, 0));
  let [logs, same] = [0, 0];
  const different: Difference[] = [];
  for (const piece of piecesOf(hours)) {
    const frozen = { today, lastSeqs: lastSeqs.get(piece.span.logstoreId) ?? new Map<number, number>() };
    const compared = await compare({ from, to }, piece.span, frozen, signal);
    logs += compared.same.reduce((sum, hour) => sum + hour.logs, 0);
    same += compared.same.length;
    different.push(...compared.different);
    onPiece(piece.logs);
  }
  return { logs, hours: same, different };
}

/** By logstore and time, each hour once. */
function union(here: readonly HourCount[], there: readonly HourCount[]): readonly HourCount[] {
  const all = new Map([...there, ...here].map((hour) => [`${hour.logstoreId} ${hour.hour}`, hour]));
  return [...all.values()].sort((a, b) => a.logstoreId - b.logstoreId || a.hour - b.hour);
}
