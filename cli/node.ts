/** `logboom node …` */
import type { NodeList } from '../src/api/nodes.js';
import { apiPath } from './client.js';
import type { Command } from './command.js';
import { confirm } from './confirm.js';
import { printTable } from './table.js';
import { escapeForTerminal } from './terminal.js';
import { formatSeconds, formatTime } from './units.js';

export const nodeCommands: readonly Command[] = [
  {
    name: 'node list',
    arguments: [],
    doc: 'Lists the nodes of a cluster.',
    options: { json: { doc: 'As JSON, a node a line.' } },
    async run({ isSet, client, machine }) {
      const { nodes } = await client.json<NodeList>('GET', apiPath('nodes'));
      if (isSet('json')) {
        for (const node of nodes) await machine.write(`${escapeForTerminal(JSON.stringify(node))}\n`);
        return;
      }
      if (nodes.length === 0) {
        await machine.write('This node is by itself.\n');
        return;
      }
      const rows = nodes.map(({ name, state, url, shards, joinedAt, load }) => [
        name,
        state,
        url ?? '',
        shards.join(','),
        load === null ? '' : `${load.unloadedSegments} segments`,
        load === null ? '' : formatSeconds(load.loadLagSeconds),
        formatTime(joinedAt),
      ]);
      await machine.write(printTable(['NODE', 'STATE', 'URL', 'SHARDS', 'TO LOAD', 'LAG', 'JOINED (UTC)'], rows));
    },
  },
  {
    name: 'node seal',
    arguments: ['NODE'],
    doc: 'Says that a node is gone for good, so that nobody waits for it any more.',
    options: { yes: { doc: 'Do not ask.' } },
    async run(call) {
      const [node = ''] = call.arguments;
      await confirm(call, `Seal node ${node}? What it had not loaded is lost, and it cannot come back.`);
      await call.client.json('POST', apiPath('nodes', node, 'seal'));
      await call.machine.write(`Sealed node ${escapeForTerminal(node)}.\n`);
    },
  },
];
