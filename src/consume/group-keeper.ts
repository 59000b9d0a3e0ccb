/** The one keeper of all consumer groups: what is saved is on stable storage, who holds what is in memory. */
import { ApiError } from '../errors.js';
import type { Clock } from '../platform/clock.js';
import type { Log } from '../platform/diagnostics.js';
import type { KeptPlace } from '../platform/kept-value.js';
import type { Checkpoint, ConsumerGroups, GroupName, GroupSettings } from './consumer-groups.js';
import { keptGroups, type StoredGroup } from './kept-groups.js';
import { Membership } from './membership.js';

export interface GroupKeeperOptions {
  readonly place: KeptPlace;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether the logstore is still there; groups of those that are not are dropped. */
  readonly hasLogstore: (id: number) => boolean;
}

export interface GroupKeeper extends ConsumerGroups {
  close(): Promise<void>;
}

/** Of a logstore. SLS: 20 to 30. */
const GROUPS_MAX = 30;

interface KeptGroup {
  readonly logstoreId: number;
  readonly name: string;
  settings: GroupSettings;
  /** By shard. */
  readonly checkpoints: Map<number, Checkpoint>;
  readonly membership: Membership;
}

export async function openGroupKeeper({ place, clock, log, hasLogstore }: GroupKeeperOptions): Promise<GroupKeeper> {
  const kept = keptGroups(place);
  const groups = new Map<string, KeptGroup>();
  for (const { logstoreId, name, timeout, order, checkpoints } of (await kept.read(log))?.groups ?? []) {
    // Its consumers were told what to hold by a process that is gone.
    const settledAtMs = clock.monotonicMs() + timeout * 1000;
    groups.set(keyOf({ logstoreId, group: name }), {
      logstoreId,
      name,
      settings: { timeout, order },
      checkpoints: new Map(checkpoints.map((checkpoint) => [checkpoint.shard, checkpoint])),
      membership: new Membership(settledAtMs),
    });
  }

  function find(name: GroupName): KeptGroup {
    const group = groups.get(keyOf(name));
    if (group === undefined) throw new ApiError('ConsumerGroupNotExist');
    return group;
  }

  function ofLogstore(logstoreId: number): KeptGroup[] {
    return [...groups.values()].filter((group) => group.logstoreId === logstoreId);
  }

  async function save(): Promise<void> {
    try {
      for (const [key, { logstoreId }] of groups) if (!hasLogstore(logstoreId)) groups.delete(key);
      await kept.save(() => ({ v: 1, groups: [...groups.values()].map(stored) }));
    } catch (cause) {
      log.error({ err: cause }, 'the consumer groups could not be written');
      throw new ApiError('ServerBusy', {}, { cause });
    }
  }

  return {
    async listGroups({ logstoreId }) {
      return ofLogstore(logstoreId)
        .map(({ name, settings }) => ({ name, ...settings }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async createGroup({ logstoreId, group, timeout, order }) {
      const name = { logstoreId, group };
      if (groups.has(keyOf(name))) throw new ApiError('ConsumerGroupAlreadyExist');
      if (ofLogstore(logstoreId).length >= GROUPS_MAX) throw new ApiError('ExceedQuota', { max: GROUPS_MAX });
      groups.set(keyOf(name), {
        logstoreId,
        name: group,
        settings: { timeout, order },
        checkpoints: new Map(),
        membership: new Membership(clock.monotonicMs()),
      });
      await save();
    },
    async updateGroup({ timeout, order, ...name }) {
      const group = find(name);
      group.settings = { timeout: timeout ?? group.settings.timeout, order: order ?? group.settings.order };
      await save();
    },
    async deleteGroup(name) {
      find(name);
      groups.delete(keyOf(name));
      await save();
    },
    async heartbeat({ consumer, holds, shards, ...name }) {
      const { membership, settings } = find(name);
      const [nowMs, timeoutMs] = [clock.monotonicMs(), settings.timeout * 1000];
      return membership.heartbeat({ consumer, holds, shards, nowMs, timeoutMs });
    },
    async saveCheckpoint({ shard, checkpoint, consumer, isForced, ...name }) {
      const { membership, settings, checkpoints } = find(name);
      if (!isForced) {
        const nowMs = clock.monotonicMs();
        membership.forget(nowMs, settings.timeout * 1000);
        const holder = membership.holder(shard);
        // After a start a holder may save before it is heard of.
        const mayBe = !membership.isSettled(nowMs) && holder === undefined;
        if (!membership.has(consumer) && !mayBe) throw new ApiError('ConsumerNotExsit');
        if (holder !== consumer && !mayBe) throw new ApiError('ConsumerNotMatch');
      }
      checkpoints.set(shard, { shard, checkpoint, updateTime: clock.wallMs() * 1000, consumer });
      await save();
    },
    async checkpoints(name) {
      return [...find(name).checkpoints.values()].sort((a, b) => a.shard - b.shard);
    },
    close: () => kept.close(),
  };
}

function keyOf({ logstoreId, group }: GroupName): string {
  return `${logstoreId} ${group}`;
}

function stored({ logstoreId, name, settings, checkpoints }: KeptGroup): StoredGroup {
  return { logstoreId, name, ...settings, checkpoints: [...checkpoints.values()] };
}
