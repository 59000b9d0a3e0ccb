/** The log whose details are open: one of the rows, or one that a link names and the service knows. */
import { useQuery } from '@tanstack/react-query';
import { type Row, rowOf } from '../rows/row.js';
import { askLog } from '../server/ask.js';
import type { Asked } from './use-asked.js';

export function useOpenLog(
  { project, logstore }: Asked,
  rows: readonly Row[],
  id: string | null,
): { readonly row: Row | undefined; readonly error: Error | null } {
  const listed = id === null ? undefined : rows.find((row) => row.id === id);
  const fetched = useQuery({
    queryKey: ['log', project, logstore, id],
    enabled: id !== null && listed === undefined,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => askLog({ project, logstore, signal }, id ?? ''),
  });
  const row = listed ?? (id !== null && fetched.data !== undefined ? rowOf(fetched.data.log) : undefined);
  return { row, error: row === undefined ? fetched.error : null };
}
