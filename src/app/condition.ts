/** How this worker is, and with what all workers report, how the node is. */
import { AggregatorRegistry } from 'prom-client';
import { describeNode, judgeNode } from '../admin/node-status.js';
import type { ShardFigures } from '../api/status.js';
import { nodeOfShard } from '../model/cluster.js';
import type { Readiness } from '../model/node.js';
import { systemClock } from '../platform/clock.js';
import { readVersion } from '../platform/version.js';
import type { AppDeps } from '../supervisor/app-contract.js';
import type { Parts } from './parts.js';

export function ownReadiness({ deps, spools, stopping }: Parts): Readiness {
  const reason = stopping.signal.aborted ? 'stopping' : spools.own.spool.unreadiness();
  return { isReady: reason === null, reasons: reason === null ? [] : [`shard ${deps.shard}: ${reason}`] };
}

/** This worker's figures, for everyone's status page. */
export function ownFigures({ spools, metrics }: Parts): ShardFigures {
  return {
    spoolBytes: spools.sum('bytes'),
    unloadedSegments: spools.sum('unloadedSegments'),
    loadLagSeconds: spools.lagSeconds,
    heldBytes: spools.sum('heldBytes'),
    quarantinedPlaces: spools.sum('quarantinedPlaces'),
    setAsideSegments: spools.sum('setAsideSegments'),
    acknowledgedLogs: metrics.storedLogs,
  };
}

/** A single worker need not ask anybody. */
export async function readNode(parts: Parts): Promise<Readiness> {
  const own = ownReadiness(parts);
  return parts.deps.config.workers === 1 || !own.isReady ? own : judgeNode(await parts.deps.supervisor.report(null));
}

export async function readStatus({ deps, spools, store, catalog }: Parts) {
  const { spool, loader } = spools.own;
  const { freeBytes, totalBytes } = spool.status();
  return describeNode(await deps.supervisor.report(null), {
    version: readVersion(),
    name: nodeOfShard(catalog.nodes(), deps.shard)?.name ?? null,
    nowMs: systemClock.wallMs(),
    floorBytes: deps.config.spoolFreeBytesMin,
    disk: { freeBytes, totalBytes },
    storeError: loader?.status().lastError ?? null,
    servers: deps.config.store === 'cluster' ? store?.servers() : undefined,
  });
}

/** All workers' figures as one, in Prometheus' text format. */
export async function gatherMetrics(deps: AppDeps): Promise<{ contentType: string; text: string }> {
  const { workers } = await deps.supervisor.report(null);
  const registry = AggregatorRegistry.aggregate(
    workers.flatMap(({ metrics }) => (metrics === undefined ? [] : [metrics])),
  );
  return { contentType: registry.contentType, text: await registry.metrics() };
}
