/** What a node reports of itself, as its status page has it. */
import type { Status, StoreStatus } from '../api/status.js';
import type { NodeReport, Readiness } from '../model/node.js';
import type { ServerHealth } from '../store/store.js';

export interface NodeFacts {
  readonly version: string;
  /** Null for a node by itself. */
  readonly name: string | null;
  /** Unix milliseconds. */
  readonly nowMs: number;
  readonly floorBytes: number;
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number };
  /** What was wrong with the store last, or null. */
  readonly storeError: string | null;
  /** Undefined if the store is no server of others. */
  readonly servers: readonly ServerHealth[] | undefined;
}

export function describeNode(report: NodeReport, facts: NodeFacts): Status {
  const { isReady, reasons } = judgeNode(report);
  return {
    version: facts.version,
    node: facts.name,
    ready: isReady,
    reasons,
    uptimeSeconds: Math.round((facts.nowMs - report.startedAtMs) / 1000),
    shards: report.workers.map(({ shard, pid, restarts, beat }) => ({
      shard,
      pid: pid ?? null,
      restarts,
      ready: beat?.ready.isReady ?? false,
      reasons: beat?.ready.reasons ?? ['starting'],
      figures: beat?.status ?? null,
    })),
    store:
      facts.servers === undefined
        ? describeStore(report.store, facts.storeError)
        : describeServers(facts.servers, facts.storeError),
    disk: { ...facts.disk, floorBytes: facts.floorBytes },
  };
}

/** A node is ready when each of its workers is: a client reaches any of them. */
export function judgeNode({ workers }: NodeReport): Readiness {
  const reasons = workers.flatMap(({ shard, beat }) => beat?.ready.reasons ?? [`shard ${shard}: starting`]);
  return { isReady: reasons.length === 0, reasons };
}

function describeStore(store: NodeReport['store'], lastError: string | null): StoreStatus {
  if (store === undefined) return { kind: 'none' };
  const state = store.isUp ? 'up' : store.generation <= 1 ? 'starting' : 'down';
  return { kind: 'embedded', state, lastError, restarts: Math.max(0, store.generation - 1) };
}

function describeServers(servers: readonly ServerHealth[], storeError: string | null): StoreStatus {
  const isKnown = servers.some(({ isUp, error }) => isUp || error !== null);
  const state = servers.some(({ isUp }) => isUp) ? 'up' : isKnown ? 'down' : 'starting';
  const ofServer = state === 'up' ? undefined : servers.find(({ error }) => error !== null);
  const lastError = storeError ?? ofServer?.error ?? null;
  return {
    kind: 'cluster',
    state,
    lastError,
    servers: servers.map(({ name, isUp, error }) => ({ url: name, isUp, error })),
  };
}
