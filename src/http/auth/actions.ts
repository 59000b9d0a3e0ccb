/** What signed requests do, by the names that SLS's access policies have for it, and the role each of them takes. */
import type { Role } from '../../model/access-key.js';

export const ACTIONS = {
  'log:CreateProject': 'manage',
  'log:GetProject': 'read',
  'log:UpdateProject': 'manage',
  'log:DeleteProject': 'manage',
  'log:ListProject': 'read',
  'log:CreateLogStore': 'manage',
  'log:GetLogStore': 'read',
  'log:UpdateLogStore': 'manage',
  'log:DeleteLogStore': 'manage',
  'log:ListLogStores': 'read',
  'log:CreateIndex': 'manage',
  'log:GetIndex': 'read',
  'log:UpdateIndex': 'manage',
  'log:DeleteIndex': 'manage',
  'log:ListShards': 'read',
  'log:SplitShard': 'manage',
  'log:MergeShards': 'manage',
  'log:PostLogStoreLogs': 'write',
  'log:GetLogStoreLogs': 'read',
  'log:GetLogStoreHistogram': 'read',
  'log:GetLogStoreContextLogs': 'read',
  'log:ListTopics': 'read',
  'log:GetProjectLogs': 'read',
  'log:GetCursorOrData': 'read',
  // Whoever consumes makes the group for it: libraries do so at every start.
  'log:CreateConsumerGroup': 'read',
  'log:UpdateConsumerGroup': 'read',
  'log:ListConsumerGroup': 'read',
  'log:DeleteConsumerGroup': 'manage',
  'log:ConsumerGroupHeartBeat': 'read',
  'log:ConsumerGroupUpdateCheckPoint': 'read',
  'log:GetConsumerGroupCheckPoint': 'read',
} as const satisfies Record<string, Role>;

export type Action = keyof typeof ACTIONS;
