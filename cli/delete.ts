/** `logboom delete` and `logboom deletion …` */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deletion, DeletionList, DeletionPreview, DeletionRequest, DeletionState } from '../src/api/deletions.js';
import type { Call, Command } from './command.js';
import { confirm } from './confirm.js';
import { Failure } from './failure.js';
import { withProgress } from './progress.js';
import { LOGSTORE_OPTIONS, logstorePath, readSelection, SELECTION_OPTIONS } from './selection.js';
import { printTable } from './table.js';
import { escapeForTerminal } from './terminal.js';
import { formatTime } from './units.js';

const LOOK_EVERY_MS = 500;

/** Whoever goes on writing such logs for longer has to be stopped first. */
const ROUNDS_MAX = 10;

const FINISHED: readonly DeletionState[] = ['done', 'cancelled', 'failed'];

export const deleteCommands: readonly Command[] = [
  {
    name: 'delete',
    arguments: ['QUERY'],
    doc: 'Deletes all logs that a search finds, for good, in files as well. docs/privacy.md tells what it takes and what is left.',
    options: {
      ...SELECTION_OPTIONS,
      from: { ...SELECTION_OPTIONS.from, default: '0' },
      // The latest time that a log can have.
      to: { ...SELECTION_OPTIONS.to, default: '9223372036' },
      everything: { doc: 'The search may find every log.' },
      reference: { form: 'TEXT', doc: 'Why, for the list: the number of a ticket, and nothing that names a person.' },
      yes: { doc: 'Do not ask.' },
      detach: { doc: 'Do not wait until they are gone; logboom deletion list tells how far it is.' },
      repeat: { doc: 'Again as long as such logs have come meanwhile, ten times at most.' },
    },
    async run(call) {
      for (let round = 1; ; round += 1) {
        const { logs, samples } = await preview(call);
        if (logs === 0) return call.machine.write(round === 1 ? 'No log matches.\n' : 'No other log matches.\n');
        if (round > ROUNDS_MAX) throw new Failure('refused', `${logs} more logs have come: stop whoever writes them`);
        if (round === 1) {
          for (const { log } of samples) call.machine.warn(`${escapeForTerminal(JSON.stringify(log))}\n`);
          await confirm(call, `Delete ${logs} logs for good, the newest of which are these?`);
        }
        await deleteOnce(call);
        if (!call.isSet('repeat') || call.isSet('detach')) return;
      }
    },
  },
  {
    name: 'deletion list',
    arguments: [],
    doc: 'Lists what was deleted of a logstore by search in the last year: when, by whose key, how much, and how far it is.',
    options: { ...LOGSTORE_OPTIONS, json: { doc: 'As JSON, a deletion a line.' } },
    async run(call) {
      const { deletions } = await call.client.json<DeletionList>('GET', logstorePath(call, 'deletions'));
      if (call.isSet('json')) {
        for (const one of deletions) await call.machine.write(`${escapeForTerminal(JSON.stringify(one))}\n`);
        return;
      }
      const rows = deletions.map((one) => [
        one.id,
        formatTime(one.createdAt),
        one.accessKeyId,
        one.state,
        one.logs === null ? '-' : `${one.deletedLogs} of ${one.logs}`,
        one.reference,
        one.problem ?? '',
      ]);
      const headings = ['DELETION', 'BEGUN (UTC)', 'ACCESS KEY', 'STATE', 'LOGS', 'REFERENCE', 'PROBLEM'];
      await call.machine.write(printTable(headings, rows));
    },
  },
  {
    name: 'deletion cancel',
    arguments: ['DELETION'],
    doc: 'Cancels a deletion while it is waiting.',
    options: LOGSTORE_OPTIONS,
    async run(call) {
      await call.client.json('DELETE', logstorePath(call, 'deletions', call.arguments[0] ?? ''));
      await call.machine.write('Cancelled; nothing was deleted.\n');
    },
  },
];

function preview(call: Call): Promise<DeletionPreview> {
  const ask = () =>
    call.client.answer<DeletionPreview>('POST', logstorePath(call, 'deletions', 'preview'), requestOf(call));
  return withProgress(call.machine, () => 'counting', ask);
}

/** Begins a deletion and, unless told otherwise, waits for its end. */
async function deleteOnce(call: Call): Promise<void> {
  const { client, machine } = call;
  let deletion = await client.json<Deletion>('POST', logstorePath(call, 'deletions'), requestOf(call));
  const path = logstorePath(call, 'deletions', deletion.id);
  if (call.isSet('detach')) return machine.write(`Deletion ${deletion.id} is ${deletion.state}.\n`);
  await withProgress(
    machine,
    () => describe(deletion),
    async () => {
      while (!FINISHED.includes(deletion.state)) {
        await sleep(LOOK_EVERY_MS, undefined, { signal: machine.signal }).catch((cause: unknown) => {
          throw new Failure('interrupted', `deletion ${deletion.id} goes on by itself`, { cause });
        });
        deletion = await client.json<Deletion>('GET', path);
      }
    },
  );
  const { id, state, problem, deletedLogs, unsearched } = deletion;
  if (state !== 'done')
    throw new Failure('refused', `deletion ${id} was ${state}: ${escapeForTerminal(problem ?? '')}`);
  await machine.write(`Deleted ${deletedLogs} logs (deletion ${id}).\n`);
  if (unsearched.length === 0) return;
  machine.warn('logboom: these files cannot be searched; look into them, or remove them:\n');
  for (const file of unsearched) machine.warn(`  ${escapeForTerminal(file)}\n`);
}

function describe({ state, logs, deletedLogs, problem }: Deletion): string {
  const count = logs === null ? '' : `, ${deletedLogs} of ${logs} logs`;
  return escapeForTerminal(`${state}${count}${problem === null ? '' : `: ${problem}`}`);
}

function requestOf(call: Call): DeletionRequest {
  const [query = ''] = call.arguments;
  const { from, to } = readSelection(call);
  return { query, from, to, everything: call.isSet('everything'), reference: call.option('reference') };
}
