/** What is known of a replay, in memory and, so that it goes on after a crash, in a file of its own. */
import * as z from 'zod';
import type { ReplayInfo } from '../api/quarantine.js';
import { BOUNDS } from '../query/frozen-range.js';
import { parsePlace } from '../query/log-place.js';
import { RULE } from './rule.js';

const count = z.int().min(0);
const place = z
  .string()
  .refine((text) => parsePlace(text) !== null)
  .nullable();

export const REPLAY_STATE = z.object({
  v: z.literal(1),
  id: z.string(),
  /** Of the logstore, and of the two of its quarantine as it was then. */
  logstoreId: count,
  logsId: count,
  settledId: count,
  rule: RULE,
  query: z.string(),
  from: z.number(),
  to: z.number(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  trouble: z.string().nullable(),
  createdAt: z.number(),
  endedAt: z.number().nullable(),
  total: count.nullable(),
  /** Null until the range is frozen. */
  bounds: BOUNDS.nullable(),
  /** Of the last log that it is done with. */
  place,
  counts: z.strictObject({ stored: count, dropped: count, stillBad: count, settledBefore: count }),
  /**
   * Groups that are about to be written: after a crash nobody knows whether they were. They have numbers from `fromSeq` on, and
   * each is tagged with its key; `logs` are the quarantined logs in it, as ids.
   */
  intent: z
    .strictObject({
      fromSeq: count,
      groups: z.array(z.strictObject({ key: z.string(), logs: z.array(place.unwrap()) })),
    })
    .nullable(),
});

export type ReplayState = z.infer<typeof REPLAY_STATE>;
export type Intent = NonNullable<ReplayState['intent']>;

export function describeReplay(state: ReplayState): ReplayInfo {
  const { id, rule, query, from, to, createdAt, endedAt, total, counts, trouble } = state;
  return { id, rule, query, from, to, state: state.state, trouble, createdAt, endedAt, total, counts };
}
