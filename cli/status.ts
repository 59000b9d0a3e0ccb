/** `logboom status` */
import type { ShardStatus, Status, StoreStatus } from '../src/api/status.js';
import { apiPath } from './client.js';
import type { Command } from './command.js';
import { printTable } from './table.js';
import { escapeForTerminal } from './terminal.js';
import { formatBytes, formatSeconds } from './units.js';

export const statusCommand: Command = {
  name: 'status',
  arguments: [],
  doc: 'Shows how the service is doing: spool, loading, store, disk.',
  options: { json: { doc: 'As JSON, on one line.' } },
  async run({ isSet, client, machine }) {
    const status = await client.json<Status>('GET', apiPath('status'));
    await machine.write(isSet('json') ? `${escapeForTerminal(JSON.stringify(status))}\n` : printStatus(status));
  },
};

function printStatus(status: Status): string {
  const { version, node, ready, reasons, uptimeSeconds, shards, store, disk } = status;
  const state = ready ? 'ready' : `NOT READY: ${reasons.join('; ')}`;
  return [
    escapeForTerminal(
      `Logboom ${version}${node === null ? '' : `, node ${node}`}, up ${formatSeconds(uptimeSeconds)}, ${state}`,
    ),
    escapeForTerminal(`Store   ${describeStore(store)}`),
    `Disk    ${formatBytes(disk.freeBytes)} of ${formatBytes(disk.totalBytes)} free, ` +
      `new logs are refused below ${formatBytes(disk.floorBytes)}`,
    '',
    printTable(SHARD_HEADINGS, shards.map(shardRow)),
  ].join('\n');
}

const SHARD_HEADINGS = [
  'SHARD',
  'PID',
  'STATE',
  'RESTARTS',
  'SPOOL',
  'HELD',
  'TO LOAD',
  'LAG',
  'ACKNOWLEDGED',
  'DAMAGED LINES',
  'SET ASIDE',
];

function shardRow({ shard, pid, ready, reasons, restarts, figures }: ShardStatus): string[] {
  const state = ready ? 'ready' : reasons.join('; ') || 'not ready';
  const process = [`${shard}`, `${pid ?? '-'}`, state, `${restarts}`];
  if (figures === null) return process;
  return [
    ...process,
    formatBytes(figures.spoolBytes),
    formatBytes(figures.heldBytes),
    `${figures.unloadedSegments} segments`,
    formatSeconds(figures.loadLagSeconds),
    `${figures.acknowledgedLogs} logs`,
    `${figures.quarantinedPlaces}`,
    `${figures.setAsideSegments}`,
  ];
}

function describeStore(store: StoreStatus): string {
  if (store.kind === 'none') return 'none; logs are kept in the spool';
  const trouble = store.lastError === null ? '' : `, last error: ${store.lastError}`;
  if (store.kind === 'embedded') return `embedded, ${store.state}, ${store.restarts} restarts${trouble}`;
  const servers = store.servers.map(({ url, isUp, error }) => `; ${url} ${isUp ? 'up' : (error ?? 'not asked yet')}`);
  return `${store.kind}, ${store.state}${trouble}${servers.join('')}`;
}
