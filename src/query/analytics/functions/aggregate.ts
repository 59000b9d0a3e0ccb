/** Aggregate functions. Over no rows all but the counts are NULL; NULLs are left out. */
import type { Apply, FunctionRow } from './row.js';

/** A percentile is exact to a share of 1 in so many. Up to 50,000 values it is exact altogether. */
const PERCENTILE_ACCURACY = 1000;

export const AGGREGATES: readonly FunctionRow[] = [
  {
    form: 'count(): bigint',
    doc: 'Rows: `count(*)`',
    example: ['count(*)', '4'],
    kind: 'aggregate',
    sql: (apply) => `toInt64(${apply('count', [])})`,
  },
  {
    form: 'count(T): bigint',
    doc: 'Rows in which it is not NULL; `count(DISTINCT x)` counts different values, exactly',
    example: ['count(y)', '3'],
    kind: 'aggregate',
    sql: (apply, x) => `toInt64(${apply('count', [x])})`,
  },
  {
    form: 'count_if(boolean): bigint',
    doc: 'Rows that meet a condition',
    example: ["count_if(y = 'a')", '2'],
    kind: 'aggregate',
    sql: (apply, condition) => `toInt64(${apply('count', [`nullIf(${condition}, false)`])})`,
  },
  {
    form: 'sum(bigint): bigint',
    doc: 'The sum',
    example: ['sum(x)', '10'],
    kind: 'aggregate',
    sql: (apply, x) => apply('sumOrNull', [x]),
  },
  {
    form: 'sum(double): double',
    doc: 'The sum',
    example: ['sum(x * 1.5)', '15.0'],
    kind: 'aggregate',
    sql: (apply, x) => apply('sumOrNull', [x]),
  },
  {
    form: 'avg(double): double',
    doc: 'The mean',
    example: ['avg(x)', '2.5'],
    kind: 'aggregate',
    sql: (apply, x) => apply('avgOrNull', [x]),
  },
  {
    form: 'geometric_mean(double): double',
    doc: 'The geometric mean',
    example: ['round(geometric_mean(x), 3)', '2.213'],
    kind: 'aggregate',
    sql: (apply, x) => `exp(${apply('avgOrNull', [`log(${x})`])})`,
  },
  {
    form: 'min(T): T',
    doc: 'The smallest; text is compared letter by letter',
    example: ['min(x)', '1'],
    kind: 'aggregate',
    sql: (apply, x) => apply('minOrNull', [x]),
  },
  {
    form: 'max(T): T',
    doc: 'The largest',
    example: ['max(y)', 'b'],
    kind: 'aggregate',
    sql: (apply, x) => apply('maxOrNull', [x]),
  },
  {
    form: 'min_by(T, U): T',
    doc: 'The first where the second is smallest',
    example: ['min_by(y, x)', 'a'],
    kind: 'aggregate',
    sql: (apply, x, by) => apply('argMinOrNull', [x, by]),
  },
  {
    form: 'max_by(T, U): T',
    doc: 'The first where the second is largest',
    example: ['max_by(x, y)', '2'],
    kind: 'aggregate',
    sql: (apply, x, by) => apply('argMaxOrNull', [x, by]),
  },
  {
    form: 'arbitrary(T): T',
    doc: 'Any one that is not NULL',
    example: ["arbitrary(y) in ('a', 'b')", 'true'],
    kind: 'aggregate',
    sql: (apply, x) => apply('anyOrNull', [x]),
  },
  {
    form: 'approx_distinct(T): bigint',
    doc: 'How many different values, to about 1 %, in little memory',
    example: ['approx_distinct(y)', '2'],
    kind: 'aggregate',
    // Of what can be NULL the engine gives NULL for nothing.
    sql: (apply, x) => `toInt64(ifNull(${apply('uniqCombined64', [x])}, 0))`,
  },
  {
    form: 'approx_percentile(bigint, constant double 0..1): bigint',
    doc: 'The value below which this share of the values lies: one that occurs, a thousandth of all values off at most',
    example: ['approx_percentile(x, 0.5)', '2'],
    kind: 'aggregate',
    sql: percentile,
  },
  {
    form: 'approx_percentile(double, constant double 0..1): double',
    doc: 'The same of fractions',
    example: ['approx_percentile(x * 1.5, 0.95)', '6.0'],
    kind: 'aggregate',
    sql: percentile,
  },
  {
    form: 'approx_percentile(bigint, constant array(double) 0..1): array(bigint)',
    doc: 'Several at once',
    example: ['approx_percentile(x, array[0.25, 0.95])', '[1,4]'],
    kind: 'aggregate',
    sql: percentiles,
  },
  {
    form: 'approx_percentile(double, constant array(double) 0..1): array(double)',
    doc: 'Several at once, of fractions',
    example: ['approx_percentile(x * 1.5, array[0.25, 0.95])', '[1.5,6.0]'],
    kind: 'aggregate',
    sql: percentiles,
  },
  {
    form: 'stddev(double): double',
    doc: 'The standard deviation of a sample; also `stddev_samp`',
    example: ['round(stddev(x), 4)', '1.291'],
    kind: 'aggregate',
    sql: (apply, x) => apply('stddevSampOrNull', [x]),
  },
  {
    form: 'stddev_samp(double): double',
    doc: 'The same',
    example: ['round(stddev_samp(x), 4)', '1.291'],
    kind: 'aggregate',
    sql: (apply, x) => apply('stddevSampOrNull', [x]),
  },
  {
    form: 'stddev_pop(double): double',
    doc: 'The standard deviation of the whole',
    example: ['round(stddev_pop(x), 4)', '1.118'],
    kind: 'aggregate',
    sql: (apply, x) => apply('stddevPopOrNull', [x]),
  },
  {
    form: 'variance(double): double',
    doc: 'The variance of a sample; also `var_samp`',
    example: ['round(variance(x), 4)', '1.6667'],
    kind: 'aggregate',
    sql: (apply, x) => apply('varSampOrNull', [x]),
  },
  {
    form: 'var_samp(double): double',
    doc: 'The same',
    example: ['round(var_samp(x), 4)', '1.6667'],
    kind: 'aggregate',
    sql: (apply, x) => apply('varSampOrNull', [x]),
  },
  {
    form: 'var_pop(double): double',
    doc: 'The variance of the whole',
    example: ['var_pop(x)', '1.25'],
    kind: 'aggregate',
    sql: (apply, x) => apply('varPopOrNull', [x]),
  },
  {
    form: 'corr(double, double): double',
    doc: 'The correlation of two columns',
    example: ['round(corr(x, x * 2), 3)', '1.0'],
    kind: 'aggregate',
    sql: (apply, x, y) => apply('corrOrNull', [x, y]),
  },
  {
    form: 'histogram(T): map(T, bigint)',
    doc: 'How often each value occurs',
    example: ['histogram(y)', '{"a":2,"b":1}'],
    kind: 'aggregate',
    sql: (apply, x) => {
      const entry = `if(isNull(${x}), map(), map(assumeNotNull(${x}), toInt64(1)))`;
      return apply('sumMap', [entry]);
    },
  },
  {
    form: 'numeric_histogram(constant bigint 1..250, double): map(double, double)',
    doc: 'At most so many groups of near values: their middle, and how many there are',
    example: ['numeric_histogram(2, x)', '{"1.75":2.0,"3.25":2.0}'],
    kind: 'aggregate',
    sql: (apply, buckets, x) => {
      const middle = 'arrayMap(b -> (tupleElement(b, 1) + tupleElement(b, 2)) / 2, h)';
      const count = 'arrayMap(b -> tupleElement(b, 3), h)';
      const bins = apply('histogram', [x], [buckets]);
      return `arrayElement(arrayMap(h -> mapFromArrays(${middle}, ${count}), [${bins}]), 1)`;
    },
  },
  {
    form: 'array_agg(T): array(T)',
    doc: 'All values that are not NULL; `array_agg(DISTINCT x)` each once',
    example: ['array_agg(x)', '[1,2,3,4]'],
    kind: 'aggregate',
    sql: (apply, x) => apply('groupArray', [x], [1_000_000]),
  },
  {
    form: 'map_agg(T, U): map(T, U)',
    doc: 'A map of the pairs; of a key that comes twice, one value',
    example: ['map_agg(y, x)', '{"a":1,"b":2}'],
    kind: 'aggregate',
    sql: (apply, key, value) => {
      const entry = `if(isNull(${key}), map(), map(assumeNotNull(${key}), ${value}))`;
      return apply('anyMap', [entry]);
    },
  },
  {
    form: 'checksum(T): varchar',
    doc: 'A number that depends on the values and not on their order',
    example: ['checksum(x) = checksum(5 - x)', 'true'],
    kind: 'aggregate',
    sql: (apply, x) => `hex(${apply('sumOrNull', [`cityHash64(${x})`])})`,
  },
  {
    form: 'bitwise_and_agg(bigint): bigint',
    doc: 'The bits that all have',
    example: ['bitwise_and_agg(x + 4)', '0'],
    kind: 'aggregate',
    sql: (apply, x) => apply('groupBitAndOrNull', [x]),
  },
  {
    form: 'bitwise_or_agg(bigint): bigint',
    doc: 'The bits that any has',
    example: ['bitwise_or_agg(x)', '7'],
    kind: 'aggregate',
    sql: (apply, x) => apply('groupBitOrOrNull', [x]),
  },
  {
    form: 'bool_and(boolean): boolean',
    doc: 'Whether it is true in all rows',
    example: ['bool_and(x > 1)', 'false'],
    kind: 'aggregate',
    sql: (apply, x) => apply('minOrNull', [x]),
  },
  {
    form: 'bool_or(boolean): boolean',
    doc: 'Whether it is true in any row',
    example: ['bool_or(x > 3)', 'true'],
    kind: 'aggregate',
    sql: (apply, x) => apply('maxOrNull', [x]),
  },
];

function percentile(apply: Apply, x = '', share = ''): string {
  return apply('quantileGKOrNull', [x], [PERCENTILE_ACCURACY, share]);
}

/** Of no values there are none; the engine says 0. */
function percentiles(apply: Apply, x = '', shares = ''): string {
  return `if(${apply('count', [x])} = 0, [], ${apply('quantilesGK', [x], [PERCENTILE_ACCURACY, shares])})`;
}
