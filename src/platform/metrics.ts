/** Prometheus metrics of one worker. Every name stands here once; docs/operating.md lists them. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** How the figures of several workers become one. */
type Across = 'sum' | 'max' | 'min';

export const GAUGES = {
  logboom_running_replays: { across: 'sum', help: 'Replays of quarantined logs under way.' },
  logboom_ready: { across: 'min', help: '1 if writes are accepted.' },
  logboom_in_flight_bytes: { across: 'sum', help: 'Memory held by requests that are not answered yet.' },
  logboom_spool_bytes: { across: 'sum', help: 'Size of all spool segments.' },
  logboom_spool_unloaded_segments: { across: 'sum', help: 'Sealed segments that wait for the loader.' },
  logboom_spool_held_bytes: { across: 'sum', help: 'Size of loaded segments that are still kept.' },
  logboom_spool_quarantined_places: { across: 'sum', help: 'Damaged places found in spool segments since the start.' },
  logboom_spool_set_aside_segments: { across: 'sum', help: 'Segments that the store refused since the start.' },
  logboom_load_lag_seconds: { across: 'max', help: 'Age of the oldest group that is not in the store yet.' },
  logboom_loaded_logs: { across: 'sum', help: 'Logs that were confirmed by the store since the start.' },
  logboom_size_cut_bytes: {
    across: 'sum',
    help: 'Bytes of logs that were deleted for a limit on bytes, since the start.',
  },
  logboom_size_limits_unreachable: {
    across: 'max',
    help: 'Limits on bytes that the logs of the last hour alone exceed.',
  },
  logboom_deletion_age_seconds: { across: 'max', help: 'Age of the oldest deletion that is not finished.' },
  logboom_disk_free_bytes: { across: 'min', help: 'Free space where the spool is.' },
  logboom_tls_expires_at_seconds: { across: 'min', help: 'When the certificate ends, in Unix seconds.' },
  logboom_over_cap_groups: {
    across: 'sum',
    help: 'Log groups with keys over keysMax, now in __overflow__, since the start.',
  },
  logboom_schema_notices: {
    across: 'max',
    help: 'Changes of fields that nobody has acknowledged and that are not over.',
  },
  logboom_store_up: { across: 'min', help: '1 if the store answers.' },
} as const satisfies Record<string, { across: Across; help: string }>;

export type GaugeName = keyof typeof GAUGES;

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Below zero the client's clock is ahead. What is a little above may have waited in its batch, and on its way. */
const SKEW_SECONDS = [-86_400, -3600, -300, -60, -10, -1, 1, 10, 60, 300, 3600, 86_400];

/** A log group that is on stable storage. */
export interface StoredGroup {
  readonly logs: number;
  readonly bytes: number;
  /** From the request's headers to its acknowledgement. */
  readonly ms: number;
  /** How far its client's clock is behind ours; what its last log says, if it does. */
  readonly clientSkewMs: number | undefined;
}

export class Metrics {
  readonly registry = new Registry();
  readonly #answers = new Map<string, Map<string, number>>();
  readonly #rejects = new Map<string, number>();
  readonly #batches = new Map<string, number>();
  /** Logs that were acknowledged. */
  storedLogs = 0;
  readonly #logs = this.#counter('logboom_logs_total', 'Logs that were acknowledged.');
  readonly #bytes = this.#counter(
    'logboom_log_bytes_total',
    'Bytes of the bodies that were acknowledged, uncompressed.',
  );
  readonly #quarantined = this.#counter(
    'logboom_quarantined_logs_total',
    'Logs among them that went into a quarantine.',
  );
  readonly #replayed = this.#counter('logboom_replayed_logs_total', 'Logs that came out of a quarantine by a replay.');
  readonly #ack = this.#histogram(
    'logboom_ack_seconds',
    'From the headers of a tracked request to its acknowledgement.',
  );
  readonly #fsync = this.#histogram('logboom_fsync_seconds', 'Time of one fdatasync of the spool.');
  readonly #skew = this.#histogram(
    'logboom_client_skew_seconds',
    'Receive time less the time by the client, of the last log of each request that tells.',
    SKEW_SECONDS,
  );

  readonly #forgotten = this.#counter(
    'logboom_batch_ids_forgotten_total',
    'Identities of batches that were forgotten before their time, for there were too many.',
  );

  constructor() {
    const { registry } = this;
    registry.registerMetric(
      countedMap('logboom_batches_total', 'Requests with an identity, by what became of them.', ['outcome'], () =>
        [...this.#batches].map(([outcome, count]) => ({ labels: { outcome }, count })),
      ),
    );
    registry.registerMetric(
      countedMap('logboom_http_requests_total', 'Answers by listener and status.', ['listener', 'status'], () =>
        [...this.#answers].flatMap(([listener, byStatus]) =>
          [...byStatus].map(([status, count]) => ({ labels: { listener, status }, count })),
        ),
      ),
    );
    registry.registerMetric(
      countedMap('logboom_rejects_total', 'Errors answered on the public listener, by error code.', ['reason'], () =>
        [...this.#rejects].map(([reason, count]) => ({ labels: { reason }, count })),
      ),
    );
    collectDefaultMetrics({ register: registry });
  }

  /** The gauge is read whenever it is asked for. */
  watch(name: GaugeName, read: () => number): void {
    const { across: aggregator, help } = GAUGES[name];
    new Gauge({
      name,
      help,
      aggregator,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  countAnswer(listener: 'public' | 'admin', status: number, code: string): void {
    const byStatus = this.#answers.get(listener) ?? new Map<string, number>();
    this.#answers.set(listener, byStatus);
    const key = String(status);
    byStatus.set(key, (byStatus.get(key) ?? 0) + 1);
    if (code !== '' && listener === 'public') this.#rejects.set(code, (this.#rejects.get(code) ?? 0) + 1);
  }

  countStored({ logs, bytes, ms, clientSkewMs }: StoredGroup): void {
    this.storedLogs += logs;
    this.#logs.inc(logs);
    this.#bytes.inc(bytes);
    this.#ack.observe(ms / 1000);
    if (clientSkewMs !== undefined) this.#skew.observe(clientSkewMs / 1000);
  }

  countQuarantined(logs: number): void {
    this.#quarantined.inc(logs);
  }

  countBatch(outcome: 'stored' | 'known' | 'busy' | 'failed', forgotten: number): void {
    this.#batches.set(outcome, (this.#batches.get(outcome) ?? 0) + 1);
    this.#forgotten.inc(forgotten);
  }

  countReplayed(logs: number): void {
    this.#replayed.inc(logs);
  }

  countSync(ms: number): void {
    this.#fsync.observe(ms / 1000);
  }

  #counter(name: string, help: string): Counter {
    return new Counter({ name, help, registers: [this.registry] });
  }

  #histogram(name: string, help: string, buckets: readonly number[] = SECONDS): Histogram {
    return new Histogram({ name, help, buckets: [...buckets], registers: [this.registry] });
  }
}

/** A counter that is kept in a map of ours, because labels cost more than the rest of a small request's bookkeeping. */
function countedMap<Label extends string>(
  name: string,
  help: string,
  labelNames: Label[],
  read: () => { labels: Record<Label, string>; count: number }[],
): Counter<Label> {
  return new Counter({
    name,
    help,
    labelNames,
    registers: [],
    collect() {
      this.reset();
      for (const { labels, count } of read()) this.inc(labels, count);
    },
  });
}
