/** Consumer groups as the workers ask for them. One process answers, so that all agree. Everything is plain JSON. */

export interface GroupSettings {
  /** A consumer that has not been heard of for so long, in seconds, is gone. */
  readonly timeout: number;
  /** Kept for clients. Shards are never split here, so that order needs nothing. */
  readonly order: boolean;
}

export interface ConsumerGroup extends GroupSettings {
  readonly name: string;
}

/** Names a group: that of a logstore that was deleted is gone with it. */
export interface GroupName {
  readonly logstoreId: number;
  readonly group: string;
}

export interface Checkpoint {
  /** As clients number shards, from 0 on. */
  readonly shard: number;
  /** The cursor of the next log group to read. */
  readonly checkpoint: string;
  /** Unix microseconds. */
  readonly updateTime: number;
  readonly consumer: string;
}

export interface Heartbeat extends GroupName {
  readonly consumer: string;
  /** The shards that the consumer holds or is still finishing. */
  readonly holds: readonly number[];
  /** Every shard of the logstore. */
  readonly shards: readonly number[];
}

export interface CheckpointUpdate extends GroupName {
  readonly shard: number;
  readonly checkpoint: string;
  readonly consumer: string;
  /** Whoever holds the shard. */
  readonly isForced: boolean;
}

/** All but the first throw ConsumerGroupNotExist. What changes is on stable storage when they resolve; else ServerBusy. */
export interface ConsumerGroups {
  /** By name. */
  listGroups(place: { readonly logstoreId: number }): Promise<readonly ConsumerGroup[]>;
  /** Throws ConsumerGroupAlreadyExist and ExceedQuota. */
  createGroup(group: GroupName & GroupSettings): Promise<void>;
  updateGroup(change: GroupName & { [Name in keyof GroupSettings]?: GroupSettings[Name] | undefined }): Promise<void>;
  deleteGroup(name: GroupName): Promise<void>;
  /** Resolves to the shards that the consumer should hold from now on. */
  heartbeat(beat: Heartbeat): Promise<readonly number[]>;
  /** Throws ConsumerNotExsit and ConsumerNotMatch where it is not forced. */
  saveCheckpoint(update: CheckpointUpdate): Promise<void>;
  /** Those that were saved, by shard. */
  checkpoints(name: GroupName): Promise<readonly Checkpoint[]>;
}
