/** What a statement may take, as the engine is told and as we wait for it. */
import type { ClickHouseSettings } from '@clickhouse/client';
import type { QueryLimits } from './store.js';

/** What a query may take beyond its own limit, which the engine enforces: waiting for its turn, and stopping. */
const GRACE_MS = 10_000;

export function limitSettings({ timeMsMax, memoryBytesMax }: QueryLimits): ClickHouseSettings {
  return { max_execution_time: timeMsMax / 1000, max_memory_usage: String(memoryBytesMax) };
}

/** How long we wait for its end. */
export function patienceMs({ timeMsMax }: QueryLimits): number {
  return timeMsMax + GRACE_MS;
}
