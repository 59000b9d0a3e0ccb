/** Functions of time. Where one is expected, a number means Unix seconds, so that `__time__` can stand there. */
import { readTimeZone } from '../../../model/time-zone.js';
import { INTERVAL_UNITS } from '../ast.js';
import { secondsSql } from '../cast.js';
import { engineFormat, formatSql } from './date-format.js';
import type { FunctionRow, WrittenCall } from './row.js';

const UNITS = ['millisecond', ...INTERVAL_UNITS.slice(0, 6), 'quarter', 'year'] as const;

/** The argument at this place, one of the units, as the engine calls it. */
function unitOf({ args, refuse }: WrittenCall, place: number): string {
  const given = String(args[place]?.constant).toLowerCase();
  const unit = UNITS.find((name) => name === given);
  if (unit === undefined) throw refuse(place, `'${given}' is not a valid unit of time: ${UNITS.join(', ')}`);
  return unit;
}

function argument({ args }: WrittenCall, place: number): string {
  const sql = args[place]?.sql;
  if (sql === undefined) throw new Error('the arguments are as many as the form has');
  return sql;
}

export function dateFormat(call: WrittenCall, time: string, place: number): string {
  const format = String(call.args[place]?.constant);
  const sql = formatSql(time, format, call.translation.bind);
  if (sql === null) throw call.refuse(place, `Date format not supported: ${format}`);
  return sql;
}

function dateTrunc(call: WrittenCall): string {
  const unit = unitOf(call, 0);
  const time = argument(call, 1);
  if (unit === 'millisecond') return time;
  const truncated = `dateTrunc('${unit}', ${time}, ${call.translation.zone})`;
  return `toDateTime64(${truncated}, 3, ${call.translation.zone})`;
}

function dateAdd(call: WrittenCall): string {
  const unit = unitOf(call, 0);
  return `add${unit.charAt(0).toUpperCase()}${unit.slice(1)}s(${argument(call, 2)}, ${argument(call, 1)})`;
}

/** Whole units between two times, as Presto counts them. */
function dateDiff(call: WrittenCall): string {
  return `age('${unitOf(call, 0)}', ${argument(call, 1)}, ${argument(call, 2)})`;
}

function dateParse(call: WrittenCall): string {
  const { args, refuse, translation } = call;
  const format = engineFormat(String(args[1]?.constant));
  if (format === null) throw refuse(1, `Date format not supported: ${args[1]?.constant}`);
  const parsed = `parseDateTimeOrNull(${argument(call, 0)}, ${translation.bind(format)}, ${translation.zone})`;
  return `toDateTime64(${parsed}, 3, ${translation.zone})`;
}

