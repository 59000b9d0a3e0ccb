/**
 * Looking through the held segments after the store was restarted, while new ones go on being loaded: a day's worth may be held.
 * The newest come first, as a store that was killed has lost its last writes, and many are counted at a time.
 */
import type { LogstoreRange, SealedSegment } from '../model/segment.js';
import type { SegmentLoad, Store } from '../store/store.js';

/** Segments are small where many are held. */
const TOGETHER_MAX = 500;

export class Verification {
  /** The run of the store that is looked at. */
  readonly generation: string;
  readonly #left: SealedSegment[];

  /** `held` begins with the oldest one. */
  constructor(generation: string, held: readonly SealedSegment[]) {
    this.generation = generation;
    this.#left = [...held];
  }

  get isOver(): boolean {
    return this.#left.length === 0;
  }

  /** The next ones to be looked at. They stay until they are `done`. */
  next(): readonly SealedSegment[] {
    return this.#left.slice(-TOGETHER_MAX);
  }

  done(segments: readonly SealedSegment[]): void {
    this.#left.length -= segments.length;
  }
}

/**
 * Whether the store has all logs of these segments, as far as counting them together can tell. False as well if it has more
 * than theirs, or if they are of several shards: then they have to be counted one by one.
 */
export async function hasAllTogether(
  store: Pick<Store, 'countSegment'>,
  loads: readonly SegmentLoad[],
  signal: AbortSignal,
): Promise<boolean> {
  const [first] = loads;
  if (first === undefined) return true;
  if (loads.some(({ segment }) => segment.shard !== first.segment.shard)) return false;
  const together = mergeLoads(first, loads);
  const expected = [...together.contents.logstores].filter(([id]) => !first.deadLogstores.includes(id));
  if (expected.length === 0) return true;
  const rows = await store.countSegment(together, signal);
  return expected.every(([id, { logs }]) => rows.get(id) === logs);
}

function mergeLoads(first: SegmentLoad, loads: readonly SegmentLoad[]): SegmentLoad {
  const logstores = new Map<number, LogstoreRange>();
  for (const { contents } of loads) {
    for (const [id, range] of contents.logstores) {
      const { logs, firstSeq, lastSeq } = logstores.get(id) ?? { ...range, logs: 0 };
      logstores.set(id, {
        logs: logs + range.logs,
        firstSeq: Math.min(firstSeq, range.firstSeq),
        lastSeq: Math.max(lastSeq, range.lastSeq),
      });
    }
  }
  const all = loads.map(({ contents }) => contents).filter(({ logCount }) => logCount > 0);
  return {
    ...first,
    contents: {
      ...first.contents,
      logstores,
      firstLogMs: Math.min(...all.map(({ firstLogMs }) => firstLogMs)),
      lastLogMs: Math.max(...all.map(({ lastLogMs }) => lastLogMs)),
    },
  };
}
