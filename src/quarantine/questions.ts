/** What the admin API tells of a quarantine: its logs, how many there are, and what a rule would make of some. */
import type { PreviewAnswer, PreviewedLog, QuarantineStatus, ReplayInfo } from '../api/quarantine.js';
import type { LogPlace } from '../query/log-place.js';
import type { PlacedRow } from '../query/search.js';
import { TIME_SECONDS_MAX } from '../query/selection.js';
import type { QueryLimits, Store } from '../store/store.js';
import type { Mender } from './mend.js';
import { describeRow, type QuarantinedRow, readRow, textOf } from './quarantined-row.js';
import type { Replays } from './replayer.js';
import type { Rule } from './rule.js';
import { type AskedRange, type Place, selectionOf } from './selection.js';
import { type Asked, countAsked, countReasons, type LogState, selectQuarantined } from './statements.js';

export interface QuestionsDeps {
  readonly store: Pick<Store, 'ask' | 'table'>;
  readonly limits: QueryLimits;
  readonly replays: Replays;
  readonly stopping: AbortSignal;
}

const EVER: AskedRange = { query: '', from: 0, to: TIME_SECONDS_MAX };

export class Questions {
  readonly #deps: QuestionsDeps;

  constructor(deps: QuestionsDeps) {
    this.#deps = deps;
  }

  /** Newest first. */
  async rows(
    place: Place,
    range: AskedRange,
    { state, limit, after }: { state: LogState; limit: number; after: LogPlace | null },
  ): Promise<readonly QuarantinedRow[]> {
    const { store, limits, stopping } = this.#deps;
    const asked = this.#asked(place, range, state);
    const statement = selectQuarantined(await store.table(stopping), asked, { order: 'newestFirst', after, limit });
    return (await store.ask<PlacedRow>(statement, limits, stopping)).rows.map(readRow);
  }

  async describe(place: Place): Promise<Omit<QuarantineStatus, 'isOn' | 'ttlDays'>> {
    const { store, limits, stopping, replays } = this.#deps;
    const table = await store.table(stopping);
    const ask = async <Row>(statement: Parameters<typeof store.ask>[0]) =>
      (await store.ask<Row>(statement, limits, stopping)).rows;
    const [reasons, settled, known] = await Promise.all([
      ask<{ reason: string; logs: string; oldest: string }>(countReasons(table, this.#asked(place, EVER, 'waiting'))),
      ask<{ logs: string }>(countAsked(table, this.#asked(place, EVER, 'settled'), null)),
      replays({ do: 'list', logstoreId: place.owner.id }),
    ]);
    const oldestMs = Math.min(...reasons.map(({ oldest }) => Number(oldest)));
    return {
      logstore: place.logs.name,
      waiting: reasons.map(({ reason, logs }) => ({ reason, logs: Number(logs) })),
      oldestTime: reasons.length === 0 ? null : oldestMs / 1000,
      settledLogs: Number(settled[0]?.logs ?? 0),
      replay: known.find(({ state }: ReplayInfo) => state === 'running') ?? null,
    };
  }

  #asked(place: Place, range: AskedRange, state: LogState): Asked {
    return { selection: selectionOf(range, place), settledId: place.settled.id, state };
  }
}

export function preview(mender: Mender, rule: Rule, rows: readonly QuarantinedRow[]): PreviewAnswer {
  const logs = rows.map((row): PreviewedLog => {
    const before = describeRow(row);
    const mended = mender.mend(rule, textOf(row));
    const { kind: outcome } = mended;
    if (mended.kind === 'good') return { before, outcome, after: mended.log, fault: null };
    if (mended.kind === 'dropped') return { before, outcome, after: null, fault: null };
    const { reason, detail, field } = mended;
    return { before, outcome, after: null, fault: { reason, detail, field } };
  });
  const count = (outcome: PreviewedLog['outcome']) => logs.filter((log) => log.outcome === outcome).length;
  return { logs, good: count('good'), dropped: count('dropped'), stillBad: count('bad') };
}