export const TIMES: readonly FunctionRow[] = [
  {
    form: 'from_unixtime(double): timestamp',
    doc: 'Unix seconds as a time',
    example: ['from_unixtime(1610420640)', '2021-01-12 03:04:00.000'],
    kind: 'written',
    sql: (call) => secondsSql(argument(call, 0), call.translation.zone),
  },
  {
    form: 'from_unixtime(double, constant varchar): timestamp with time zone',
    doc: 'Unix seconds as a time in a zone',
    example: ["from_unixtime(1610420640, 'Asia/Shanghai')", '2021-01-12 11:04:00.000 Asia/Shanghai'],
    kind: 'written',
    sql: (call) => secondsSql(argument(call, 0), zoneOf(call, 1)),
  },
  {
    form: 'to_unixtime(timestamp): double',
    doc: 'A time as Unix seconds',
    example: ["to_unixtime(timestamp '2021-01-12 03:04:00.500')", '1610420640.5'],
    kind: 'scalar',
    sql: (time) => `(toUnixTimestamp64Milli(${time}) / 1000)`,
  },
  {
    form: 'date_trunc(constant varchar, timestamp): timestamp',
    doc: 'The beginning of the second, minute, hour, day, week, month, quarter or year',
    example: ["date_trunc('hour', 1610420640)", '2021-01-12 03:00:00.000'],
    kind: 'written',
    sql: dateTrunc,
  },
  {
    form: 'date_format(timestamp, constant varchar): varchar',
    doc: 'A time as text',
    example: ["date_format(1610420640, '%Y-%m-%d %H:%i:%s')", '2021-01-12 03:04:00'],
    kind: 'written',
    sql: (call) => dateFormat(call, argument(call, 0), 1),
  },
  {
    form: 'date_parse(varchar, constant varchar): timestamp',
    doc: 'Text as a time',
    example: ["date_parse('2021-01-12 03:04', '%Y-%m-%d %H:%i')", '2021-01-12 03:04:00.000'],
    kind: 'written',
    sql: dateParse,
  },
  {
    form: 'date_add(constant varchar, bigint, timestamp): timestamp',
    doc: 'A time so many units later',
    example: ["date_add('day', -1, timestamp '2021-01-12 03:04:00')", '2021-01-11 03:04:00.000'],
    kind: 'written',
    sql: dateAdd,
  },
  {
    form: 'date_diff(constant varchar, timestamp, timestamp): bigint',
    doc: 'Whole units from the one to the other',
    example: ["date_diff('hour', timestamp '2021-01-12 00:00:00', timestamp '2021-01-13 01:30:00')", '25'],
    kind: 'written',
    sql: dateDiff,
  },
  {
    form: 'now(): timestamp',
    doc: 'This moment; also `current_timestamp` and `localtimestamp`, without brackets',
    example: ["now() > timestamp '2021-01-12 00:00:00'", 'true'],
    kind: 'written',
    sql: ({ translation }) => `now64(3, ${translation.zone})`,
  },
  {
    form: 'current_timestamp(): timestamp',
    doc: 'The same',
    example: ["current_timestamp > timestamp '2021-01-12 00:00:00'", 'true'],
    kind: 'written',
    sql: ({ translation }) => `now64(3, ${translation.zone})`,
  },
  {
    form: 'localtimestamp(): timestamp',
    doc: 'The same',
    example: ["localtimestamp > timestamp '2021-01-12 00:00:00'", 'true'],
    kind: 'written',
    sql: ({ translation }) => `now64(3, ${translation.zone})`,
  },
  {
    form: 'current_date(): date',
    doc: 'Today',
    example: ["current_date > date '2021-01-12'", 'true'],
    kind: 'written',
    sql: ({ translation }) => `toDate32(now64(3, ${translation.zone}))`,
  },
  {
    form: 'date(timestamp): date',
    doc: 'The day of a time',
    example: ["date(timestamp '2021-01-12 03:04:00')", '2021-01-12'],
    kind: 'scalar',
    sql: (time) => `toDate32(${time})`,
  },
  {
    form: 'from_iso8601_timestamp(varchar): timestamp',
    doc: 'A time as ISO 8601 has it',
    example: ["from_iso8601_timestamp('2021-01-12T03:04:00Z')", '2021-01-12 03:04:00.000'],
    kind: 'written',
    sql: (call) => `parseDateTime64BestEffortOrNull(${argument(call, 0)}, 3, ${call.translation.zone})`,
  },
  {
    form: 'from_iso8601_date(varchar): date',
    doc: 'A day as ISO 8601 has it',
    example: ["from_iso8601_date('2021-01-12')", '2021-01-12'],
    kind: 'scalar',
    sql: (text) => `toDate32OrNull(${text})`,
  },
  {
    form: 'to_iso8601(timestamp): varchar',
    doc: 'A time in ISO 8601, in UTC',
    example: ["to_iso8601(timestamp '2021-01-12 03:04:00')", '2021-01-12T03:04:00.000Z'],
    kind: 'scalar',
    sql: (time) => `concat(replaceOne(toString(toTimeZone(${time}, 'UTC')), ' ', 'T'), 'Z')`,
  },
  {
    form: 'at_timezone(timestamp, constant varchar): timestamp with time zone',
    doc: "The same moment in another zone; also `x AT TIME ZONE 'zone'`",
    example: ["at_timezone(from_unixtime(0), 'Asia/Shanghai')", '1970-01-01 08:00:00.000 Asia/Shanghai'],
    kind: 'written',
    sql: (call) => `toTimeZone(${argument(call, 0)}, ${zoneOf(call, 1)})`,
  },
  ...(
    [
      ['year', 'toYear', '2021'],
      ['quarter', 'toQuarter', '1'],
      ['month', 'toMonth', '1'],
      ['week', 'toISOWeek', '2'],
      ['day', 'toDayOfMonth', '12'],
      ['day_of_week', 'toDayOfWeek', '2'],
      ['day_of_year', 'toDayOfYear', '12'],
      ['hour', 'toHour', '3'],
      ['minute', 'toMinute', '4'],
      ['second', 'toSecond', '5'],
    ] as const
  ).map(
    ([name, engine, result]): FunctionRow => ({
      form: `${name}(timestamp): bigint`,
      doc: `Its ${name.replaceAll('_', ' ')} as a number; also \`extract(${name} FROM x)\``,
      example: [`${name}(timestamp '2021-01-12 03:04:05')`, result],
      kind: 'scalar',
      sql: (time) => `toInt64(${engine}(${time}))`,
    }),
  ),
];

/** A zone that there is: the engine fails for any other. */
function zoneOf({ args, refuse, translation }: WrittenCall, place: number): string {
  const given = String(args[place]?.constant);
  const zone = readTimeZone(given);
  if (zone === null) throw refuse(place, `Time zone not supported: ${given}`);
  return translation.bind(zone);
}
