/**
 * The quarantine of a logstore: where logs wait that could not be taken as they were. It is two logstores that nobody can
 * name by mistake, as their names have a `.`: `web.quarantine` holds the logs, and `web.replays` which of them are settled.
 * They are stored, searched, aged and deleted like all others; what they are called and how they are kept follows from
 * their owner, so that they are no entries of the catalog.
 */
import type { Logstore } from './catalog.js';
import { OPEN_RULES } from './write-rules.js';

export interface Quarantine {
  /** Whether further logs go there. Those that are there stay when it is switched off. */
  readonly isOn: boolean;
  /** Retention of the logs in days. */
  readonly ttlDays: number;
  /** Numeric ids out of the same row as those of other logstores; new ones once all is discarded. */
  readonly logsId: number;
  readonly replaysId: number;
}

/** Shorter than that of logs: what nobody has looked at within a week will not be mended. */
export const QUARANTINE_TTL_DAYS = 7;

/**
 * That a log was replayed is known for longer than the log itself is there: rows that are too old go when parts are merged, and
 * of two logstores that may be hours apart.
 */
const MARGIN_DAYS = 30;

const LOGS_SUFFIX = '.quarantine';
const REPLAYS_SUFFIX = '.replays';

/** The logs that were not taken; undefined if the logstore has never had a quarantine. */
export function quarantinedLogs(owner: Logstore): Logstore | undefined {
  const { quarantine } = owner;
  return quarantine === null ? undefined : companion(owner, quarantine, LOGS_SUFFIX, quarantine.logsId);
}

/** Which of these logs have been settled: a log for each. */
export function settledLogs(owner: Logstore): Logstore | undefined {
  const { quarantine } = owner;
  if (quarantine === null) return undefined;
  const ttlDays = quarantine.ttlDays + MARGIN_DAYS;
  return companion(owner, { ...quarantine, ttlDays }, REPLAYS_SUFFIX, quarantine.replaysId);
}

export function companionsOf(owner: Logstore): readonly Logstore[] {
  return [quarantinedLogs(owner), settledLogs(owner)].filter((logstore) => logstore !== undefined);
}

/** The name of the owner of what has this name; undefined if it is no name of a companion. */
export function ownerName(name: string): string | undefined {
  const dot = name.indexOf('.');
  return dot === -1 ? undefined : name.slice(0, dot);
}

/** Addresses are kept as the owner wants it, since its tags are those of the logs. Nobody writes to it without being us. */
function companion(owner: Logstore, { ttlDays }: Quarantine, suffix: string, id: number): Logstore {
  const { project, appendMeta, createdAt, updatedAt, writeRules } = owner;
  return {
    id,
    project,
    name: `${owner.name}${suffix}`,
    webTracking: false,
    ttlDays,
    maxBytes: 0,
    appendMeta,
    createdAt,
    updatedAt,
    extras: {},
    index: null,
    writeRules: { ...OPEN_RULES, clientAddress: writeRules.clientAddress },
    quarantine: null,
  };
}
