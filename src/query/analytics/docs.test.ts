// Goal: docs/analytics.md shows what its queries give and what functions there are. `npx vitest run src/query/analytics/docs -u`
// prints both anew.
import * as fs from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { analyse } from '../../../test/support/query/analytics.js';
import { type Engine, startEngine } from '../../../test/support/query/engine.js';
import type { FunctionRow } from './functions/row.js';
import { GROUPS } from './functions/table.js';

const file = new URL('../../../docs/analytics.md', import.meta.url);
const page = fs.readFileSync(file, 'utf8');

const FROM = Date.UTC(2024, 4, 1) / 1000;
const DAYS_2 = 2 * 86_400;
const QUESTION = /(```sql\n([\s\S]*?)\n```\n)(?:\n(?:\|.*\n)+)?/g;
const FUNCTIONS = '<!-- functions -->';

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
  const [names = [], ...rows] = cellsUnder('## The logs');
  await engine.insert(
    rows.map(([time = '', ...values], seq) => ({
      logstore: 1,
      seq,
      timeMs: Date.parse(`${time.replace(' ', 'T')}Z`),
      fields: values.flatMap((value, i) => (value === '' ? [] : [[names[i + 1] ?? '', value] as const])),
    })),
  );
});
afterAll(() => engine.close());

/** The first table behind a heading, without its line of dashes. */
function cellsUnder(heading: string): string[][] {
  const [, table = ''] = /\n\n((?:\|.*\n)+)/.exec(page.slice(page.indexOf(heading))) ?? [];
  const lines = table.trim().split('\n');
  return lines
    .filter((_, i) => i !== 1)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

function printTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...others] = rows;
  const lines = [head, head.map(() => '---'), ...others].map((cells) => `| ${cells.join(' | ')} |\n`);
  return lines.join('').replace(/^\|( --- \|)+$/m, (line) => line.replaceAll(' ', ''));
}

function code(text: string): string {
  const fence = text.includes('`') ? '``' : '`';
  return `${fence}${text.replaceAll('|', '\\|')}${fence}`;
}

function functionLine({ form, doc, example: [expression, result] }: FunctionRow): string[] {
  return [code(form), doc.replaceAll('|', '\\|'), code(expression), result === '' ? '' : code(result)];
}

test('every question has the answer that stands under it, and every function its line', async () => {
  const questions = [...page.matchAll(QUESTION)];
  expect(questions.length).toBeGreaterThanOrEqual(20);
  let printed = page;
  for (const [whole, block = '', query = ''] of questions) {
    const { names, rows } = await analyse(engine, query, { logstore: 1, from: FROM, to: FROM + DAYS_2 });
    expect(rows.length, query).toBeGreaterThan(0);
    printed = printed.replace(whole, () => `${block}\n${printTable([names, ...rows])}`);
  }
  const functions = GROUPS.map(({ title, rows }) => {
    return `### ${title}\n\n${printTable([['function', 'gives', 'example', 'is'], ...rows.map(functionLine)])}`;
  });
  printed = `${printed.slice(0, printed.indexOf(FUNCTIONS))}${FUNCTIONS}\n\n${functions.join('\n')}`;
  await expect(printed).toMatchFileSnapshot(file.pathname);
});
