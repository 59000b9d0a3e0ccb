/** A store that stands still while logs arrive, and how soon a node has brought it what it missed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { readMetric } from '../../test/support/metrics.js';
import type { Service } from '../../test/support/service.js';
import { countLogs } from './ask-store.js';
import type { MeasuredNodes, NodeLoad } from './measured-nodes.js';
import { waitUntil } from './wait-until.js';

export interface Outage {
  /** Logs a second that were acknowledged, from the outage's beginning until all was loaded. */
  readonly arrived: number;
  /** Logs that waited when the store went on. */
  readonly backlog: number;
  /** From then until the first of them was loaded. */
  readonly firstMs: number;
  /** From the first that was loaded until no more waited than without an outage. */
  readonly drainMs: number;
  /** Logs a second that were loaded in that time. */
  readonly drained: number;
  /** CPU seconds of the store for a million of them. */
  readonly storeCpu: number;
  /** Acknowledged, and found in the store at the end. */
  readonly acknowledged: number;
  readonly found: number;
}

/** A segment that is being written, and one that is being loaded. */
const USUAL_LAG_MS = 2500;
const LOOK_EVERY_MS = 100;
const DRAIN_MS_MAX = 120_000;

/** Of one node before one store. Logs go on to arrive until all is loaded, and the store has nothing else to do. */
export async function standOutage(
  measured: MeasuredNodes,
  load: Omit<NodeLoad, 'durationMs'> & { readonly logsPerRequest: number },
  outageMs: number,
): Promise<Outage> {
  const [node] = measured.nodes;
  if (node === undefined || measured.nodes.length > 1) throw new Error('one node, please');
  const { logsPerRequest, ...requests } = load;
  const usual = (requests.rate * logsPerRequest * USUAL_LAG_MS) / 1000;

  await measured.empty();
  const [before, startedMs] = [await readCounts(node), performance.now()];
  const arriving = new AbortController();
  measured.signalStore('SIGSTOP');
  const sent = measured.send({ ...requests, durationMs: outageMs + DRAIN_MS_MAX, signal: arriving.signal });
  try {
    await sleep(outageMs);
  } finally {
    measured.signalStore('SIGCONT');
  }

  const [atEnd, cpuBefore, endMs] = [await readCounts(node), measured.cpu().store, performance.now()];
  let [counts, firstMs] = [atEnd, endMs];
  while (counts.acknowledged - counts.loaded > usual) {
    if (performance.now() > endMs + DRAIN_MS_MAX) throw new Error('the backlog does not end');
    await sleep(LOOK_EVERY_MS);
    counts = await readCounts(node);
    if (counts.loaded === atEnd.loaded) firstMs = performance.now();
  }
  const [drainedMs, cpuAfter] = [performance.now(), measured.cpu().store];
  arriving.abort();
  const acknowledged = (await sent).reduce((sum, { ok }) => sum + ok, 0) * logsPerRequest;
  await waitUntil(async () => (await countLogs(measured.store)) >= acknowledged);

  const drained = counts.loaded - atEnd.loaded;
  return {
    arrived: ((counts.acknowledged - before.acknowledged) * 1000) / (drainedMs - startedMs),
    backlog: atEnd.acknowledged - atEnd.loaded,
    firstMs: firstMs - endMs,
    drainMs: drainedMs - firstMs,
    drained: (drained * 1000) / (drainedMs - firstMs),
    storeCpu: ((cpuAfter - cpuBefore) * 1e6) / drained,
    acknowledged,
    found: await countLogs(measured.store),
  };
}

interface Counts {
  readonly acknowledged: number;
  readonly loaded: number;
}

/** Since the node's start. */
async function readCounts(node: Service): Promise<Counts> {
  const [acknowledged, loaded] = await Promise.all([
    readMetric(node, 'logboom_logs_total'),
    readMetric(node, 'logboom_loaded_logs'),
  ]);
  return { acknowledged, loaded };
}
