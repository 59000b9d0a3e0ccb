/** `logboom histogram`, `logboom fields` and `logboom top`: what there is, before anyone looks at single logs. */
import type {
  FacetsAnswer,
  FacetsRequest,
  FieldsAnswer,
  FieldsRequest,
  HistogramAnswer,
  HistogramRequest,
  QueryMeta,
} from '../src/api/query.js';
import type { Call, Command } from './command.js';
import { Failure } from './failure.js';
import { withProgress } from './progress.js';
import { logstorePath, readCount, readSelection, SELECTION_OPTIONS } from './selection.js';
import { printTable } from './table.js';
import { escapeForTerminal } from './terminal.js';
import { formatTime } from './units.js';

const JSON_OPTION = { json: { doc: 'As JSON, on one line.' } };

/** Of the fullest bucket. */
const BAR_LENGTH = 50;

export const exploreCommands: readonly Command[] = [
  {
    name: 'histogram',
    arguments: ['[QUERY]'],
    doc: 'Counts the logs that match over the range of time.',
    options: {
      ...SELECTION_OPTIONS,
      buckets: { form: 'N', default: '30', doc: 'At most so many counts, of a usual width.' },
      by: { form: 'FIELD', doc: 'Counts the most frequent values of this field apart.' },
      ...JSON_OPTION,
    },
    async run(call) {
      const by = call.option('by');
      const asked = { buckets: readCount(call, 'buckets'), ...(by === undefined ? {} : { by }) };
      await show<HistogramRequest, HistogramAnswer>(call, 'histogram', call.arguments[0], asked, printHistogram);
    },
  },
  {
    name: 'fields',
    arguments: ['[QUERY]'],
    doc: 'Lists the fields that the newest logs which match have, the most frequent first.',
    options: {
      ...SELECTION_OPTIONS,
      sample: { form: 'N', default: '10000', doc: 'Looks at so many logs.' },
      ...JSON_OPTION,
    },
    async run(call) {
      const asked = { sample: readCount(call, 'sample') };
      await show<FieldsRequest, FieldsAnswer>(call, 'fields', call.arguments[0], asked, printFields);
    },
  },
  {
    name: 'top',
    arguments: ['FIELD', '[QUERY]'],
    doc: 'Lists the most frequent values of a field.',
    options: {
      ...SELECTION_OPTIONS,
      limit: { form: 'N', default: '10', doc: 'So many values.' },
      ...JSON_OPTION,
    },
    async run(call) {
      const [field = '', query] = call.arguments;
      const asked = { fields: [field], top: readCount(call, 'limit') };
      await show<FacetsRequest, FacetsAnswer>(call, 'facets', query, asked, printTop);
    },
  },
];

async function show<Request extends object, Answer extends { readonly meta: QueryMeta }>(
  call: Call,
  path: string,
  query: string | undefined,
  asked: Omit<Request, 'query' | 'from' | 'to'>,
  print: (answer: Answer) => string,
): Promise<void> {
  const { client, machine, isSet } = call;
  const request = { ...readSelection(call, query), ...asked };
  const answer = await withProgress(
    machine,
    () => 'counting',
    () => client.answer<Answer>('POST', logstorePath(call, path), request),
  );
  await machine.write(isSet('json') ? `${escapeForTerminal(JSON.stringify(answer))}\n` : print(answer));
  if (answer.meta.progress === 'Incomplete') {
    throw new Failure('refused', 'the answer is incomplete: the time was used up; narrow the range');
  }
}

function printHistogram({ buckets, series }: HistogramAnswer): string {
  const most = Math.max(1, ...buckets.map(({ count }) => count));
  const headings = ['FROM (UTC)', 'LOGS', ...(series ?? []).map(({ value }) => value ?? 'others'), ''];
  const rows = buckets.map(({ from, count }, i) => {
    const parts = (series ?? []).map(({ counts }) => String(counts[i] ?? 0));
    return [formatTime(from), String(count), ...parts, '█'.repeat(Math.round((count / most) * BAR_LENGTH))];
  });
  return printTable(headings, rows);
}

function printFields({ fields }: FieldsAnswer): string {
  const rows = fields.map(({ name, share, type, example }) => [name, formatShare(share), type, example]);
  return printTable(['FIELD', 'OF LOGS', 'TYPE', 'EXAMPLE'], rows);
}

function printTop({ facets: [facet] }: FacetsAnswer): string {
  const { values = [], logs = 0 } = facet ?? {};
  const rows = values.map(({ value, count }) => [String(count), formatShare(count / Math.max(1, logs)), value]);
  return printTable(['LOGS', 'SHARE', 'VALUE'], rows);
}

function formatShare(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
