/** What each gauge of this worker reads. Their names, and what they mean: platform/metrics.ts */
import type { TlsFiles } from '../http/tls-files.js';
import { ownReadiness } from './condition.js';
import type { NodeTasks } from './node-tasks.js';
import type { Parts } from './parts.js';

export function watchGauges(
  parts: Parts,
  tasks: NodeTasks | undefined,
  tls: TlsFiles | undefined,
  isStoreUp: () => boolean,
): void {
  const { metrics, spools, inFlight, keyCap, schemaWatch } = parts;
  metrics.watch('logboom_over_cap_groups', () => keyCap.overGroups);
  metrics.watch('logboom_schema_notices', () => schemaWatch.openNotices);
  metrics.watch('logboom_running_replays', () => tasks?.replayer.runningCount ?? 0);
  metrics.watch('logboom_ready', () => Number(ownReadiness(parts).isReady));
  metrics.watch('logboom_in_flight_bytes', () => inFlight.bytes);
  metrics.watch('logboom_spool_bytes', () => spools.sum('bytes'));
  metrics.watch('logboom_spool_unloaded_segments', () => spools.sum('unloadedSegments'));
  metrics.watch('logboom_spool_held_bytes', () => spools.sum('heldBytes'));
  metrics.watch('logboom_spool_quarantined_places', () => spools.sum('quarantinedPlaces'));
  metrics.watch('logboom_spool_set_aside_segments', () => spools.sum('setAsideSegments'));
  metrics.watch('logboom_disk_free_bytes', () => spools.own.spool.status().freeBytes);
  metrics.watch('logboom_load_lag_seconds', () => spools.lagSeconds);
  metrics.watch('logboom_deletion_age_seconds', () => tasks?.deletionAgeSeconds ?? 0);
  metrics.watch('logboom_size_cut_bytes', () => tasks?.sizes.cutBytes ?? 0);
  metrics.watch('logboom_size_limits_unreachable', () => tasks?.sizes.unreachable ?? 0);
  metrics.watch('logboom_loaded_logs', () => spools.loadedLogs);
  if (tls !== undefined) metrics.watch('logboom_tls_expires_at_seconds', () => tls.credentials.expiresAt);
  metrics.watch('logboom_store_up', () => Number(isStoreUp()));
}
