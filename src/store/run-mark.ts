/**
 * Which run of a server this is. Servers do not say when they were started but to the second of a clock; a table in memory
 * does: a restart leaves it empty, and whoever finds it so puts a new mark into it. Where several do, the least counts: what one
 * of them was told first may change once, which costs it a verification.
 */
import type { ClickHouseClient } from '@clickhouse/client';
import { z } from 'zod';

export const RUN_MARKS = 'CREATE TABLE IF NOT EXISTS run_marks (id UUID) ENGINE = Memory';

const READ = 'SELECT toString(min(id)) AS mark, toUInt32(count()) AS marks FROM run_marks';
const ROW = z.tuple([z.object({ mark: z.string(), marks: z.number() })]);

export async function readRunMark(client: ClickHouseClient, abort_signal: AbortSignal): Promise<string> {
  const read = async () => {
    const result = await client.query({ query: READ, format: 'JSONEachRow', abort_signal });
    return ROW.parse(await result.json())[0];
  };
  const { mark, marks } = await read();
  if (marks > 0) return mark;
  const query = 'INSERT INTO run_marks SELECT generateUUIDv4()';
  await client.command({ query, clickhouse_settings: { async_insert: 0 }, abort_signal });
  return (await read()).mark;
}
