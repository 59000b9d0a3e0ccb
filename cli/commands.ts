/** Every command that talks to a running service. A new one is a file and a row here. */
import type { Command } from './command.js';
import { deleteCommands } from './delete.js';
import { domainCommands } from './domain.js';
import { exploreCommands } from './explore.js';
import { exportCommand } from './export.js';
import { keyCommands } from './key.js';
import { logstoreCommands } from './logstore.js';
import { indexCommands } from './logstore-index.js';
import { nodeCommands } from './node.js';
import { projectCommands } from './project.js';
import { quarantineCommands } from './quarantine.js';
import { queryCommand } from './query.js';
import { refusalsCommand } from './refusals.js';
import { schemaCommands } from './schema.js';
import { statusCommand } from './status.js';
import { tailCommand } from './tail.js';

export const COMMANDS: readonly Command[] = [
  queryCommand,
  tailCommand,
  ...exploreCommands,
  exportCommand,
  ...deleteCommands,
  statusCommand,
  refusalsCommand,
  ...quarantineCommands,
  ...schemaCommands,
  ...projectCommands,
  ...logstoreCommands,
  ...indexCommands,
  ...keyCommands,
  ...domainCommands,
  ...nodeCommands,
];
