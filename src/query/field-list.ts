/** The fields that logs of a search have, from the newest of them. */
import type { LogTable } from '../store/log-table.js';
import { writeStatement } from '../store/parameters.js';
import type { Statement } from '../store/store.js';
import type { Inquiry } from './inquiry.js';
import { inOrder } from './search.js';
import { isSelected, type Selection } from './selection.js';

/** What all values of a field look like that are not empty. */
export type FieldType = 'long' | 'double' | 'json' | 'text';

export interface ListedField {
  /** As the wire has it: `__topic__`, `__source__`, `__tag__:name`, or the field's own. */
  readonly name: string;
  readonly logs: number;
  /** Of the logs that were looked at, 0 to 1. */
  readonly share: number;
  readonly type: FieldType;
  /** A value that is not empty, if there is one, cut to some hundred characters. */
  readonly example: string;
}

export interface FieldList {
  readonly sampledLogs: number;
  /** Whether these are all logs that there are. */
  readonly isWhole: boolean;
  /** The most frequent first. */
  readonly fields: readonly ListedField[];
}

const FIELDS_MAX = 1000;
const EXAMPLE_LENGTH = 200;

/** Numbers come as text. */
interface FieldRow {
  readonly name: string;
  readonly logs: string;
  readonly longs: string;
  readonly doubles: string;
  readonly jsons: string;
  readonly filled: string;
  readonly example: string;
  readonly sampled: string;
}

/** Looks at the newest `sample` logs. Throws what the store throws. */
export async function listFields(inquiry: Inquiry, selection: Selection, sample: number): Promise<FieldList> {
  const { rows } = await inquiry.ask<FieldRow>((table) => selectFields(table, selection, sample));
  const sampledLogs = Number(rows[0]?.sampled ?? 0);
  return {
    sampledLogs,
    isWhole: sampledLogs < sample,
    fields: rows
      .filter(({ logs }) => logs !== '0')
      .map((row) => ({
        name: row.name,
        logs: Number(row.logs),
        share: Number(row.logs) / sampledLogs,
        type: guessType(row),
        example: row.example,
      })),
  };
}

function guessType({ filled, longs, doubles, jsons }: FieldRow): FieldType {
  if (filled === '0') return 'text';
  if (longs === filled) return 'long';
  if (doubles === filled) return 'double';
  return jsons === filled ? 'json' : 'text';
}

/** Every log has topic and source; where they are empty, they are not counted, but the logs are. */
function selectFields(table: LogTable, selection: Selection, sample: number): Statement {
  return writeStatement(
    (bind) => `SELECT name,
  countIf(value != '' OR name NOT IN ('__topic__', '__source__')) AS logs,
  countIf(value != '') AS filled,
  countIf(toInt64OrNull(value) IS NOT NULL) AS longs,
  countIf(toFloat64OrNull(value) IS NOT NULL) AS doubles,
  countIf(match(value, '^\\\\s*[{\\\\[]') AND isValidJSON(value)) AS jsons,
  leftUTF8(anyIf(value, value != ''), ${EXAMPLE_LENGTH}) AS example,
  max(count()) OVER () AS sampled
FROM (
  SELECT ${table.logColumns}
  FROM logs
  WHERE ${isSelected(selection, table, bind)}
  ORDER BY ${inOrder('newestFirst')}
  LIMIT ${bind(sample, 'UInt64')}
)
ARRAY JOIN
  arrayConcat(['__topic__', '__source__'], arrayMap(tag -> concat('__tag__:', tag), tagNames), fieldNames) AS name,
  arrayConcat([topic, source], tagValues, fieldValues) AS value
GROUP BY name
ORDER BY logs DESC, name
LIMIT ${FIELDS_MAX}`,
  );
}
