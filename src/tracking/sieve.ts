/**
 * A second look at a body that was refused, where the logstore has a quarantine: the logs that can be taken are taken, and the
 * others become logs of the quarantine. What is wrong with the batch as a whole - no JSON, no array of logs, tags, too many
 * logs - stays a refusal, as does everything once the quarantine has had more than its share.
 */
import type { QuarantineLimit } from '../guard/quarantine-limit.js';
import type { Logstore } from '../model/catalog.js';
import { TAG_BYTES_OF_ALL_LOGS_MAX } from '../model/limits.js';
import { type CanonicalBody, fitsLine } from '../model/log-group.js';
import { quarantinedLogs } from '../model/quarantine.js';
import type { BatchLabels, QuarantinedLog } from '../model/quarantined-log.js';
import { type AsideLog, SOURCE_BYTES_MAX } from './aside-log.js';
import type { Part } from './group-store.js';
import { createQueryForm, type QueryForm } from './query-form.js';
import { createScanner, type Scanner, type ScanResult } from './scan.js';
import type { TrackingSettings } from './settings.js';

export interface Sifted {
  /** What can be taken, which may be nothing, and the quarantined logs with the logstore that is for them. */
  readonly parts: readonly Part[];
  readonly quarantinedCount: number;
}

/** What is noted of the request. */
export type Sender = Pick<QuarantinedLog, 'request_id' | 'origin' | 'client'>;

/** Which a canonical body is without. */
const OPENING = Buffer.from('{');

export class Sieve {
  readonly #limit: QuarantineLimit;
  readonly #scanner: Scanner;
  readonly #readQueryForm: QueryForm;

  constructor({ logsPerRequestMax: logsMax, nonStringValues }: TrackingSettings, limit: QuarantineLimit) {
    this.#limit = limit;
    this.#scanner = createScanner({ logsMax, nonStringValues, setsAside: true });
    this.#readQueryForm = createQueryForm(this.#scanner);
  }

  /** `body` is valid UTF-8. Null if it stays refused. */
  siftBody(logstore: Logstore, body: Buffer, sender: () => Sender): Sifted | null {
    return this.#sift(logstore, () => this.#scanner.scan(body), sender);
  }

  siftQuery(logstore: Logstore, query: Readonly<Parameters<QueryForm>>, sender: () => Sender): Sifted | null {
    return this.#sift(logstore, () => this.#readQueryForm(...query), sender);
  }

  #sift(logstore: Logstore, scan: () => ScanResult, sender: () => Sender): Sifted | null {
    const quarantine = logstore.quarantine?.isOn ? quarantinedLogs(logstore) : undefined;
    if (quarantine === undefined || !this.#limit.hasRoom(logstore.id)) return null;
    const scanned = scan();
    if (scanned.kind === 'refused') return null;
    const { body, aside = [] } = scanned;
    const quarantined = quarantinedBody(labelsOf(body), aside, sender());
    if (quarantined === null) return null;
    this.#limit.take(
      logstore.id,
      aside.length,
      aside.reduce((sum, { text }) => sum + text.length, 0),
    );
    return {
      parts: [
        { logstore, body: this.#scanAlone(body) },
        { logstore: quarantine, body: quarantined },
      ],
      quarantinedCount: aside.length,
    };
  }

  /** The scan has seen the keys of all logs; those of the ones that were put aside are none of the logstore's. */
  #scanAlone(body: CanonicalBody): CanonicalBody {
    if (body.logCount === 0) return body;
    const scanned = this.#scanner.scan(Buffer.concat([OPENING, body.bytes.subarray(body.start, body.end)]));
    if (scanned.kind === 'refused') throw new Error(`a canonical body is refused: ${scanned.reason}`);
    return scanned.body;
  }
}

function labelsOf({ bytes, start, end }: CanonicalBody): BatchLabels {
  // A canonical body has these, at most, and they are as the type says.
  return JSON.parse(`{${bytes.toString('utf8', start, end)}`) as BatchLabels;
}

/** Null if the store could not load it, or the spool not hold it. */
function quarantinedBody(labels: BatchLabels, aside: readonly AsideLog[], sender: Sender): CanonicalBody | null {
  const { __topic__, __source__, __tags__ } = labels;
  const tagBytes = Buffer.byteLength(JSON.stringify(__tags__ ?? {}));
  if (tagBytes * aside.length > TAG_BYTES_OF_ALL_LOGS_MAX) return null;
  const __logs__ = aside.map((log) => quarantinedLog(log, sender));
  const bytes = Buffer.from(JSON.stringify({ __topic__, __source__, __tags__, __logs__ }));
  const body = { bytes, start: 1, end: bytes.length, logCount: aside.length, hasLogTags: false };
  return fitsLine(body) ? body : null;
}

function quarantinedLog(
  { text, bytes, index, fault, reason, offset, field }: AsideLog,
  sender: Sender,
): QuarantinedLog {
  return {
    reason: fault,
    detail: reason,
    field: field ?? undefined,
    offset: String(offset),
    index: String(index),
    ...sender,
    text,
    cut: bytes > SOURCE_BYTES_MAX ? 'true' : undefined,
    text_bytes: String(bytes),
  };
}
