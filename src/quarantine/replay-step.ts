/** Some logs of a replay at a time: what becomes of each of them, and the log groups that this makes. */
import type { ReplayCounts } from '../api/quarantine.js';
import type { Logstore } from '../model/catalog.js';
import type { CanonicalBody } from '../model/log-group.js';
import { printPlace } from '../query/log-place.js';
import type { Scanner } from '../tracking/scan.js';
import type { Mender } from './mend.js';
import { type QuarantinedRow, textOf } from './quarantined-row.js';
import type { Rule } from './rule.js';
import { type Mark, type Marks, nameOf, timesOf } from './settled.js';
import { REPLAY_TAG } from './statements.js';

export interface StepDeps {
  readonly mender: Mender;
  /** Takes as many logs as a step may have. */
  readonly scanner: Scanner;
  /** Holds the logstore to its number of keys; to be called before the next scan. */
  readonly capKeys: (logstore: Logstore, body: CanonicalBody) => CanonicalBody;
}

export interface ReplayedGroup {
  /** Names it among all groups that were ever replayed. */
  readonly key: string;
  readonly body: CanonicalBody;
  readonly rows: readonly QuarantinedRow[];
}

export interface Step {
  /** One for each batch of which any log is good. */
  readonly groups: readonly ReplayedGroup[];
  /** To be written when the groups are. */
  readonly marks: readonly Mark[];
  readonly counts: ReplayCounts;
}

interface GoodLog {
  readonly row: QuarantinedRow;
  readonly text: string;
}

/** `marks` are those of the rows that are settled. */
export function planStep(
  deps: StepDeps,
  { id, rule, owner }: { readonly id: string; readonly rule: Rule; readonly owner: Logstore },
  rows: readonly QuarantinedRow[],
  marks: Marks,
): Step {
  const counts = { stored: 0, dropped: 0, stillBad: 0, settledBefore: 0 };
  const dropped: Mark[] = [];
  const batches = new Map<string, GoodLog[]>();
  for (const row of rows) {
    const mark = marks.get(nameOf(row.place));
    if (mark !== undefined) {
      // Of an attempt of this one that did not live to count it.
      counts[mark.replay === id ? mark.outcome : 'settledBefore']++;
      continue;
    }
    const mended = deps.mender.mend(rule, textOf(row));
    if (mended.kind === 'bad') {
      counts.stillBad++;
    } else if (mended.kind === 'dropped') {
      counts.dropped++;
      dropped.push({ place: row.place, replay: id, outcome: 'dropped' });
    } else {
      const batch = `${row.place.shard}-${row.place.seq}`;
      batches.set(batch, [...(batches.get(batch) ?? []), { row, text: mended.text }]);
    }
  }
  const groups = [...batches.values()].flatMap((logs) => {
    const group = groupOf(deps, { id, owner }, logs);
    counts[group === null ? 'stillBad' : 'stored'] += logs.length;
    return group === null ? [] : [group];
  });
  return { groups, marks: [...groups.flatMap((group) => marksOf(group, id)), ...dropped], counts };
}

function marksOf({ rows }: ReplayedGroup, replay: string): Mark[] {
  return rows.map(({ place }) => ({ place, replay, outcome: 'stored' }));
}

/** Logs of one batch, which have its labels and were received at the times they keep. Null if they are too much for one group. */
function groupOf(
  { scanner, capKeys }: StepDeps,
  { id, owner }: { readonly id: string; readonly owner: Logstore },
  logs: readonly GoodLog[],
): ReplayedGroup | null {
  const rows = logs.map(({ row }) => row);
  const [first] = rows;
  if (first === undefined) return null;
  const key = `${id}/${nameOf(first.place)}`;
  const labels = {
    __topic__: first.topic,
    __source__: first.source,
    __tags__: Object.fromEntries([...first.tags, [REPLAY_TAG, key]]),
  };
  const json = `${JSON.stringify(labels).slice(0, -1)},"__logs__":[${logs.map(({ text }) => text).join(',')}]}`;
  const scanned = scanner.scan(Buffer.from(json));
  if (scanned.kind === 'refused') return null;
  const times = timesOf(rows.map(({ place }) => place.timeNs));
  return { key, body: { ...capKeys(owner, scanned.body), times }, rows };
}

export function intentOf(groups: readonly ReplayedGroup[], fromSeq: number) {
  return {
    fromSeq,
    groups: groups.map(({ key, rows }) => ({ key, logs: rows.map(({ place }) => printPlace(place)) })),
  };
}
