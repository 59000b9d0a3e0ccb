/** What the hostile searches are asked of. */
import type { SampleLog } from '../../support/query/evaluate.js';

const log = (fields: SampleLog['fields'], labels: Partial<SampleLog> = {}): SampleLog => ({
  topic: '',
  source: '',
  tags: [],
  fields,
  ...labels,
});

export const hostileLogs: readonly SampleLog[] = [
  log(
    [
      ['a', '1'],
      ['msg', 'hello world'],
      ['path', '/x'],
    ],
    { topic: 'web', source: '10.0.0.7', tags: [['app', 'shop']] },
  ),
  log([
    ['q', "' OR 1=1 --"],
    ['n', 'nan'],
    ['big', '9'.repeat(400)],
    ["k'", 'x'],
  ]),
  log([
    ['msg', `${'a'.repeat(50_000)}!`],
    ['n', '9223372036854775807'],
    ['json', `${'['.repeat(5000)}1${']'.repeat(5000)}`],
  ]),
  log([
    ['bidi', '\u202egnp.exe'],
    ['z', 'a\0b'],
    ['face', '😀 x'],
    ['wide', 'ｗｅｂ　１'],
    ['n', '-inf'],
  ]),
];

/** Lie beside them in the same table, in another logstore. Whatever is asked, they are not found. */
export const secretLogs: readonly SampleLog[] = Array.from({ length: 5 }, () =>
  log(
    [
      ['a', '1'],
      ['msg', 'hello canary'],
      ['q', "' OR 1=1 --"],
    ],
    { topic: 'web', source: '10.0.0.7' },
  ),
);
