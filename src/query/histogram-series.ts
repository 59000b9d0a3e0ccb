/** A histogram apart for each of a field's most frequent values. */
import type { LogTable } from '../store/log-table.js';
import { writeStatement } from '../store/parameters.js';
import type { Statement } from '../store/store.js';
import { findFacet } from './facets.js';
import { namedValue } from './field-sql.js';
import { bucketOf, countBuckets } from './histogram.js';
import type { Inquiry } from './inquiry.js';
import { isSelected, type Selection } from './selection.js';

export interface Series {
  /** Null for the logs with any other value and those without the field, together. */
  readonly value: string | null;
  readonly count: number;
  /** Bucket by bucket. */
  readonly counts: readonly number[];
}

/** Numbers come as text. */
interface SeriesRow {
  readonly bucket: string;
  /** From 1; 0 is what remains. */
  readonly place: string;
  readonly count: string;
}

/** The top values, the most frequent first, then the others if there are any. Throws what the store throws. */
export async function findSeries(
  inquiry: Inquiry,
  selection: Selection,
  widthSeconds: number,
  field: string,
  top: number,
): Promise<Series[]> {
  const { values } = await findFacet(inquiry, selection, field, top);
  const names = values.map(({ value }) => value);
  const { rows } = await inquiry.ask<SeriesRow>((table) => selectSeries(table, selection, widthSeconds, field, names));
  const counts = Array.from({ length: names.length + 1 }, () =>
    new Array<number>(countBuckets(selection, widthSeconds)).fill(0),
  );
  for (const { bucket, place, count } of rows) {
    const series = counts[Number(place)];
    if (series !== undefined) series[Number(bucket)] = Number(count);
  }
  const [others = [], ...tops] = counts;
  const series = [...tops.entries()].map(([i, its]) => ({ value: names[i] ?? null, count: sum(its), counts: its }));
  return sum(others) === 0 ? series : [...series, { value: null, count: sum(others), counts: others }];
}

function selectSeries(
  table: LogTable,
  selection: Selection,
  widthSeconds: number,
  field: string,
  names: readonly string[],
): Statement {
  return writeStatement((bind) => {
    const { value, isPresent } = namedValue(field, table, bind);
    return `SELECT ${bucketOf(selection.fromNs, widthSeconds, bind)} AS bucket,
  if(${isPresent}, indexOf(${bind(names, 'Array(String)')}, ${value}), 0) AS place,
  count() AS count
FROM logs
WHERE ${isSelected(selection, table, bind)}
GROUP BY bucket, place
ORDER BY bucket, place`;
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
