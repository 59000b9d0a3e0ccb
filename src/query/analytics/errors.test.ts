// Goal: mistakes are told in the words of SLS, with the place where they are.
import { expect, test } from 'vitest';
import type { IndexConfig } from '../../model/index-config.js';
import { MAP_TABLE } from '../../store/log-table.js';
import { splitQuery } from '../split-query.js';
import { compileAnalytics } from './compile.js';

const INDEX: IndexConfig = { keys: { method: { type: 'text' }, status: { type: 'long' } } };

const refusal = (text: string): string => {
  try {
    compileAnalytics({
      text,
      at: splitQuery(text).analytics?.at ?? 0,
      selection: { logstoreId: 1, index: INDEX, query: { kind: 'all' }, fromNs: 0n, toNs: 1_000_000_000n },
      logstoreName: 'web',
      table: MAP_TABLE,
      timeZone: 'UTC',
    });
  } catch (error) {
    return String(error instanceof Error ? error.message : error);
  }
  return 'nothing';
};

const syntax = (line: number, column: number, text: string) =>
  `ErrorType:SyntaxError.ErrorPosition,line:${line},column:${column}.ErrorMessage:line ${line}:${column}: ${text}`;
const column = (place: string, text: string) =>
  `ErrorType:ColumnNotExists.ErrorPosition,line:0,column:1.ErrorMessage:line ${place}: ${text};please add the column in the index attribute`;

test.each([
  ['* | SELECT x FROM log', column('1:12', "Column 'x' cannot be resolved")],
  ['* | SELECT method, status, count(*) FROM log WHERE x = 1', column('1:52', "Column 'x' cannot be resolved")],
  ['* | SELECT method, count(*) FROM log', column('1:12', "Column 'method' not in GROUP BY clause")],
  ['* | SELECT method FROM log GROUP BY status', column('1:12', "Column 'method' not in GROUP BY clause")],
  ['* | SELECT\n  y', column('2:3', "Column 'y' cannot be resolved")],
  ['"支付" | SELECT y', column('1:15', "Column 'y' cannot be resolved")],
  ['* | SELEC 1', syntax(1, 5, "mismatched input 'SELEC', expecting SELECT")],
  [
    '* | SELECT 1 FROM',
    syntax(1, 18, "mismatched input '<EOF>', expecting log or a sub-query".replace("'<EOF>'", '<EOF>')),
  ],
  ['* | SELECT 1 2', syntax(1, 14, "mismatched input '2', expecting <EOF>")],
  ['* | SELECT foo(1)', syntax(1, 12, "Function 'foo' not registered")],
  [
    '* | SELECT sqrt(array[1])',
    syntax(1, 12, 'Unexpected parameters (array(bigint)) for function sqrt. Expected: sqrt(double)'),
  ],
  ['* | SELECT method + array[1] FROM log', syntax(1, 19, "'+' cannot be applied to varchar, array(bigint)")],
  ['* | SELECT 1 FROM other', syntax(1, 19, 'Table other does not exist')],
  ['* | SELECT count(*) FROM log GROUP BY 2', syntax(1, 39, 'position 2 is not in the select list')],
  ['* | SELECT a.method FROM log a, log b WHERE status = 1', syntax(1, 45, "Column 'status' is ambiguous")],
])('%j', (text, expected) => {
  expect(refusal(text)).toBe(expected);
});
