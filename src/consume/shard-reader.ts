/**
 * Reads a shard of a logstore in its order: log groups as they were acknowledged, each once.
 *
 * Only what is certain to be complete is given: everything below `loaded`. There a number that the store does not have was
 * never acknowledged, or is too old, and is passed over; above it, it may be on its way.
 */
import type { ShardPosition } from '../model/shard-position.js';
import { StoreRefused } from '../store/store.js';
import type { ShardReaderDeps } from './deps.js';
import { type LogGroupList, LogGroupListWriter, newRoom, type Room } from './log-group-list.js';
import { type SeqRange, type ShardPlace, type StoredGroup, selectGroup, selectRows } from './statements.js';

export interface Pull {
  readonly place: ShardPlace;
  /** Where to begin, and before which number to end. */
  readonly from: number;
  readonly below: number;
  /** Log groups, at most. */
  readonly count: number;
}

export interface Pulled {
  /** Undefined if there is nothing to be had at present. Its bytes are valid until `release`. */
  readonly list: LogGroupList | undefined;
  readonly release: () => void;
  /** Where to go on; `from` if nothing has been passed. */
  readonly next: number;
  readonly position: ShardPosition;
}

/** What an answer holds, uncompressed. SLS: 10 MB. */
const ANSWER_BYTES_MAX = 10 * 1000 * 1000;

/** Log groups of unknown size to ask for; each may have that much. */
const GROUPS_FIRST = 16;

/** How much more an answer may ask for than the last one got: groups may be larger here. */
const GROWTH_MAX = 8;

/** A room that a huge log group has made larger than this is not kept. */
const KEPT_ROOM_BYTES_MAX = 2 * ANSWER_BYTES_MAX;

/** ClickHouse's code for more memory than the query may take. */
const MEMORY_LIMIT_EXCEEDED = 241;

/** Places whose pace is kept; the one that was not asked for the longest time is forgotten. */
const PACES_MAX = 10_000;

export class ShardReader {
  readonly #deps: ShardReaderDeps;
  /** By place: how many groups will about fill an answer. */
  readonly #paces = new Map<string, number>();
  /** One that is not in use. */
  #spareRoom: Room | undefined;

  constructor(deps: ShardReaderDeps) {
    this.#deps = deps;
  }

  /** The first log group of the range that is stored and was received since then (Unix seconds), or the last one. */
  async find(
    place: ShardPlace,
    range: SeqRange,
    which: 'first' | 'last',
    since?: number,
  ): Promise<{ seq: number; received: number } | undefined> {
    if (range.from >= range.below) return undefined;
    const { store, limits } = this.#deps;
    const statement = selectGroup(place, range, which, since);
    for await (const { seqText, received } of store.query<StoredGroup>(statement, limits, NEVER)) {
      return { seq: Number(seqText), received };
    }
    return undefined;
  }

  position(place: ShardPlace): Promise<ShardPosition> {
    return this.#deps.position(place);
  }

  async pull({ place, from, below, count }: Pull, signal: AbortSignal): Promise<Pulled> {
    const position = await this.position(place);
    const end = Math.min(below, position.loaded);
    const nothing = { list: undefined, next: from, position, release: () => {} };
    if (from >= end || count === 0) return nothing;
    const room = this.#takeRoom();
    const release = () => this.#giveBack(room);
    try {
      for (let start = from; ; ) {
        const list = await this.#read(place, { from: start, below: end }, count, position, room, signal);
        // The store may have forgotten what it had confirmed, and is about to get it again.
        if (list === undefined) return { ...nothing, release };
        if (list.groupCount > 0) return { list, next: list.lastSeq + 1, position, release };
        const first = await this.find(place, { from: start, below: end }, 'first');
        if (first === undefined) return { ...nothing, next: end, release };
        start = first.seq;
      }
    } catch (error) {
      release();
      throw error;
    }
  }

  #takeRoom(): Room {
    const room = this.#spareRoom ?? newRoom();
    this.#spareRoom = undefined;
    return room;
  }

  #giveBack(room: Room): void {
    const bytes = room.input.bytes.length + room.output.bytes.length;
    if (bytes <= KEPT_ROOM_BYTES_MAX) this.#spareRoom = room;
  }

  /** Undefined if the store that answered is not the one that the position is about. */
  async #read(
    place: ShardPlace,
    range: SeqRange,
    count: number,
    { storeRun }: ShardPosition,
    room: Room,
    signal: AbortSignal,
  ): Promise<LogGroupList | undefined> {
    const { store, limits } = this.#deps;
    const key = `${place.logstoreId} ${place.shard}`;
    const pace = this.#paces.get(key) ?? GROUPS_FIRST;
    for (let groups = Math.min(count, pace); ; groups = Math.ceil(groups / GROWTH_MAX)) {
      try {
        const below = Math.min(range.below, range.from + groups);
        const table = await store.table(signal);
        const rows = await store.queryBinary(selectRows(table, place, { from: range.from, below }), limits, signal);
        const columnKeys = table.pieces.columns.map(({ key }) => key);
        const writer = new LogGroupListWriter(ANSWER_BYTES_MAX, columnKeys, room);
        for await (const chunk of rows.bytes) writer.write(chunk);
        if (storeRun !== null && rows.generation !== storeRun) return undefined;
        const list = writer.end();
        this.#setPace(key, groups, list);
        return list;
      } catch (error) {
        const isTooMuch = error instanceof StoreRefused && error.code === MEMORY_LIMIT_EXCEEDED;
        if (!isTooMuch || groups === 1) throw error;
      }
    }
  }

  #setPace(key: string, asked: number, { groupCount, bytes }: LogGroupList): void {
    if (groupCount === 0) return;
    const filling = Math.ceil((ANSWER_BYTES_MAX / bytes.length) * groupCount);
    this.#paces.delete(key);
    this.#paces.set(key, Math.min(filling, asked * GROWTH_MAX));
    const [oldest] = this.#paces.keys();
    if (this.#paces.size > PACES_MAX && oldest !== undefined) this.#paces.delete(oldest);
  }
}

/** Small questions, which the store's own patience ends. */
const NEVER = new AbortController().signal;
