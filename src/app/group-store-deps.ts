/** What every way of writing needs: anonymous tracking, the signed PutLogs and the console's test log. */
import { systemClock } from '../platform/clock.js';
import type { GroupStoreDeps } from '../tracking/group-store.js';
import type { TargetFinder } from '../tracking/target.js';
import type { Parts } from './parts.js';

export function groupStoreDeps(parts: Parts): GroupStoreDeps {
  const { deps, spools, inFlight, settings, keptAddress, keyCap, schemaWatch, metrics } = parts;
  return {
    spool: spools.own.spool,
    inFlight,
    clientAddress: settings.clientAddress,
    keptAddress,
    keyCap,
    sampler: schemaWatch.sampler,
    clock: systemClock,
    log: deps.log,
    onStored: (group) => metrics.countStored(group),
    batches: deps.batches,
    onBatch: (outcome, forgotten) => metrics.countBatch(outcome, forgotten),
  };
}

/** Where an anonymous request goes. */
export function targetFinder({ deps, settings, catalog }: Parts): TargetFinder {
  return { resolveHost: settings.resolveHost, defaultProject: deps.config.defaultProject, catalog };
}
