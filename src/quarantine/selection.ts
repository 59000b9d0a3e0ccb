/** Which quarantined logs a request is about. */
import * as z from 'zod';
import { ApiError } from '../errors.js';
import type { Logstore } from '../model/catalog.js';
import { quarantinedLogs, settledLogs } from '../model/quarantine.js';
import { parseQuery } from '../query/search/parse.js';
import { type Selection, TIME_SECONDS_MAX } from '../query/selection.js';

/** Numbers of seconds are good to the microsecond. */
const seconds = z.number().min(0).max(TIME_SECONDS_MAX);

export const RANGE = { query: z.string().default(''), from: seconds, to: seconds };

export interface AskedRange {
  readonly query: string;
  readonly from: number;
  readonly to: number;
}

/** The two logstores of a quarantine. */
export interface Place {
  readonly owner: Logstore;
  readonly logs: Logstore;
  readonly settled: Logstore;
}

/** Null if the logstore has never had a quarantine. */
export function placeOf(owner: Logstore): Place | null {
  const [logs, settled] = [quarantinedLogs(owner), settledLogs(owner)];
  return logs === undefined || settled === undefined ? null : { owner, logs, settled };
}

/** Throws ApiError for a range that is none, and QuerySyntaxError. */
export function selectionOf({ query, from, to }: AskedRange, { logs }: Place): Selection {
  if (from >= to) throw new ApiError('ParameterInvalid', { reason: 'from: the range of time is empty' });
  return {
    logstoreId: logs.id,
    index: null,
    query: parseQuery(query),
    fromNs: nanoseconds(from),
    toNs: nanoseconds(to),
  };
}

function nanoseconds(time: number): bigint {
  return BigInt(Math.round(time * 1_000_000)) * 1000n;
}
