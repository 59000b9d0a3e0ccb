/**
 * All replays, in one worker of one node: that it alone writes its spool makes it certain that nobody else is at the same log.
 * What it is asked comes by way of the supervisor.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { ReplayInfo } from '../api/quarantine.js';
import { ApiError } from '../errors.js';
import { type Disk, ignoreMissing } from '../platform/disk.js';
import { filePlace } from '../platform/file-place.js';
import { KeptValue } from '../platform/kept-value.js';
import { Replay, type ReplayDeps } from './replay.js';
import { describeReplay, REPLAY_STATE, type ReplayState } from './replay-state.js';
import type { Rule } from './rule.js';
import type { AskedRange, Place } from './selection.js';

export type ReplayCall =
  | ({ readonly do: 'start'; readonly rule: Rule } & AskedRange & ReplayedPlace)
  | { readonly do: 'list'; readonly logstoreId: number }
  | { readonly do: 'cancel'; readonly logstoreId: number; readonly id: string };

type ReplayedPlace = Pick<ReplayState, 'logstoreId' | 'logsId' | 'settledId'>;

/** One for all that it may be told of: for `list` those of the logstore, newest first, and otherwise the one asked for. */
export type Replays = (call: ReplayCall) => Promise<readonly ReplayInfo[]>;

export interface ReplayerDeps extends ReplayDeps {
  /** Where it is kept what is known of replays; made when it is needed. */
  readonly directory: string;
  readonly disk: Disk;
}

/** At a time, of all logstores: each takes a part of the store's time. */
const RUNNING_MAX = 4;
/** What has ended is remembered so long, and so many at most. */
const REMEMBERED_MS_MAX = 28 * 24 * 3600 * 1000;
const REMEMBERED_MAX = 1000;

const FILE = /^[0-9a-f]{16}\.json$/;

export function idsOf({ owner, logs, settled }: Place): ReplayedPlace {
  return { logstoreId: owner.id, logsId: logs.id, settledId: settled.id };
}

/** Reads what is known, and goes on with what was running. */
export async function openReplayer(deps: ReplayerDeps): Promise<Replayer> {
  const names = (await fs.readdir(deps.directory).catch(ignoreMissing)) ?? [];
  const replayer = new Replayer(deps);
  for (const name of names.filter((one) => FILE.test(one))) {
    const file = replayer.openFile(name);
    const state = await file.read(deps.log);
    if (state !== undefined) replayer.add(new Replay(deps, file, state));
  }
  return replayer;
}

export class Replayer {
  readonly #deps: ReplayerDeps;
  readonly #replays = new Map<string, Replay>();

  constructor(deps: ReplayerDeps) {
    this.#deps = deps;
  }

  get runningCount(): number {
    return this.#running().length;
  }

  openFile(name: string): KeptValue<ReplayState> {
    const { directory, disk } = this.#deps;
    return new KeptValue({ place: filePlace(disk, path.join(directory, name)), schema: REPLAY_STATE });
  }

  /** One that is known already. */
  add(replay: Replay): void {
    this.#replays.set(replay.state.id, replay);
    if (replay.state.state === 'running') replay.begin();
  }

  /** Throws ReplayRunning, ReplayNotExist and ServerBusy. */
  async answer(call: ReplayCall): Promise<readonly ReplayInfo[]> {
    switch (call.do) {
      case 'list':
        return this.#list(call.logstoreId);
      case 'start':
        return [describeReplay((await this.#start(call)).state)];
      case 'cancel': {
        const replay = this.#replays.get(call.id);
        if (replay?.state.logstoreId !== call.logstoreId) throw new ApiError('ReplayNotExist', { id: call.id });
        replay.cancel();
        return [describeReplay(replay.state)];
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#replays.values()].map((replay) => replay.stop()));
  }

  #list(logstoreId: number): ReplayInfo[] {
    return [...this.#replays.values()]
      .filter(({ state }) => state.logstoreId === logstoreId)
      .map(({ state }) => describeReplay(state))
      .sort((a, b) => b.createdAt - a.createdAt);
  }

  async #start(call: ReplayCall & { do: 'start' }): Promise<Replay> {
    const running = this.#running();
    const other = running.find(({ state }) => state.logstoreId === call.logstoreId);
    if (other !== undefined) throw new ApiError('ReplayRunning', { id: other.state.id });
    if (running.length >= RUNNING_MAX) throw new ApiError('ServerBusy');
    const { do: _, ...asked } = call;
    const state: ReplayState = {
      v: 1,
      id: randomBytes(8).toString('hex'),
      ...asked,
      state: 'running',
      trouble: null,
      createdAt: this.#deps.clock.wallMs() / 1000,
      endedAt: null,
      total: null,
      bounds: null,
      place: null,
      counts: { stored: 0, dropped: 0, stillBad: 0, settledBefore: 0 },
      intent: null,
    };
    const file = this.openFile(`${state.id}.json`);
    const replay = new Replay(this.#deps, file, state);
    // Before anything is waited for, so that no second one can begin.
    this.#replays.set(state.id, replay);
    try {
      await this.#deps.disk.makeDirectory(this.#deps.directory);
      await file.save(() => replay.state);
    } catch (cause) {
      this.#replays.delete(state.id);
      throw new ApiError('ServerBusy', {}, { cause });
    }
    replay.begin();
    await this.#forget();
    return replay;
  }

  #running(): Replay[] {
    return [...this.#replays.values()].filter(({ state }) => state.state === 'running');
  }

  async #forget(): Promise<void> {
    const oldest = (this.#deps.clock.wallMs() - REMEMBERED_MS_MAX) / 1000;
    const ended = [...this.#replays.values()].filter(({ state }) => state.endedAt !== null);
    const newestFirst = ended.sort((a, b) => (b.state.endedAt ?? 0) - (a.state.endedAt ?? 0));
    for (const [i, { state }] of newestFirst.entries()) {
      if ((state.endedAt ?? 0) >= oldest && i < REMEMBERED_MAX) continue;
      this.#replays.delete(state.id);
      await fs.unlink(path.join(this.#deps.directory, `${state.id}.json`)).catch(ignoreMissing);
    }
  }
}
